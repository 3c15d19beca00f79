//! The JSON that SES is asked in.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::call::Failure;

/// A request that is not well made.
pub(super) fn bad_request(reason: &str) -> Failure {
    Failure::new("BadRequestException", reason)
}

/// A mail to be sent.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEmail {
    pub(super) from_email_address: Option<String>,
    pub(super) destination: Option<Destination>,
    pub(super) content: Content,
    #[serde(default)]
    pub(super) email_tags: Vec<Tag>,
    pub(super) configuration_set_name: Option<String>,
}

impl SendEmail {
    pub(super) fn tags(&self) -> Result<BTreeMap<String, String>, Failure> {
        let allowed = |text: &str| {
            (1..=256).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.@".contains(&byte))
        };
        match self.email_tags.iter().find(|tag| !allowed(&tag.name) || !allowed(&tag.value)) {
            Some(tag) => Err(bad_request(&format!("Invalid message tag {}.", tag.name))),
            None => Ok(self.email_tags.iter().map(|tag| (tag.name.clone(), tag.value.clone())).collect()),
        }
    }
}

/// Whom it goes to.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Destination {
    pub(super) to_addresses: Vec<String>,
    pub(super) cc_addresses: Vec<String>,
    pub(super) bcc_addresses: Vec<String>,
}

impl Destination {
    pub(super) fn all(self) -> Vec<String> {
        [self.to_addresses, self.cc_addresses, self.bcc_addresses].concat()
    }
}

/// What it is: raw, as the hub sends it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Content {
    pub(super) raw: Option<Raw>,
}

/// A MIME message in base64.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Raw {
    pub(super) data: String,
}

/// What its events carry back.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) value: String,
}
