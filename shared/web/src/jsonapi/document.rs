//! Documents as they are sent: one resource, or several.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use hub_models::fault::{Faults, FieldFault};
use hub_models::text::{Line, Text, excerpt};
use hub_models::voice::ShortId;
use serde_json::{Map, Value};
use std::fmt;

use super::errors::Unprocessable;
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

/// A relationship to one resource as it was sent.
enum SentToOne {
    /// It was not sent.
    Nothing,
    /// To none.
    None,
    /// To this one.
    One(ShortId),
    /// To something else; that is noted.
    Wrong,
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
        read(data, "/data", kind, None).map_err(|faults| misshapen(&faults))
    }

    /// The one resource that is to be changed.
    ///
    /// # Errors
    /// When it is none of this type and id.
    pub fn change_of(self, kind: &str, id: ShortId) -> Result<NewResource, ApiError> {
        let Sent(data) = self;
        read(data, "/data", kind, Some(id)).map_err(|faults| misshapen(&faults))
    }

    /// The resources that are to be made, one or up to `most`.
    ///
    /// # Errors
    /// When some are none of this type; every one of those is told.
    pub fn new_ones(self, kind: &str, most: usize) -> Result<OneOrMany, ApiError> {
        let items = match self.0 {
            Value::Array(items) => items,
            one => return Self(one).new_one(kind).map(|one| OneOrMany::One(Box::new(one))),
        };
        if !(1..=most).contains(&items.len()) {
            return Err(malformed("/data", &format!("must have 1 to {most} resources and has {}.", items.len())));
        }
        let (mut resources, mut faults) = (Vec::with_capacity(items.len()), Vec::new());
        for (number, item) in items.into_iter().enumerate() {
            match read(item, &format!("/data/{number}"), kind, None) {
                Ok(resource) => resources.push(resource),
                Err(its) => faults.extend(its),
            }
        }
        if faults.is_empty() { Ok(OneOrMany::Many(resources)) } else { Err(misshapen(&faults)) }
    }
}

/// What keeps a document from being a resource, with the status that JSON:API has for it.
type Misshape = (StatusCode, FieldFault);

/// All of it at once. Where it has several statuses, the one that says least of them.
fn misshapen(faults: &[Misshape]) -> ApiError {
    let mut statuses = faults.iter().map(|(status, _)| *status);
    let first = statuses.next().unwrap_or(StatusCode::BAD_REQUEST);
    let status = if statuses.all(|status| status == first) { first } else { StatusCode::BAD_REQUEST };
    let mut all = Faults::default();
    faults.iter().for_each(|(_, fault)| all.push(fault.clone()));
    ApiError::of_faults(status, &all)
}

fn read(data: Value, pointer: &str, kind: &str, id: Option<ShortId>) -> Result<NewResource, Vec<Misshape>> {
    let Value::Object(mut data) = data else {
        let fault = FieldFault::invalid(pointer, "must be a resource, with type and attributes.");
        return Err(vec![(StatusCode::BAD_REQUEST, fault)]);
    };
    let mut faults: Vec<Misshape> =
        [wrong_type(&data, pointer, kind), wrong_id(&data, pointer, id)].into_iter().flatten().collect();
    let mut members = |name: &str| match data.remove(name) {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(members)) => members,
        Some(_) => {
            let fault = FieldFault::invalid(format!("{pointer}/{name}"), "must be an object.");
            faults.push((StatusCode::BAD_REQUEST, fault));
            Map::new()
        }
    };
    let (attributes, relationships) = (members("attributes"), members("relationships"));
    let resource = NewResource { pointer: pointer.to_owned(), attributes, relationships, fields: Fields::default() };
    if faults.is_empty() { Ok(resource) } else { Err(faults) }
}

fn wrong_type(data: &Map<String, Value>, pointer: &str, kind: &str) -> Option<Misshape> {
    let right = data.get("type").and_then(Value::as_str) == Some(kind);
    let fault = || FieldFault::invalid(format!("{pointer}/type"), format!("must be \"{kind}\" here."));
    (!right).then(|| (StatusCode::CONFLICT, fault()))
}

fn wrong_id(data: &Map<String, Value>, pointer: &str, id: Option<ShortId>) -> Option<Misshape> {
    let (status, detail) = match (data.get("id"), id) {
        (Some(given), None) if !given.is_null() => (StatusCode::FORBIDDEN, "is given by the hub; leave it out."),
        (Some(given), Some(id)) if *given != Value::String(id.to_string()) => {
            (StatusCode::CONFLICT, "must be that of the path.")
        }
        (None, Some(_)) => (StatusCode::BAD_REQUEST, "is required."),
        _ => return None,
    };
    Some((status, FieldFault::invalid(format!("{pointer}/id"), detail)))
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

    /// Whether an attribute was sent and is not null.
    #[must_use]
    pub fn gives(&self, name: &str) -> bool {
        self.attributes.get(name).is_some_and(|value| !value.is_null())
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

    /// What was sent of a relationship, which is read with that.
    fn sent_to_one(&mut self, name: &str, kind: &str) -> SentToOne {
        let pointer = format!("{}/data", self.relationship(name));
        let relationship = self.relationships.remove(name).unwrap_or_default();
        match relationship.get("data") {
            None if relationship.is_null() => SentToOne::Nothing,
            None => {
                self.fields.missing(&pointer);
                SentToOne::Wrong
            }
            Some(Value::Null) => SentToOne::None,
            Some(data) => self.identified(&pointer, data, kind).map_or(SentToOne::Wrong, SentToOne::One),
        }
    }

    /// The id of a resource of this type.
    fn identified(&mut self, pointer: &str, data: &Value, kind: &str) -> Option<ShortId> {
        let is_of_kind = data.get("type").and_then(Value::as_str) == Some(kind);
        if !is_of_kind {
            self.fields.fault(&format!("{pointer}/type"), format!("must be \"{kind}\" here."));
        }
        let given = data.get("id").and_then(Value::as_str).unwrap_or_default();
        let id: Option<ShortId> = given.parse().ok();
        if id.is_none() {
            self.fields.fault(&format!("{pointer}/id"), hub_models::voice::ShortIdError);
        }
        id.filter(|_| is_of_kind)
    }

    /// The resource that this one is related to, where it is to one.
    pub fn related(&mut self, name: &str, kind: &str) -> Option<ShortId> {
        match self.sent_to_one(name, kind) {
            SentToOne::One(id) => Some(id),
            SentToOne::Nothing | SentToOne::None | SentToOne::Wrong => None,
        }
    }

    /// The same, for a relationship that must be there.
    pub fn required_related(&mut self, name: &str, kind: &str) -> Option<ShortId> {
        match self.sent_to_one(name, kind) {
            SentToOne::One(id) => Some(id),
            SentToOne::Nothing | SentToOne::None => {
                self.missing_related(name);
                None
            }
            SentToOne::Wrong => None,
        }
    }

    /// The resource that this one is related to after a change: to what was sent, be it none, else as before.
    pub fn changed_related(&mut self, name: &str, kind: &str, before: Option<ShortId>) -> Option<ShortId> {
        match self.sent_to_one(name, kind) {
            SentToOne::One(id) => Some(id),
            SentToOne::None => None,
            SentToOne::Nothing | SentToOne::Wrong => before,
        }
    }

    /// The same, for a relationship that must be to one.
    pub fn changed_required_related(&mut self, name: &str, kind: &str, before: Option<ShortId>) -> Option<ShortId> {
        let after = self.changed_related(name, kind, before);
        if after.is_none() {
            self.missing_related(name);
        }
        after
    }

    /// A relationship that stays as it is, which a change may repeat.
    pub fn stays_related(&mut self, name: &str, kind: &str, id: ShortId) {
        let is_another = match self.sent_to_one(name, kind) {
            SentToOne::One(other) => other != id,
            SentToOne::None => true,
            SentToOne::Nothing | SentToOne::Wrong => false,
        };
        if is_another {
            self.related_fault(name, "stays as it is; delete this and create another.");
        }
    }

    fn missing_related(&mut self, name: &str) {
        let pointer = self.relationship(name);
        self.fields.missing(&pointer);
    }

    /// Notes what is wrong with a relationship.
    pub fn related_fault(&mut self, name: &str, detail: impl fmt::Display) {
        let pointer = self.relationship(name);
        self.fields.fault(&pointer, detail);
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
    pub fn finish<T>(self, whole: Option<T>) -> Result<T, Unprocessable> {
        self.fields.finish(whole).map_err(Unprocessable)
    }
}
