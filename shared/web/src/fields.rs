//! Reading fields into the domain's types while gathering everything that is wrong with them.

use std::fmt;

use hub_models::fault::{Faults, FieldFault};
use hub_models::text::{Line, Text};
use serde_json::{Map, Value};

use crate::given::Given;

/// Reads fields one by one and keeps the faults.
#[derive(Debug, Default)]
pub struct Fields {
    faults: Faults,
}

/// What was given for a field, with the field's name.
pub type Named<T> = (&'static str, Given<T>);

impl Fields {
    /// The value that was given; one of the wrong type is a fault.
    pub fn value<T>(&mut self, field: &str, given: Given<T>) -> Option<T> {
        match given {
            Given::Nothing => None,
            Given::Value(value) => Some(value),
            Given::Wrong(wanted) => {
                self.faults.invalid(field, format!("must be {wanted}."));
                None
            }
        }
    }

    /// A field with two names: what was given under the first, else under the second, with the name it came by.
    pub fn either<T>(&mut self, first: Named<T>, second: Named<T>) -> Named<T> {
        if !first.1.is_given() && second.1.is_given() {
            return second;
        }
        // What is not used must still be of its type.
        self.value(second.0, second.1);
        first
    }

    /// Whether something was found to be wrong with a field.
    #[must_use]
    pub fn is_at_fault(&self, field: &str) -> bool {
        self.faults.list().iter().any(|fault| fault.field == field)
    }

    /// A text that is not blank.
    pub fn text(&mut self, field: &str, given: Given<String>) -> Option<String> {
        self.value(field, given).filter(|text| !text.trim().is_empty())
    }

    /// A text that is read into a type.
    pub fn parse<T, E: fmt::Display>(
        &mut self,
        field: &str,
        given: Given<String>,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(field, given)?;
        self.faults.keep(field, read(&text))
    }

    /// As [`Fields::parse`], for a field that must be there.
    pub fn required<T, E: fmt::Display>(
        &mut self,
        field: &str,
        given: Given<String>,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let wrong_type = matches!(given, Given::Wrong(_));
        let text = self.text(field, given);
        if text.is_none() && !wrong_type {
            self.missing(field);
        }
        self.faults.keep(field, read(&text?))
    }

    /// One line of text.
    pub fn line<const MAX: usize>(&mut self, field: &str, given: Given<String>) -> Option<Line<MAX>> {
        self.parse(field, given, Line::parse).flatten()
    }

    /// One line of text that must be there.
    pub fn required_line<const MAX: usize>(&mut self, field: &str, given: Given<String>) -> Option<Line<MAX>> {
        self.required(field, given, Line::parse).flatten()
    }

    /// Text of several lines.
    pub fn long_text<const MAX: usize>(&mut self, field: &str, given: Given<String>) -> Option<Text<MAX>> {
        self.parse(field, given, Text::parse).flatten()
    }

    /// Notes a fault that lies in no single type.
    pub fn fault(&mut self, field: &str, detail: impl fmt::Display) {
        self.faults.invalid(field, detail);
    }

    /// Notes a field that is required and not there.
    pub fn missing(&mut self, field: &str) {
        self.faults.push(FieldFault::missing(field));
    }

    /// Notes an object that is too large: everything that an engagement says is one item of the table, which takes 400 kB.
    pub fn within(&mut self, field: &str, object: &Map<String, Value>, limit: usize) {
        if serde_json::to_string(object).map_or(true, |json| json.len() > limit) {
            self.fault(field, format!("must have at most {limit} bytes as JSON."));
        }
    }

    /// Takes over the faults of something that gathered its own.
    pub fn keep_all<T>(&mut self, result: Result<T, Faults>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(faults) => {
                self.faults.append(faults);
                None
            }
        }
    }

    /// The whole, when nothing was at fault.
    ///
    /// # Errors
    /// All faults.
    pub fn finish<T>(self, whole: Option<T>) -> Result<T, Faults> {
        self.faults.finish(whole)
    }
}
