//! The shapes that all resources share.

use hub_models::moment::Moment;
use hub_models::voice::ShortId;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A resource.
#[derive(Clone, Debug, Serialize)]
pub struct Resource<A, R> {
    /// Its type.
    pub r#type: &'static str,
    /// Its identifier.
    pub id: ShortId,
    /// What it is.
    pub attributes: A,
    /// What it belongs to.
    pub relationships: R,
    /// Where it is.
    pub links: SelfLink,
}

impl<A, R> Resource<A, R> {
    /// The resource of this type and id.
    #[must_use]
    pub fn new(kind: &'static str, id: ShortId, attributes: A, relationships: R) -> Self {
        Self { r#type: kind, id, attributes, relationships, links: SelfLink { itself: path(kind, id) } }
    }
}

/// Describes the documents of one kind of resource: the resource, one of it, and a page of them. A description knows no
/// generic types, so that each needs a name.
#[macro_export]
macro_rules! json_api_documents {
    ($resource:ident, $document:ident, $list:ident: $attributes:ident, $relationships:ident) => {
        /// A resource.
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[allow(dead_code)]
        pub(crate) struct $resource {
            /// Its type.
            r#type: &'static str,
            /// Its identifier.
            #[schema(value_type = String, example = "cu8Eo9RyrUsV4MXEiDZpLM")]
            id: String,
            /// What it is.
            attributes: $attributes,
            /// What it belongs to.
            relationships: $relationships,
            /// Where it is.
            links: $crate::jsonapi::SelfLink,
        }

        /// A document of one resource.
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[allow(dead_code)]
        pub(crate) struct $document {
            /// The resource.
            data: $resource,
        }

        /// A page of a list.
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[allow(dead_code)]
        pub(crate) struct $list {
            /// The resources of the page.
            data: Vec<$resource>,
            /// Other pages.
            links: $crate::jsonapi::PageLinks,
            /// More of the list.
            meta: $crate::jsonapi::Page,
        }
    };
}

/// Where a resource is.
fn path(kind: &str, id: ShortId) -> String {
    format!("/api/v1/{kind}/{id}")
}

/// Where a resource is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SelfLink {
    /// Its path.
    #[serde(rename = "self")]
    #[schema(example = "/api/v1/engagements/cu8Eo9RyrUsV4MXEiDZpLM")]
    pub itself: String,
}

/// A document of one resource.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Single<T> {
    /// The resource.
    pub(super) data: T,
}

/// A document of several resources.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Several<T> {
    /// The resources.
    pub(super) data: Vec<T>,
}

/// A page of a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Collection<T> {
    /// The resources of the page.
    pub(super) data: Vec<T>,
    /// Other pages.
    pub(super) links: PageLinks,
    /// More of the list.
    pub(super) meta: Page,
}

/// The pages of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageLinks {
    /// This page.
    #[serde(rename = "self")]
    pub(super) itself: String,
    /// The first page.
    pub(super) first: String,
    /// The page before; null on the first.
    pub(super) prev: Option<String>,
    /// The page after; null on the last.
    pub(super) next: Option<String>,
    /// The last page.
    pub(super) last: String,
}

/// What is to be known of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page {
    /// How many resources it has on all pages.
    pub(super) total: usize,
}

/// The name of a resource.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Identifier {
    /// Its type.
    pub r#type: &'static str,
    /// Its identifier.
    #[schema(value_type = String)]
    pub id: ShortId,
}

/// A relationship to one resource or none.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToOne {
    /// The resource.
    pub data: Option<Identifier>,
}

impl ToOne {
    /// A relationship to this resource.
    #[must_use]
    pub fn to(kind: &'static str, id: impl Into<Option<ShortId>>) -> Self {
        Self { data: id.into().map(|id| Identifier { r#type: kind, id }) }
    }
}

/// A relationship to several resources.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToMany {
    /// Where they are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<RelatedLink>,
    /// The resources.
    pub data: Vec<Identifier>,
}

/// Where related resources are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RelatedLink {
    /// Their list.
    #[schema(example = "/api/v1/triggers?filter[activity.id]=eq:cu8Eo9RyrUsV4MXEiDZpLM")]
    pub related: String,
}

impl ToMany {
    /// A relationship to these resources.
    #[must_use]
    pub fn to(kind: &'static str, ids: impl IntoIterator<Item = ShortId>) -> Self {
        let data = ids.into_iter().map(|id| Identifier { r#type: kind, id }).collect();
        Self { links: None, data }
    }

    /// The same, where they are listed by a filter for what they belong to.
    #[must_use]
    pub fn listed_by(self, kind: &'static str, filter: &str, of: ShortId) -> Self {
        let related = format!("/api/v1/{kind}?filter[{filter}]=eq:{of}");
        Self { links: Some(RelatedLink { related }), ..self }
    }
}

/// No relationships.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct NoRelationships {}

/// A point in time as this dialect writes it: `2020-07-10T22:29:06.294000+00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, example = "2026-06-18T14:30:00.000000+00:00")]
pub struct Timestamp(pub Moment);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.timestamp().strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00"))
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        Self(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_six_decimals_and_an_offset() {
        let written = serde_json::to_value(Timestamp(Moment::from_millisecond(1_594_420_146_294))).unwrap();
        assert_eq!(written, "2020-07-10T22:29:06.294000+00:00");
    }
}
