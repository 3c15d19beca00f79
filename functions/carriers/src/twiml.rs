//! TwiML: what Twilio is told to say and do, as XML in which nothing that is said can become anything else.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A document for Twilio.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Twiml(String);

impl Twiml {
    /// An element with attributes and a text.
    pub(crate) fn text(self, name: &str, attributes: &[(&str, &str)], text: &str) -> Self {
        self.within(name, attributes, |inside| Self(inside.0 + &escaped(text)))
    }

    /// An element with attributes and nothing in it.
    pub(crate) fn empty(mut self, name: &str, attributes: &[(&str, &str)]) -> Self {
        self.open(name, attributes, "/>");
        self
    }

    /// An element with attributes and what `fill` puts into it.
    pub(crate) fn within(mut self, name: &str, attributes: &[(&str, &str)], fill: impl FnOnce(Self) -> Self) -> Self {
        self.open(name, attributes, ">");
        let Self(mut xml) = fill(self);
        xml.push_str(&format!("</{name}>"));
        Self(xml)
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.0.push_str(&format!("<{name}"));
        for (name, value) in attributes {
            self.0.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        }
        self.0.push_str(end);
    }

    /// The whole document.
    pub(crate) fn document(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{}</Response>", self.0)
    }
}

impl IntoResponse for Twiml {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], self.document()).into_response()
    }
}

/// A text in which nothing is markup, and nothing that XML cannot carry is left.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' | '\t' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_said_cannot_become_markup() {
        let said = "</Say><Dial>+1900</Dial> & \"x\" 'y' \u{0}\u{b}";
        let twiml = Twiml::default().text("Say", &[("voice", "a\"><Hangup/>")], said);
        assert_eq!(
            twiml.document(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say voice=\"a&quot;&gt;&lt;Hangup/&gt;\">\
             &lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt; &amp; &quot;x&quot; &apos;y&apos; </Say></Response>"
        );
    }

    #[test]
    fn elements_stand_in_one_another() {
        let twiml = Twiml::default()
            .within("Gather", &[("input", "speech")], |inside| inside.text("Say", &[], "Hello."))
            .empty("Hangup", &[]);
        assert!(twiml.document().contains("<Gather input=\"speech\"><Say>Hello.</Say></Gather><Hangup/>"));
    }

    proptest! {
        #[test]
        fn whatever_is_said_the_document_has_its_own_elements_alone(said in ".{0,80}") {
            let document = Twiml::default().text("Say", &[("a", &said)], &said).document();
            prop_assert_eq!(document.matches('<').count(), 5);
            prop_assert_eq!(document.matches('>').count(), 5);
        }
    }
}
