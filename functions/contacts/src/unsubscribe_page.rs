//! The page that an unsubscribe link leads to, in the language of its email. It works without scripts.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use hub_engagements::{LinkError, Reader};
use hub_models::channel::Language;
use hub_models::placeholders::escape_html;
use hub_models::wording::Unsubscribing;

/// The headers of every page: it loads nothing, stands in no frame, is kept nowhere, and its address, which is a right,
/// is told to nobody.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// After how many seconds a reader, or a mail program, should try again.
const RETRY_AFTER: u32 = 5;

/// What the page says.
pub(crate) enum UnsubscribePage {
    /// Whether the emails are to end, with the button that ends them.
    Question(Reader),
    /// That they are ended.
    Done(Reader),
    /// That they were ended before.
    AlreadyDone(Reader),
    /// That the link of a preview, or of a test, ends nothing.
    Preview,
    /// That the link is wrong or too old.
    Invalid,
    /// That it cannot be done at this moment.
    NotNow,
}

impl UnsubscribePage {
    /// The page where a link could not be followed. The log is told why; the reader can only try again.
    pub(crate) fn not_now(error: &LinkError) -> Self {
        tracing::error!(%error, "a link could not be followed");
        Self::NotNow
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Question(_) | Self::Done(_) | Self::AlreadyDone(_) | Self::Preview => StatusCode::OK,
            Self::Invalid => StatusCode::NOT_FOUND,
            Self::NotNow => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn retry_after(&self) -> Option<[(HeaderName, HeaderValue); 1]> {
        matches!(self, Self::NotNow).then(|| [(header::RETRY_AFTER, RETRY_AFTER.into())])
    }

    /// The email's; where none is known, English.
    fn language(&self) -> Language {
        match self {
            Self::Question(reader) | Self::Done(reader) | Self::AlreadyDone(reader) => reader.language,
            Self::Preview | Self::Invalid | Self::NotNow => Language::En,
        }
    }

    fn title(&self, words: &Unsubscribing) -> &'static str {
        match self {
            Self::Question(_) | Self::Preview => words.title,
            Self::Done(_) | Self::AlreadyDone(_) => words.done_title,
            Self::Invalid => words.invalid_title,
            Self::NotNow => words.not_now_title,
        }
    }

    fn message(&self, words: &Unsubscribing) -> String {
        match self {
            Self::Question(reader) => words.question(&isolated(&reader.organization_name), &isolated(&reader.address)),
            Self::Done(reader) => words.done(&isolated(&reader.organization_name)),
            Self::AlreadyDone(reader) => words.already_done(&isolated(&reader.organization_name)),
            Self::Preview => words.preview.to_owned(),
            Self::Invalid => words.invalid.to_owned(),
            Self::NotNow => words.not_now.to_owned(),
        }
    }

    /// It leads to the same address, so it needs none.
    fn form(&self, words: &Unsubscribing) -> String {
        let Self::Question(_) = self else { return String::new() };
        format!("<form method=\"post\"><button>{}</button></form>\n", escape_html(words.button))
    }

    fn document(&self) -> String {
        let language = self.language();
        let words = Unsubscribing::of(language);
        format!(
            include_str!("unsubscribe_page.html"),
            lang = language,
            dir = language.direction(),
            style = include_str!("unsubscribe_page.css"),
            title = escape_html(self.title(words)),
            message = escape_html(&self.message(words)),
            form = self.form(words),
        )
    }
}

impl IntoResponse for UnsubscribePage {
    fn into_response(self) -> Response {
        (self.status(), HEADERS, self.retry_after(), Html(self.document())).into_response()
    }
}

/// A name between the marks that keep its direction from the sentence around it (Unicode's FSI and PDI).
fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(organization_name: &str, language: Language) -> Reader {
        let organization_name = organization_name.to_owned();
        Reader { organization_name, address: "a•••@example.com".to_owned(), language, unsubscribed: false }
    }

    #[test]
    fn only_the_question_has_a_button() {
        let reader = || reader("Acme", Language::En);
        let buttons = |page: UnsubscribePage| page.document().matches("<button>").count();
        assert_eq!(buttons(UnsubscribePage::Question(reader())), 1);
        for page in [
            UnsubscribePage::Done(reader()),
            UnsubscribePage::AlreadyDone(reader()),
            UnsubscribePage::Preview,
            UnsubscribePage::Invalid,
            UnsubscribePage::NotNow,
        ] {
            assert_eq!(buttons(page), 0);
        }
    }

    #[test]
    fn every_language_is_written_the_way_it_is_read() {
        for language in Language::ALL {
            let document = UnsubscribePage::Question(reader("Acme", *language)).document();
            let html = format!("<html lang=\"{language}\" dir=\"{}\">", language.direction());
            assert!(document.contains(&html), "{document}");
            let words = Unsubscribing::of(*language);
            for said in [words.title, words.button].map(escape_html) {
                assert!(document.contains(&said), "{document}");
            }
        }
    }

    #[test]
    fn an_organization_is_shown_by_its_name_whatever_that_is() {
        let name = "<b>{title}</b> & \"{{x}}\"";
        for page in [UnsubscribePage::Question, UnsubscribePage::Done, UnsubscribePage::AlreadyDone] {
            let document = page(reader(name, Language::En)).document();
            assert!(document.contains(&escape_html(name)) && !document.contains("<b>"), "{document}");
        }
    }
}
