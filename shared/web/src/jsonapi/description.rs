//! What the API's description says of every route of JSON:API alike: media types, and sparse fields.

use utoipa::PartialSchema;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::{Content, RefOr, Required};
use utoipa_axum::router::UtoipaMethodRouter;

use super::media::AnswerType;
use crate::App;

/// The routes with that in what is said of them.
pub(super) fn described((schemas, mut paths, router): UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    for (path, item) in &mut paths.paths {
        for operation in [&mut item.get, &mut item.post, &mut item.patch].into_iter().flatten() {
            narrow(operation, AnswerType::kind_at(path));
        }
        for operation in [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten() {
            speak(operation);
        }
    }
    (schemas, paths, router)
}

/// Its answer has the fields of its resources that are asked for.
fn narrow(operation: &mut Operation, kind: &str) {
    let fields = ParameterBuilder::new()
        .name(format!("fields[{kind}]"))
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("Which attributes and relationships to show of them, with commas between."))
        .schema(Some(String::schema()));
    operation.parameters.get_or_insert_default().push(fields.build().into());
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
