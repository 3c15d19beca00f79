//! Query strings: which page, which resources, which of their fields.

use std::collections::{BTreeMap, HashSet};

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use hub_models::voice::ShortId;
use serde_json::Value;

use crate::error::ApiError;
use crate::fields::Fields;
use crate::given::Given;
use crate::query::QueryFields;

/// The most resources of a page.
const MOST: usize = 100;

/// How many a page has where it is not said.
const DEFAULT: usize = 50;

/// What is asked of a list, or of the answer to any request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// From 1.
    pub page: usize,
    /// How many resources a page has.
    pub size: usize,
    filters: BTreeMap<String, String>,
    fields: BTreeMap<String, HashSet<String>>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = QueryFields::from_request_parts(parts, state).await?;
        let (mut asked, mut fields) = (Self::default(), Fields::default());
        let of_list = reads_list(parts);
        for (name, value) in query.into_fields() {
            match family(&name) {
                ("filter" | "page", _) if !of_list => fields.fault(&name, "is for lists; leave it out."),
                _ => asked.take(&mut fields, &name, value),
            }
        }
        Ok(fields.finish(Some(asked))?)
    }
}

impl Default for Asked {
    fn default() -> Self {
        Self { page: 1, size: DEFAULT, filters: BTreeMap::new(), fields: BTreeMap::new() }
    }
}

/// Whether a list is asked for: nothing is to be changed, and the path names no resource.
fn reads_list(parts: &Parts) -> bool {
    let names_one = parts.extensions.get::<MatchedPath>().is_some_and(|path| path.as_str().contains("{id}"));
    parts.method.is_safe() && !names_one
}

fn number(fields: &mut Fields, name: &str, given: String, most: usize) -> Option<usize> {
    fields.parse(name, Given::Value(given), |text| match text.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ if most == usize::MAX => Err("must be a number from 1 on.".to_owned()),
        _ => Err(format!("must be a number from 1 to {most}.")),
    })
}

/// A parameter's family, and its name in that where it has brackets: `filter[engagement.id]` is `engagement.id` of `filter`.
fn family(name: &str) -> (&str, Option<&str>) {
    match name.split_once('[') {
        Some((family, rest)) => (family, rest.strip_suffix(']').filter(|name| is_plain(name))),
        None => (name, None),
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['[', ']'])
}

/// JSON:API keeps the names of a to z for itself, `include` and `sort` among them; all others are free for anything.
fn is_reserved(family: &str) -> bool {
    family.bytes().all(|byte| byte.is_ascii_lowercase())
}

impl Asked {
    /// Takes over what a parameter asks for, or notes that it is not served.
    fn take(&mut self, fields: &mut Fields, name: &str, value: String) {
        match family(name) {
            ("page", Some("number")) => self.page = number(fields, name, value, usize::MAX).unwrap_or(1),
            ("page", Some("size")) => self.size = number(fields, name, value, MOST).unwrap_or(DEFAULT),
            ("page", _) => fields.fault(name, "is not served; pages are asked for by page[number] and page[size]."),
            ("filter", Some(filter)) => drop(self.filters.insert(filter.to_owned(), value)),
            ("filter", None) => fields.fault(name, "is not served; filters are written filter[NAME]=eq:ID."),
            ("fields", Some(kind)) => {
                let names = value.split(',').map(|name| name.trim().to_owned()).collect();
                self.fields.insert(kind.to_owned(), names);
            }
            ("fields", None) => fields.fault(name, "is not served; fields are asked for by fields[TYPE]."),
            (family, _) if is_reserved(family) => fields.fault(name, "is not served; leave it out."),
            _ => {}
        }
    }

    /// The ids that a list is filtered by, each as `filter[relation.id]=eq:ID`, in the order of `served`.
    ///
    /// # Errors
    /// When it is filtered by something else, or by what is no id.
    pub fn filters<const N: usize>(&self, served: [&str; N]) -> Result<[Option<ShortId>; N], ApiError> {
        let mut fields = Fields::default();
        for name in self.filters.keys().filter(|name| !served.contains(&name.as_str())) {
            let known = served.map(|name| format!("filter[{name}]")).join(", ");
            let known = if known.is_empty() { "none".to_owned() } else { known };
            fields.fault(&format!("filter[{name}]"), format!("is not served here; filters are: {known}."));
        }
        let ids = served.map(|name| {
            let given = self.filters.get(name).map_or(Given::Nothing, |value| Given::Value(value.clone()));
            let read = |text: &str| text.strip_prefix("eq:").unwrap_or(text).parse::<ShortId>();
            fields.parse(&format!("filter[{name}]"), given, read)
        });
        Ok(fields.finish(Some(ids))?)
    }

    /// The places of the page's resources among all.
    #[must_use]
    pub fn places(&self) -> std::ops::Range<usize> {
        let start = (self.page - 1).saturating_mul(self.size);
        start..start.saturating_add(self.size)
    }

    /// The page's resources, and how many there are in all.
    #[must_use]
    pub fn page_of<T>(&self, all: impl IntoIterator<Item = T>) -> (Vec<T>, usize) {
        let (places, mut total) = (self.places(), 0);
        let mut page = Vec::new();
        for one in all {
            if places.contains(&total) {
                page.push(one);
            }
            total += 1;
        }
        (page, total)
    }

    /// Leaves out of a document's resources what was not asked for.
    pub(super) fn narrow(&self, document: &mut Value) {
        match &mut document["data"] {
            Value::Array(resources) => resources.iter_mut().for_each(|one| self.narrow_one(one)),
            one => self.narrow_one(one),
        }
    }

    fn narrow_one(&self, resource: &mut Value) {
        let kind = resource["type"].as_str().unwrap_or_default();
        let Some(wanted) = self.fields.get(kind) else { return };
        for members in ["attributes", "relationships"] {
            if let Some(members) = resource[members].as_object_mut() {
                members.retain(|name, _| wanted.contains(name));
            }
        }
    }

    /// The query string of another page of the same list.
    pub(super) fn query_of(&self, page: usize) -> String {
        let filters = self.filters.iter().map(|(name, value)| (format!("filter[{name}]"), value.clone()));
        let fields = self.fields.iter().map(|(kind, names)| {
            let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
            names.sort_unstable();
            (format!("fields[{kind}]"), names.join(","))
        });
        let page = [("page[number]".to_owned(), page.to_string()), ("page[size]".to_owned(), self.size.to_string())];
        let all = filters.chain(fields).chain(page);
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish()
    }
}
