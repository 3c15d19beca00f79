//! What is wrong with a request, said so that its sender can mend it.

use std::fmt;

/// One fault of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field as the sender wrote it, with dots into nested objects.
    pub field: String,
    /// What is wrong and what would be right.
    pub detail: String,
    /// Whether the field was needed and not there (checklist A4 tells it from a wrong value).
    pub missing: bool,
}

impl FieldFault {
    /// A field with a value that cannot be taken.
    pub fn invalid(field: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self { field: field.into(), detail: detail.to_string(), missing: false }
    }

    /// A field that is required and is missing, null or empty.
    pub fn missing(field: impl Into<String>) -> Self {
        let field = field.into();
        let detail = format!("{field} is required.");
        Self { field, detail, missing: true }
    }

    /// The fault as a sentence that stands for itself: values are called by their field's name.
    #[must_use]
    pub fn sentence(&self) -> String {
        let standing = self.detail.starts_with(|c: char| c.is_uppercase()) || self.detail.starts_with(&self.field);
        if standing { self.detail.clone() } else { format!("{} {}", self.field, self.detail) }
    }
}

/// All faults of one request, gathered so that they are told at once (checklist A3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    /// Adds one more.
    pub fn push(&mut self, fault: FieldFault) {
        self.0.push(fault);
    }

    /// Adds a wrong value.
    pub fn invalid(&mut self, field: &str, detail: impl fmt::Display) {
        self.push(FieldFault::invalid(field, detail));
    }

    /// Takes the value, or notes its fault and gives none.
    pub fn keep<T, E: fmt::Display>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.invalid(field, error)).ok()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a required field is missing.
    #[must_use]
    pub fn any_missing(&self) -> bool {
        self.0.iter().any(|fault| fault.missing)
    }

    /// The faults in the order in which they were found.
    #[must_use]
    pub fn list(&self) -> &[FieldFault] {
        &self.0
    }

    /// All faults as sentences, one after the other.
    #[must_use]
    pub fn sentences(&self) -> String {
        self.0.iter().map(FieldFault::sentence).collect::<Vec<_>>().join(" ")
    }

    /// The value when nothing is at fault.
    ///
    /// # Errors
    /// The faults, when there are any or the value could not be made for them.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

impl From<FieldFault> for Faults {
    fn from(fault: FieldFault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details: Vec<&str> = self.0.iter().map(|fault| fault.detail.as_str()).collect();
        f.write_str(&details.join(" "))
    }
}

impl std::error::Error for Faults {}
