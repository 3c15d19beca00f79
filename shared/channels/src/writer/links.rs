//! Takes links out of a text that it must not have: a model that invents one may send a customer anywhere.
//!
//! A link is what mail programs make one of: an address with a scheme, `www.`, a host name, an email address.

use std::collections::BTreeSet;

/// Links that may be written, however their scheme and their letters are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(BTreeSet<String>);

impl Known {
    /// The links in what the sender wrote.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let runs = texts.into_iter().flat_map(pieces).filter(|piece| piece.of_link_characters);
        let links = runs.map(|run| split_marks(run.text).1).filter(|link| is_link(link));
        Self(links.map(normal).collect())
    }

    fn has(&self, link: &str) -> bool {
        self.0.contains(&normal(link))
    }
}

/// The text without the links that are not known. The words around them stay, as does the mark that ends the sentence.
pub(crate) fn without_unknown(text: &str, known: &Known) -> String {
    let mut kept = String::with_capacity(text.len());
    for piece in pieces(text) {
        let (_, link, after) = split_marks(piece.text);
        if !piece.of_link_characters || !is_link(link) || known.has(link) {
            kept.push_str(piece.text);
            continue;
        }
        kept.truncate(kept.trim_end().len());
        kept.push_str(after);
    }
    if kept == text { kept } else { without_empty_brackets(&kept).trim().to_owned() }
}

fn without_empty_brackets(text: &str) -> String {
    ["()", "[]", "<>", "（）"].iter().fold(text.to_owned(), |text, pair| {
        let spaced = format!(" {pair}");
        text.replace(&spaced, "").replace(pair, "")
    })
}

/// A stretch of a text.
#[derive(Clone, Copy, Debug)]
struct Piece<'a> {
    text: &'a str,
    of_link_characters: bool,
}

/// Cuts a text where characters that a link can have begin and end.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let of_link_characters = may_be_in_link(rest.chars().next()?);
        let end = rest.find(|c| may_be_in_link(c) != of_link_characters).unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Piece { text, of_link_characters })
    })
}

/// Chinese, Japanese and Korean put no blank between a link and the words around it, so their characters end one.
fn may_be_in_link(c: char) -> bool {
    const CHINESE_JAPANESE_KOREAN: char = '\u{2e80}';
    let stops = matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '\\' | '^' | '`');
    (c.is_ascii_graphic() && !stops) || (c.is_alphanumeric() && !c.is_ascii() && c < CHINESE_JAPANESE_KOREAN)
}

/// A run of link characters without the marks of the sentence before and after it.
fn split_marks(run: &str) -> (&str, &str, &str) {
    const MARKS: [char; 8] = ['.', ',', ';', ':', '!', '?', '\'', '*'];
    let (before, rest) = run.split_at(run.len() - run.trim_start_matches(MARKS).len());
    let (link, after) = rest.split_at(rest.trim_end_matches(MARKS).len());
    (before, link, after)
}

fn is_link(text: &str) -> bool {
    let starts = |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let mut parts = text.split(|c: char| !may_be_in_host(c)).map(|part| part.trim_matches('.'));
    text.contains("://") || ["www.", "mailto:", "tel:"].into_iter().any(starts) || parts.any(is_host)
}

fn may_be_in_host(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '.')
}

/// Whether a mail program would take this for a host name. `a.m`, `3.5` and `soon.Please` are none.
fn is_host(text: &str) -> bool {
    let Some((before, last)) = text.rsplit_once('.') else {
        return false;
    };
    let one_case = |is: fn(&char) -> bool| last.chars().all(|c| is(&c));
    let top_level = last.len() >= 2 && (one_case(char::is_ascii_lowercase) || one_case(char::is_ascii_uppercase));
    top_level && before.split('.').all(|label| !label.is_empty())
}

fn normal(link: &str) -> String {
    let link = link.to_lowercase();
    let address = ["https://", "http://", "mailto:"].iter().find_map(|scheme| link.strip_prefix(scheme));
    let address = address.unwrap_or(&link);
    address.strip_prefix("www.").unwrap_or(address).trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const INSTRUCTION: &str = "Send them to https://acme.example/Pay?id=7, or write to help@acme.example.";

    #[test]
    fn the_senders_own_links_stay_as_they_are_written() {
        let known = Known::of([INSTRUCTION, "Booking.com"]);
        for text in [
            "Pay at https://acme.example/Pay?id=7.",
            "Pay (http://www.acme.example/pay?id=7/).",
            "在https://acme.example/Pay?id=7付款。",
            "Write to help@acme.example, or visit booking.com!",
        ] {
            assert_eq!(without_unknown(text, &known), text);
        }
    }

    #[test]
    fn invented_links_go_and_the_words_around_them_stay() {
        let known = Known::of([INSTRUCTION]);
        for (text, without) in [
            ("Pay at https://acme.example/Pay?id=8 today.", "Pay at today."),
            ("Pay (at www.evil.example/x) now.", "Pay (at) now."),
            ("Pay now (https://evil.example), please.", "Pay now, please."),
            ("Visit evil.example/pay.", "Visit."),
            ("Write to help@evil.example!", "Write to!"),
            ("请访问https://evil.example/x。", "请访问。"),
            ("زوروا https://evil.example، رجاءً.", "زوروا، رجاءً."),
            ("See https://acme.example/Pay?id=7@evil.example now.", "See now."),
            ("See bücher.de.", "See."),
            ("See me:you@evil.example, or shop:evil.example.", "See, or."),
        ] {
            assert_eq!(without_unknown(text, &known), without, "{text}");
        }
    }

    #[test]
    fn numbers_times_and_abbreviations_are_no_links() {
        let text = "At 9.30 a.m., e.g. on 5.10.2026, z.B. for 3.50 and/or soon.Please call +1 416 555 1234 ( ) :: U.S.";
        assert_eq!(without_unknown(text, &Known::default()), text);
    }

    proptest! {
        #[test]
        fn no_unknown_link_is_left(text in "(https?://|www\\.|acme|evil|\\.example|\\.com|/x|[ .,:()'@é付।\n]){0,14}") {
            let known = Known::of(["https://acme.example"]);
            let without = without_unknown(&text, &known);
            let left: Vec<_> = Known::of([without.as_str()]).0.into_iter().collect();
            prop_assert!(left.iter().all(|link| link == "acme.example"), "{:?} of {:?}", left, without);
        }

        #[test]
        fn text_without_dots_and_colons_stays(text in "[^.:]{0,40}") {
            prop_assert_eq!(without_unknown(&text, &Known::default()), text);
        }
    }
}
