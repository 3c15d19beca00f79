//! A field of a request that may be there or not, and right or wrong: reading one never ends the reading of the rest.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// What was given for a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// Nothing, null, or a text without a visible character where a text is wanted.
    #[default]
    Nothing,
    /// A value of the right type.
    Value(T),
    /// Something of another type; the text says what was wanted.
    Wrong(&'static str),
}

/// A type that fields can have, with its name for people.
pub trait FieldType: DeserializeOwned {
    /// What is wanted, after "must be".
    const WANTED: &'static str;

    /// Whether a value stands for none.
    fn is_nothing(value: &Value) -> bool {
        value.is_null()
    }
}

impl FieldType for String {
    const WANTED: &'static str = "a text";

    fn is_nothing(value: &Value) -> bool {
        is_blank(value)
    }
}

/// Forms send empty texts for what was not filled in, so these are as good as null.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

impl FieldType for bool {
    const WANTED: &'static str = "true or false";
}

impl FieldType for i64 {
    const WANTED: &'static str = "a whole number";
}

impl FieldType for u32 {
    const WANTED: &'static str = "a whole number that is not negative";
}

impl FieldType for Map<String, Value> {
    const WANTED: &'static str = "an object";
}

impl FieldType for Vec<String> {
    const WANTED: &'static str = "a list of texts";
}

impl FieldType for Vec<Value> {
    const WANTED: &'static str = "a list";
}

impl<'de, T: FieldType> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            value if T::is_nothing(&value) => Self::Nothing,
            value => serde_json::from_value(value).map_or(Self::Wrong(T::WANTED), Self::Value),
        })
    }
}

/// The documentation of a field shows its default, which is nothing.
impl<T: Serialize> Serialize for Given<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Nothing | Self::Wrong(_) => serializer.serialize_none(),
        }
    }
}

impl<T> Given<T> {
    /// Whether something was given, right or wrong.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
}
