//! `GET /contacts/unsubscribe/{token}`: where the unsubscribe link of an email leads (checklist E13).

use axum::extract::{Path, State};
use hub_engagements::{Followed, reader_of};
use hub_web::{App, Endpoint};
use utoipa_axum::routes;

use crate::unsubscribe_page::UnsubscribePage;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("contacts-unsubscribe-show", routes!(handle))
}

/// Asks the reader of an email whether the emails are to end.
///
/// It asks for no key: the token is signed. It changes nothing, because mail programs follow links to look at them.
#[utoipa::path(
    get, path = "/contacts/unsubscribe/{token}", tag = "Contacts",
    params(("token" = String, Path, description = "The token of the link in the email.")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "A page with a button, in the email's language."),
        (status = 404, content_type = "text/html", body = String, description = "A page that says that the link does not work."),
        (status = 503, content_type = "text/html", body = String, headers(("Retry-After" = u32, description = "In seconds.")),
            description = "A page that says to try again: the hub cannot reach its data."),
    )
)]
async fn handle(State(hub): State<App>, Path(token): Path<String>) -> UnsubscribePage {
    match reader_of(&hub, &token).await {
        Ok(Followed::Of(reader)) if reader.unsubscribed => UnsubscribePage::AlreadyDone(reader),
        Ok(Followed::Of(reader)) => UnsubscribePage::Question(reader),
        Ok(Followed::Preview) => UnsubscribePage::Preview,
        Ok(Followed::Unknown) => UnsubscribePage::Invalid,
        Err(error) => UnsubscribePage::not_now(&error),
    }
}
