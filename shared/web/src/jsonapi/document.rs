//! Documents as they are sent: one resource, or several.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use hub_models::fault::{Faults, FieldFault};
use hub_models::text::{Line, Text, excerpt};
use hub_models::voice::ShortId;
use serde_json::{Map, Value};
use std::fmt;

use crate::body::{LARGE_LIMIT, collect};
use crate::error::ApiError;
use crate::fields::Fields;
use crate::given::{FieldType, Given};

/// A document as it was sent: its primary data, not yet read. What stands beside that, such as `included`, is ignored.
#[derive(Clone, Debug)]
pub struct Sent(Value);

/// A document of one resource or of several.
#[derive(Debug)]
pub enum OneOrMany {
    /// One.
    One(Box<NewResource>),
    /// Several, in bulk.
    Many(Vec<NewResource>),
}

/// A resource as it was sent, read member by member; what is wrong with it is gathered.
#[derive(Debug)]
pub struct NewResource {
    pointer: String,
    attributes: Map<String, Value>,
    relationships: Map<String, Value>,
    fields: Fields,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = collect(request.into_body(), LARGE_LIMIT).await?;
        let document: Value = serde_json::from_slice(&bytes).map_err(|error| {
            let detail = format!("The body is not valid JSON: {error}.");
            ApiError::new(StatusCode::BAD_REQUEST, detail)
        })?;
        match document {
            Value::Object(mut members) => members.remove("data").map(Self).ok_or_else(no_data),
            _ => Err(no_data()),
        }
    }
}

fn no_data() -> ApiError {
    malformed("/data", "must be a resource: {\"data\": {\"type\": …, \"attributes\": {…}}}.")
}

fn malformed(pointer: &str, detail: &str) -> ApiError {
    ApiError::of_field(StatusCode::BAD_REQUEST, FieldFault::invalid(pointer, detail))
}

impl Sent {
    /// The one resource that is to be made.
    ///
    /// # Errors
    /// When it is none of this type.
    pub fn new_one(self, kind: &str) -> Result<NewResource, ApiError> {
        let Sent(data) = self;
        read(data, "/data", kind, None)
    }

    /// The one resource that is to be changed.
    ///
    /// # Errors
    /// When it is none of this type and id.
    pub fn change_of(self, kind: &str, id: ShortId) -> Result<NewResource, ApiError> {
        let Sent(data) = self;
        read(data, "/data", kind, Some(id))
    }

    /// The resources that are to be made, one or up to `most`.
    ///
    /// # Errors
    /// When they are none of this type.
    pub fn new_ones(self, kind: &str, most: usize) -> Result<OneOrMany, ApiError> {
        let items = match self.0 {
            Value::Array(items) => items,
            one => return read(one, "/data", kind, None).map(|one| OneOrMany::One(Box::new(one))),
        };
        if !(1..=most).contains(&items.len()) {
            return Err(malformed("/data", &format!("must have 1 to {most} resources and has {}.", items.len())));
        }
        let numbered = items.into_iter().enumerate();
        let read = numbered.map(|(number, item)| read(item, &format!("/data/{number}"), kind, None));
        Ok(OneOrMany::Many(read.collect::<Result<_, _>>()?))
    }
}

fn read(data: Value, pointer: &str, kind: &str, id: Option<ShortId>) -> Result<NewResource, ApiError> {
    let Value::Object(mut data) = data else {
        return Err(malformed(pointer, "must be a resource, with type and attributes."));
    };
    let conflict = |member: &str, detail: String| {
        let fault = FieldFault::invalid(format!("{pointer}/{member}"), detail);
        Err(ApiError::of_field(StatusCode::CONFLICT, fault))
    };
    if data.get("type").and_then(Value::as_str) != Some(kind) {
        return conflict("type", format!("must be \"{kind}\" here."));
    }
    match (data.get("id"), id) {
        (Some(given), None) if !given.is_null() => {
            let fault = FieldFault::invalid(format!("{pointer}/id"), "is given by the hub; leave it out.");
            return Err(ApiError::of_field(StatusCode::FORBIDDEN, fault));
        }
        (Some(given), Some(id)) if *given != Value::String(id.to_string()) => {
            return conflict("id", "must be that of the path.".to_owned());
        }
        (None, Some(_)) => return Err(malformed(&format!("{pointer}/id"), "is required.")),
        _ => {}
    }
    let mut members = |name: &str| match data.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(malformed(&format!("{pointer}/{name}"), "must be an object.")),
    };
    let (attributes, relationships) = (members("attributes")?, members("relationships")?);
    Ok(NewResource { pointer: pointer.to_owned(), attributes, relationships, fields: Fields::default() })
}

/// The id of a resource in a path. One that cannot be an id is nobody's.
///
/// # Errors
/// When it is none.
pub fn id_in_path(kind: &str, text: &str) -> Result<ShortId, ApiError> {
    let unknown = || format!("There is no such resource of type {kind} with the id {}.", excerpt(text));
    text.parse().map_err(|_| ApiError::not_found(unknown()))
}

impl NewResource {
    /// The pointer to an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> String {
        format!("{}/attributes/{name}", self.pointer)
    }

    /// The pointer to a relationship.
    #[must_use]
    pub fn relationship(&self, name: &str) -> String {
        format!("{}/relationships/{name}", self.pointer)
    }

    /// Whether an attribute was sent, be it null.
    #[must_use]
    pub fn sends(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    fn given<T: FieldType>(&mut self, name: &str) -> Given<T> {
        let value = self.attributes.remove(name).unwrap_or_default();
        // Whatever the value is, it is read as right or wrong.
        serde_json::from_value(value).unwrap_or(Given::Wrong(T::WANTED))
    }

    /// An attribute of a plain type.
    pub fn value<T: FieldType>(&mut self, name: &str) -> Option<T> {
        let given = self.given(name);
        self.fields.value(&self.attribute(name), given)
    }

    /// A text that is read into a type.
    pub fn parse<T, E: fmt::Display>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let given = self.given(name);
        self.fields.parse(&self.attribute(name), given, read)
    }

    /// The same, for an attribute that must be there.
    pub fn required<T, E: fmt::Display>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let given = self.given(name);
        self.fields.required(&self.attribute(name), given, read)
    }

    /// One line of text.
    pub fn line<const MAX: usize>(&mut self, name: &str) -> Option<Line<MAX>> {
        self.parse(name, Line::parse).flatten()
    }

    /// Text of several lines that must be there.
    pub fn required_text<const MAX: usize>(&mut self, name: &str) -> Option<Text<MAX>> {
        self.required(name, Text::parse).flatten()
    }

    /// A whole number in these bounds.
    pub fn number(&mut self, name: &str, most: u8) -> Option<u8> {
        let given: i64 = self.value(name)?;
        match u8::try_from(given) {
            Ok(number) if number <= most => Some(number),
            _ => {
                self.fault(name, format!("must be a whole number from 0 to {most}."));
                None
            }
        }
    }

    /// The resource that this one is related to, where it is to one.
    pub fn related(&mut self, name: &str, kind: &str) -> Option<ShortId> {
        let pointer = format!("{}/data", self.relationship(name));
        let relationship = self.relationships.remove(name)?;
        let data = relationship.get("data").filter(|data| !data.is_null())?;
        if data.get("type").and_then(Value::as_str) != Some(kind) {
            self.fields.fault(&format!("{pointer}/type"), format!("must be \"{kind}\" here."));
            return None;
        }
        let given = data.get("id").and_then(Value::as_str).unwrap_or_default();
        let id: Option<ShortId> = given.parse().ok();
        if id.is_none() {
            self.fields.fault(&format!("{pointer}/id"), hub_models::voice::ShortIdError);
        }
        id
    }

    /// The same, for a relationship that must be there.
    pub fn required_related(&mut self, name: &str, kind: &str) -> Option<ShortId> {
        let sent = self.relationships.get(name).and_then(|sent| sent.get("data")).is_some_and(|data| !data.is_null());
        if !sent {
            let pointer = self.relationship(name);
            self.fields.missing(&pointer);
        }
        self.related(name, kind)
    }

    /// Notes what is wrong with an attribute.
    pub fn fault(&mut self, name: &str, detail: impl fmt::Display) {
        let pointer = self.attribute(name);
        self.fields.fault(&pointer, detail);
    }

    /// Takes over the faults of an attribute that gathered its own.
    pub fn keep_all<T>(&mut self, name: &str, result: Result<T, Faults>) -> Option<T> {
        let pointer = self.attribute(name);
        result
            .map_err(|faults| {
                faults.list().iter().for_each(|fault| self.fields.fault(&pointer, fault.sentence()));
            })
            .ok()
    }

    /// Whether something was found to be wrong with an attribute.
    #[must_use]
    pub fn is_at_fault(&self, name: &str) -> bool {
        self.fields.is_at_fault(&self.attribute(name))
    }

    /// The whole, when nothing was at fault.
    ///
    /// # Errors
    /// All faults.
    pub fn finish<T>(self, whole: Option<T>) -> Result<T, Faults> {
        self.fields.finish(whole)
    }
}
