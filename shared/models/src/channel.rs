//! The channels an engagement can take and the kinds of engagement there are (checklist D1).

use serde::{Deserialize, Serialize};

/// Declares an enum whose values have one wire word each: in JSON, in the table and in messages.
macro_rules! wire_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in JSON, in the table and in messages.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::channel::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    let known = Self::ALL.iter().map(|value| value.as_str()).collect::<Vec<_>>().join(", ");
                    $crate::channel::UnknownWord { given: $crate::text::excerpt(text), known }
                })
            }
        }
    };
}
pub(crate) use wire_words;

/// A word that is none of those that are known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{given}\" is not known; use one of: {known}.")]
pub struct UnknownWord {
    /// What was given.
    pub given: String,
    /// What would be taken.
    pub known: String,
}

wire_words! {
    /// The way in which a contact is reached.
    Channel {
        /// An outbound voice call.
        Phone = "phone",
        /// A text message.
        Sms = "sms",
        /// A WhatsApp message.
        Wmsg = "wmsg",
        /// A WhatsApp voice call.
        Wvoice = "wvoice",
        /// A one-shot email.
        Email = "email",
    }
}

impl Channel {
    /// Whether the contact is spoken to.
    #[must_use]
    pub const fn is_voice(self) -> bool {
        matches!(self, Self::Phone | Self::Wvoice)
    }

    /// Whether an engagement of this type can go over this channel: email only informs.
    #[must_use]
    pub const fn carries(self, engagement_type: EngagementType) -> bool {
        !matches!(self, Self::Email) || matches!(engagement_type, EngagementType::Informational)
    }
}

wire_words! {
    /// What an engagement is for.
    EngagementType {
        /// A one-way message.
        Informational = "informational",
        /// A two-way conversation, which may connect the contact to the agent.
        Conversational = "conversational",
        /// Confirms an existing booking.
        Confirmational = "confirmational",
        /// Makes a new booking.
        AppointmentBooking = "appointment_booking",
    }
}

wire_words! {
    /// The language that the contact is addressed in.
    Language {
        /// English.
        En = "en",
        /// Spanish.
        Es = "es",
        /// French.
        Fr = "fr",
        /// German.
        De = "de",
        /// Portuguese.
        Pt = "pt",
        /// Chinese.
        Zh = "zh",
        /// Persian.
        Fa = "fa",
        /// Arabic.
        Ar = "ar",
        /// Hindi.
        Hi = "hi",
        /// Japanese.
        Ja = "ja",
        /// Korean.
        Ko = "ko",
    }
}

impl Language {
    /// The language of a locale such as `pt-BR` or `zh_Hans_CN`, where the hub knows it.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        language.parse().ok()
    }

    /// Its English name, for the writer's prompt.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Spanish",
            Self::Fr => "French",
            Self::De => "German",
            Self::Pt => "Portuguese",
            Self::Zh => "Chinese",
            Self::Fa => "Persian",
            Self::Ar => "Arabic",
            Self::Hi => "Hindi",
            Self::Ja => "Japanese",
            Self::Ko => "Korean",
        }
    }

    /// The way in which it is read.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Fa | Self::Ar => Direction::RightToLeft,
            Self::En | Self::Es | Self::Fr | Self::De | Self::Pt | Self::Zh | Self::Hi | Self::Ja | Self::Ko => {
                Direction::LeftToRight
            }
        }
    }
}

wire_words! {
    /// The way in which a language is read; its word is the value of HTML's `dir`.
    Direction {
        /// Such as English.
        LeftToRight = "ltr",
        /// Such as Arabic.
        RightToLeft = "rtl",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_carries_information_only() {
        for engagement_type in EngagementType::ALL {
            let informs = *engagement_type == EngagementType::Informational;
            assert_eq!(Channel::Email.carries(*engagement_type), informs);
            assert!(Channel::Sms.carries(*engagement_type));
        }
    }

    #[test]
    fn arabic_and_persian_alone_run_from_right_to_left() {
        for language in Language::ALL {
            let from_the_right = matches!(language, Language::Ar | Language::Fa);
            assert_eq!(language.direction().as_str() == "rtl", from_the_right, "{language}");
        }
    }

    #[test]
    fn a_locale_begins_with_its_language() {
        for (locale, language) in [("en", Language::En), ("pt-BR", Language::Pt), ("ZH_Hans_CN", Language::Zh)] {
            assert_eq!(Language::of_locale(locale), Some(language));
        }
        assert_eq!((Language::of_locale("tr-TR"), Language::of_locale("")), (None, None));
    }

    #[test]
    fn an_unknown_channel_is_told_which_are_known() {
        let error = "fax".parse::<Channel>().unwrap_err();
        assert_eq!(error.to_string(), "\"fax\" is not known; use one of: phone, sms, wmsg, wvoice, email.");
    }
}
