//! What requests are, for the API's description: documents with a resource as it is sent.
//!
//! A description knows schemas by the names of types; [`json_api_schema!`] makes a type for that.
//!
//! [`json_api_schema!`]: crate::json_api_schema

use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A schema with its name.
pub type Named = (String, RefOr<Schema>);

/// A schema with those that it refers to.
pub struct Described {
    /// The schema.
    pub schema: RefOr<Schema>,
    /// Those that it refers to.
    pub parts: Vec<Named>,
}

/// Gives a [`Described`] schema the name of a type.
///
/// [`Described`]: crate::jsonapi::requests::Described
#[macro_export]
macro_rules! json_api_schema {
    ($name:ident = $described:expr) => {
        pub(crate) struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $described.schema
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(all: &mut Vec<$crate::jsonapi::requests::Named>) {
                all.extend($described.parts);
            }
        }
    };
}

/// A document with a resource that is to be made.
#[must_use]
pub fn new_one<A: ToSchema, R: ToSchema>(kind: &str) -> Described {
    let parts = named::<A>().chain(named::<R>()).collect();
    Described { schema: document("A resource to be made.", new_resource::<A, R>(kind)), parts }
}

/// A document with a resource that is to be made, or with up to so many.
#[must_use]
pub fn new_ones<A: ToSchema, R: ToSchema>(kind: &str, most: usize) -> Described {
    let one = new_resource::<A, R>(kind).build();
    let several = ArrayBuilder::new().items(one.clone()).min_items(Some(1)).max_items(Some(most));
    let data = OneOfBuilder::new().item(one).item(several);
    Described { schema: document("A resource to be made, or several.", data), ..new_one::<A, R>(kind) }
}

/// A document that changes a resource: it may have what one that makes it has, and leaves as it is what it has not.
#[must_use]
pub fn change<A: ToSchema, R: ToSchema>(kind: &str) -> Described {
    let description = "What is to be another with a resource; what is not sent stays. An attribute that is null is as \
                       if it were not sent, unless it says otherwise.";
    about::<A, R>(kind, description)
}

/// A document that says something of a resource that is there, none of which must be said.
#[must_use]
pub fn about<A: ToSchema, R: ToSchema>(kind: &str, description: &str) -> Described {
    let mut attributes = all_optional::<A>();
    attributes.properties.values_mut().for_each(or_null);
    let resource = identifier(kind);
    let resource = with_members(with_members(resource, "attributes", attributes), "relationships", all_optional::<R>());
    let mut parts = Vec::new();
    A::schemas(&mut parts);
    R::schemas(&mut parts);
    Described { schema: document(description, resource), parts }
}

/// A relationship to a resource of this type.
#[must_use]
pub fn to_one(kind: &str) -> Described {
    relationship("The resource.", identifier(kind))
}

/// A relationship to a resource of this type or to none.
#[must_use]
pub fn to_one_or_none(kind: &str) -> Described {
    relationship("The resource, or null for none.", OneOfBuilder::new().item(identifier(kind)).item(null()))
}

/// One of the words for these values.
#[must_use]
pub fn one_of<'a, T: Copy>(values: &[T], word: fn(T) -> &'a str) -> Described {
    let words = values.iter().map(|value| word(*value));
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    Described { schema: schema.into(), parts: Vec::new() }
}

fn document(description: &str, data: impl Into<RefOr<Schema>>) -> RefOr<Schema> {
    ObjectBuilder::new().description(Some(description)).property("data", data).required("data").into()
}

fn new_resource<A: ToSchema, R: ToSchema>(kind: &str) -> ObjectBuilder {
    member::<R>(member::<A>(resource(kind), "attributes"), "relationships")
}

/// The resource with a member that must be there where anything in it must be.
fn member<T: ToSchema>(resource: ObjectBuilder, name: &str) -> ObjectBuilder {
    let Object { properties, required, .. } = object::<T>();
    match (properties.is_empty(), required.is_empty()) {
        (true, _) => resource,
        (false, true) => resource.property(name, Ref::from_schema_name(T::name())),
        (false, false) => resource.property(name, Ref::from_schema_name(T::name())).required(name),
    }
}

/// The resource with a member that may be there, unless nothing is in it.
fn with_members(resource: ObjectBuilder, name: &str, members: Object) -> ObjectBuilder {
    if members.properties.is_empty() { resource } else { resource.property(name, members) }
}

/// An object of which everything may be left out.
fn all_optional<T: PartialSchema>() -> Object {
    let mut object = object::<T>();
    object.required.clear();
    object
}

/// Has a schema allow null. What a new resource need not have allows it already.
fn or_null(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            if let SchemaType::Type(only) = &object.schema_type {
                object.schema_type = [only.clone(), Type::Null].into_iter().collect();
            }
        }
        RefOr::Ref(to) => *schema = OneOfBuilder::new().item(to.clone()).item(null()).into(),
        RefOr::T(_) => {}
    }
}

fn null() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Null)
}

fn object<T: PartialSchema>() -> Object {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::new(),
    }
}

/// A schema and all that it refers to, unless nothing is in it.
fn named<T: ToSchema>() -> impl Iterator<Item = Named> {
    let mut all = Vec::new();
    if !object::<T>().properties.is_empty() {
        all.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut all);
    }
    all.into_iter()
}

fn resource(kind: &str) -> ObjectBuilder {
    let kind = one_of(&[kind], |kind| kind).schema;
    ObjectBuilder::new().property("type", kind).required("type")
}

fn identifier(kind: &str) -> ObjectBuilder {
    resource(kind).property("id", id()).required("id")
}

fn id() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).examples(["cu8Eo9RyrUsV4MXEiDZpLM"])
}

fn relationship(description: &str, data: impl Into<RefOr<Schema>>) -> Described {
    Described { schema: document(description, data), parts: Vec::new() }
}
