//! What the API's description says of every route of JSON:API alike: who may ask, for what of it, and how it is refused.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, RefOr, Required, Response};
use utoipa::{IntoResponses, PartialSchema, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;

use super::errors::{ErrorDocument, NotChanged, NotCreated, NotDeleted, NotTaken, Refusals};
use super::media::AnswerType;
use crate::App;

const TAG: &str = "Voice JSON:API";

type Responses = BTreeMap<String, RefOr<Response>>;

/// The routes with that in what is said of them. What a handler says itself stands.
pub(super) fn described((mut schemas, mut paths, router): UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    for (path, item) in &mut paths.paths {
        describe(path, item);
    }
    schemas.push((ErrorDocument::name().into_owned(), ErrorDocument::schema()));
    ErrorDocument::schemas(&mut schemas);
    (schemas, paths, router)
}

fn describe(path: &str, item: &mut PathItem) {
    let kind = AnswerType::kind_at(path);
    let lists = !path.contains('{');
    if let Some(operation) = item.get.as_mut().filter(|_| lists) {
        query(operation, "page[number]", "Which page, from 1.", u32::schema());
        let size = "How many resources it has, 1 to 100; 50 by default.";
        query(operation, "page[size]", size, u32::schema());
    }
    for operation in [&mut item.get, &mut item.post, &mut item.patch].into_iter().flatten() {
        let fields = "Which attributes and relationships to show of them, with commas between.";
        query(operation, &format!("fields[{kind}]"), fields, String::schema());
    }
    let methods = [
        (&mut item.get, BTreeMap::new()),
        (&mut item.post, with(NotTaken::responses(), NotCreated::responses())),
        (&mut item.patch, with(NotTaken::responses(), NotChanged::responses())),
        (&mut item.delete, NotDeleted::responses()),
    ];
    for (operation, refusals) in methods {
        if let Some(operation) = operation {
            admit(operation);
            refuse(operation, refusals);
            speak(operation);
        }
    }
}

fn with(mut responses: Responses, more: Responses) -> Responses {
    responses.extend(more);
    responses
}

/// A parameter that may be left out.
fn query(operation: &mut Operation, name: &str, description: &str, schema: RefOr<utoipa::openapi::Schema>) {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema));
    operation.parameters.get_or_insert_default().push(parameter.build().into());
}

/// It is for who has an API key.
fn admit(operation: &mut Operation) {
    operation.tags = Some(vec![TAG.to_owned()]);
    operation.security = Some(vec![SecurityRequirement::new::<_, _, String>("basic_api_key", [])]);
}

/// What it can be refused with, for being what it is and for its method.
fn refuse(operation: &mut Operation, of_its_method: Responses) {
    let responses = &mut operation.responses.responses;
    for (status, refusal) in Refusals::responses().into_iter().chain(of_its_method) {
        responses.entry(status).or_insert(refusal);
    }
}

/// Its bodies come and go as JSON:API and as plain JSON; those of a bulk, which is described as such, as that too.
fn speak(operation: &mut Operation) {
    let mut types = vec![AnswerType::JsonApi.content_type(), AnswerType::Json.content_type()];
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        let bulk = AnswerType::Bulk.content_type();
        types.extend(body.content.contains_key(bulk).then_some(bulk));
        let given = body.content.values().next().cloned();
        body.content.extend(under(&types, given));
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let given = response.content.values().next().cloned();
            response.content.extend(under(&types, given));
        }
    }
}

/// The content under each media type, where there is any.
fn under(types: &[&str], content: Option<RefOr<Content>>) -> impl Iterator<Item = (String, RefOr<Content>)> {
    types.iter().filter_map(move |name| Some(((*name).to_owned(), content.clone()?)))
}
