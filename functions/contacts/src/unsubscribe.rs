//! `POST /contacts/unsubscribe/{token}`: ends the emails to a reader, by the page's button or by one click of a mail
//! program (RFC 8058; checklist E13).

use axum::extract::{Path, State};
use hub_engagements::Followed;
use hub_web::{App, Endpoint};
use utoipa_axum::routes;

use crate::unsubscribe_page::UnsubscribePage;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("contacts-unsubscribe", routes!(handle))
}

/// Ends the emails to whoever the token was sent to.
///
/// It asks for no key: the token is signed. The body is not read; a mail program sends `List-Unsubscribe=One-Click` as a
/// form. Doing it twice is doing it once.
#[utoipa::path(
    post, path = "/contacts/unsubscribe/{token}", tag = "Contacts",
    params(("token" = String, Path, description = "The token of the link in the email.")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "A page that says that the emails are ended."),
        (status = 404, content_type = "text/html", body = String, description = "A page that says that the link does not work."),
        (status = 503, content_type = "text/html", body = String, headers(("Retry-After" = u32, description = "In seconds.")),
            description = "A page that says to try again: the hub cannot reach its data."),
    )
)]
async fn handle(State(hub): State<App>, Path(token): Path<String>) -> UnsubscribePage {
    match hub_engagements::unsubscribe(&hub, &token).await {
        Ok(Followed::Of(reader)) => UnsubscribePage::Done(reader),
        Ok(Followed::Preview) => UnsubscribePage::Preview,
        Ok(Followed::Unknown) => UnsubscribePage::Invalid,
        Err(error) => UnsubscribePage::not_now(&error),
    }
}
