//! Saved email templates: a subject and a body, kept under a name (checklist E3, E10).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::email::Subject;
use crate::moment::Moment;
use crate::placeholders::custom_keys;
use crate::text::{ForeignId, Line, Text, excerpt};

/// What people call a template.
pub type TemplateName = Line<100>;
/// A template's body: HTML with placeholders, without header and footer.
pub type TemplateHtml = Text<60_000>;

/// The subject of a template that was saved without one.
pub const DEFAULT_TEMPLATE_SUBJECT: &str = "{{SUBJECT}}";

/// The most templates of a domain, and of each user: more, and nobody finds the right one in a list.
pub const MOST_TEMPLATES: usize = 500;

/// The identifier of a template: a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TemplateId(Uuid);

/// A text that is no template's identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the id of a template, such as 550e8400-e29b-41d4-a716-446655440000.")]
pub struct TemplateIdError;

impl TemplateId {
    /// A new identifier.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl From<Uuid> for TemplateId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl From<TemplateId> for Uuid {
    fn from(id: TemplateId) -> Self {
        id.0
    }
}

impl FromStr for TemplateId {
    type Err = TemplateIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text.trim()).map(Self).map_err(|_| TemplateIdError)
    }
}

impl TryFrom<String> for TemplateId {
    type Error = TemplateIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TemplateId> for String {
    fn from(id: TemplateId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for TemplateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The form under which names are compared: letter case and spacing do not matter.
#[must_use]
pub fn name_key(name: &TemplateName) -> String {
    let words: Vec<String> = name.as_str().split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// A template as a request names it: by id, else by name (checklist E1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateRef {
    /// By what should be an id. A text that cannot be one names no template.
    Id(String),
    /// By name.
    Name(TemplateName),
}

impl TemplateRef {
    /// The field of a start request that it came in.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Id(_) => "email_template_id",
            Self::Name(_) => "email_template_name",
        }
    }
}

/// The template as its sender called it, short enough for an error.
impl fmt::Display for TemplateRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(text) => write!(f, "\"{}\"", excerpt(text)),
            Self::Name(name) => write!(f, "\"{}\"", excerpt(name.as_str())),
        }
    }
}

/// A saved template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailTemplate {
    /// Its identifier.
    pub template_id: TemplateId,
    /// The user whose own it is; none where it is the domain's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<ForeignId>,
    /// What people call it.
    pub name: TemplateName,
    /// The subject line, with placeholders.
    pub subject: Subject,
    /// The body, with placeholders.
    pub body_html: TemplateHtml,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts the changes, so that two at once do not undo each other.
    pub version: u64,
}

/// A template in a list: all but its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSummary {
    /// Its identifier.
    pub template_id: TemplateId,
    /// What people call it.
    pub name: TemplateName,
    /// The subject line, with placeholders.
    pub subject: Subject,
    /// The placeholders of subject and body that a request must fill, in upper case.
    pub custom_keys: Vec<String>,
    /// When it was last changed.
    pub updated_at: Moment,
}

impl EmailTemplate {
    /// This template as the next version after another. No two versions have the same time.
    #[must_use]
    pub fn after(self, before: &Self, now: Moment) -> Self {
        Self { updated_at: now.or_after(before.updated_at), version: before.version + 1, ..self }
    }

    /// The template without its body.
    #[must_use]
    pub fn summary(&self) -> TemplateSummary {
        let keys = custom_keys([self.subject.as_str(), self.body_html.as_str()]);
        TemplateSummary {
            template_id: self.template_id,
            name: self.name.clone(),
            subject: self.subject.clone(),
            custom_keys: keys.into_iter().collect(),
            updated_at: self.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_case_and_spacing() {
        let key = |text: &str| name_key(&TemplateName::parse(text).unwrap().unwrap());
        assert_eq!(key(" Policy  RENEWAL"), key("policy renewal"));
        assert_ne!(key("policy renewal"), key("policyrenewal"));
    }

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let id = TemplateId::random();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("no-such".parse::<TemplateId>(), Err(TemplateIdError));
    }
}
