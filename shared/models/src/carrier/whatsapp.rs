//! The templates by which WhatsApp lets a domain write to contacts who have not written lately (checklist M1).

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::is_sid;
use crate::channel::Language;

/// A template of WhatsApp that Meta has approved: `HX` and 32 hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentSid(String);

/// A text that names no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the SID of a content template: HX and 32 hex digits.")]
pub struct ContentSidError;

impl ContentSid {
    /// The SID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ContentSid {
    type Err = ContentSidError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_sid(text.trim(), "HX") { Ok(Self(text.trim().to_owned())) } else { Err(ContentSidError) }
    }
}

impl TryFrom<String> for ContentSid {
    type Error = ContentSidError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ContentSid> for String {
    fn from(sid: ContentSid) -> Self {
        sid.0
    }
}

/// A template of WhatsApp, as Meta has approved it in each language; its variable `1` is the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatsappTemplate {
    /// The template, for languages without one of their own.
    pub content_sid: ContentSid,
    /// The same template in these languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<Language, ContentSid>,
}

impl WhatsappTemplate {
    /// The template in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &ContentSid {
        self.languages.get(&language).unwrap_or(&self.content_sid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sid(digit: &str) -> ContentSid {
        format!("HX{}", digit.repeat(32)).parse().unwrap()
    }

    #[test]
    fn a_language_without_a_template_of_its_own_has_the_first() {
        let languages = BTreeMap::from([(Language::Ar, sid("a"))]);
        let template = WhatsappTemplate { content_sid: sid("0"), languages };
        assert_eq!(template.in_language(Language::Ar), &sid("a"));
        assert_eq!(template.in_language(Language::Fr), &sid("0"));
    }

    #[test]
    fn what_is_no_sid_of_a_template_is_refused() {
        for bad in ["", "HX", "HX1", &format!("AC{}", "0".repeat(32))] {
            assert_eq!(bad.parse::<ContentSid>(), Err(ContentSidError), "{bad}");
        }
    }
}
