//! How a carrier speaks each language of the hub, and how it listens to it.

use crate::channel::Language;

/// A language as Twilio speaks and hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The language of what is said.
    pub language: &'static str,
    /// The voice that says it.
    pub voice: &'static str,
    /// The language in which the contact is heard.
    pub hears: &'static str,
}

impl Spoken {
    /// How this language is spoken. Twilio has no Persian voice: one that reads its letters stands in.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        let (language, voice, hears) = match language {
            Language::En => ("en-US", "Polly.Joanna", "en-US"),
            Language::Es => ("es-MX", "Polly.Mia", "es-MX"),
            Language::Fr => ("fr-CA", "Polly.Chantal", "fr-CA"),
            Language::De => ("de-DE", "Polly.Marlene", "de-DE"),
            Language::Pt => ("pt-BR", "Polly.Camila", "pt-BR"),
            Language::Zh => ("cmn-CN", "Polly.Zhiyu", "cmn-Hans-CN"),
            Language::Fa => ("arb", "Polly.Zeina", "fa-IR"),
            Language::Ar => ("arb", "Polly.Zeina", "ar-EG"),
            Language::Hi => ("hi-IN", "Polly.Aditi", "hi-IN"),
            Language::Ja => ("ja-JP", "Polly.Mizuki", "ja-JP"),
            Language::Ko => ("ko-KR", "Polly.Seoyeon", "ko-KR"),
        };
        Self { language, voice, hears }
    }
}
