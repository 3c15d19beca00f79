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

/// The most faults that are told of one request. Nobody mends more at once, and a request can be made to have very many.
pub const MOST_FAULTS: usize = 100;

/// All faults of one request, gathered so that they are told at once (checklist A3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    told: Vec<FieldFault>,
    /// How many there are beside those.
    more: usize,
}

impl Faults {
    /// Adds one more.
    pub fn push(&mut self, fault: FieldFault) {
        if self.told.len() < MOST_FAULTS {
            self.told.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// Adds all of another's.
    pub fn append(&mut self, others: Self) {
        others.told.into_iter().for_each(|fault| self.push(fault));
        self.more += others.more;
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
        self.told.is_empty()
    }

    /// Whether a required field is missing.
    #[must_use]
    pub fn any_missing(&self) -> bool {
        self.told.iter().any(|fault| fault.missing)
    }

    /// The faults in the order in which they were found, up to [`MOST_FAULTS`].
    #[must_use]
    pub fn list(&self) -> &[FieldFault] {
        &self.told
    }

    /// All faults as sentences, one after the other.
    #[must_use]
    pub fn sentences(&self) -> String {
        self.joined(self.told.iter().map(FieldFault::sentence))
    }

    fn joined(&self, told: impl Iterator<Item = String>) -> String {
        let more = (self.more > 0).then(|| format!("And {} more.", self.more));
        told.chain(more).collect::<Vec<_>>().join(" ")
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
        Self { told: vec![fault], more: 0 }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.joined(self.told.iter().map(|fault| fault.detail.clone())))
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_faults_are_told_and_the_others_are_counted() {
        let mut faults = Faults::default();
        (0..MOST_FAULTS + 2).for_each(|_| faults.invalid("name", "is wrong."));
        let mut all = Faults::default();
        all.append(faults.clone());
        all.append(faults);
        assert_eq!(all.list().len(), MOST_FAULTS);
        assert!(all.sentences().ends_with("name is wrong. And 104 more."), "{}", all.sentences());
    }
}
