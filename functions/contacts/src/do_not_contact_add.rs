//! `POST /contacts/do-not-contact`: contact someone no more, or a file of people (checklist N2).

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use hub_auth::Caller;
use hub_engagements::{Hub, domain_of};
use hub_models::contact::Contact;
use hub_models::do_not_contact::{AddedBy, DoNotContact, Entry, Reason, Scope};
use hub_models::domain::DomainName;
use hub_models::fault::Faults;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Fields, Given, JsonOrCsv, Problem, QueryFields};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::contacts::Contacts;
use crate::import::{ImportedContacts, import};
use crate::listed::ListedContact;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("contacts-do-not-contact-add", routes!(handle))
}

/// A contact to be left alone.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct NewDoNotContact {
    /// Your tenant domain.
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// The phone number or email address.
    #[schema(value_type = String, example = "+14165551234")]
    contact: Given<String>,
    /// The same as `contact`.
    #[schema(value_type = Option<String>)]
    phone_number: Given<String>,
    /// The same as `contact`.
    #[schema(value_type = Option<String>)]
    email: Given<String>,
    /// The same as `contact`.
    #[schema(value_type = Option<String>)]
    email_address: Given<String>,
    /// The channel to close: `phone`, `sms`, `wmsg`, `wvoice`, `email`, or `all`, which is the default.
    #[schema(value_type = Option<String>, example = "sms")]
    channel: Given<String>,
    /// Several channels to close.
    #[schema(value_type = Option<Vec<String>>)]
    channels: Given<Vec<String>>,
    /// Why, in at most 300 characters.
    #[schema(value_type = Option<String>, example = "Asked by phone not to be called again.")]
    reason: Given<String>,
}

/// One contact that is on the list now, or what became of a file.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum AddedContacts {
    One(ListedContact),
    Many(ImportedContacts),
}

/// Adds a contact to the do-not-contact list, or every contact of a CSV file.
///
/// A channel that has an entry keeps it, with its first reason; where `all` is closed, a single channel gets an entry of its
/// own beside that. A file of at most 10,000 rows, and as many contacts, has a header that names its columns in any order,
/// each once: `contact` (or `phone_number`, `phone`, `email`, `email_address`), `channel` (empty for all; several with spaces
/// between them) and `reason`; other columns are not read. A file of contacts alone needs no header. Rows that cannot be
/// read are skipped and named. The file's `domain_name` goes into the query. A file that is not in UTF-8 comes as
/// `application/csv`.
#[utoipa::path(
    post, path = "/contacts/do-not-contact", tag = "Contacts",
    params(("domain_name" = Option<String>, Query, description = "Your tenant domain, where the body is a file.")),
    request_body(content((NewDoNotContact = "application/json"), (String = "text/csv"), (String = "application/csv"))),
    responses(
        (status = 200, body = AddedContacts),
        (status = 400, body = Problem, description = "A value or the file cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 413, body = Problem, description = "The body is larger than 1 MB."),
        (status = 415, body = Problem, description = "The body is neither JSON nor CSV."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, api_key_id, .. }: Authorized<AccountSettings>,
    query: QueryFields,
    body: JsonOrCsv,
) -> Result<Json<AddedContacts>, ApiError> {
    let added_by = AddedBy::ApiKey { api_key_id };
    let answer = match body {
        JsonOrCsv::Json(object) => AddedContacts::One(add_one(&hub, &caller, added_by, object.read()?).await?),
        JsonOrCsv::Csv(file) => AddedContacts::Many(add_file(&hub, &caller, added_by, query, &file).await?),
    };
    Ok(Json(answer))
}

async fn add_one(
    hub: &Hub,
    caller: &Caller,
    added_by: AddedBy,
    new: NewDoNotContact,
) -> Result<ListedContact, ApiError> {
    let New { domain_name, contact, scopes, reason } = new.read()?;
    domain_of(hub, caller.account_id(), &domain_name).await?;
    let entry = Entry { reason, added_by, added_at: hub.clock.now() };
    let added = hub.store.add_do_not_contact(&domain_name, &DoNotContact::new(contact, scopes, &entry)).await?;
    Ok(added.now.into())
}

async fn add_file(
    hub: &Hub,
    caller: &Caller,
    added_by: AddedBy,
    mut query: QueryFields,
    file: &Bytes,
) -> Result<ImportedContacts, ApiError> {
    let mut fields = Fields::default();
    let domain_name = fields.required("domain_name", query.take("domain_name"), str::parse::<DomainName>);
    let contacts = Contacts::read(file).map_err(|error| fields.fault("body", error)).ok();
    let (domain_name, contacts) = fields.finish(domain_name.zip(contacts))?;
    domain_of(hub, caller.account_id(), &domain_name).await?;
    Ok(import(hub, &domain_name, &added_by, contacts).await?)
}

/// A contact to be left alone, read.
struct New {
    domain_name: DomainName,
    contact: Contact,
    scopes: BTreeSet<Scope>,
    reason: Reason,
}

impl NewDoNotContact {
    fn read(self) -> Result<New, Faults> {
        let mut fields = Fields::default();
        let domain_name = fields.required("domain_name", self.domain_name, str::parse);
        let named = fields.either(("contact", self.contact), ("phone_number", self.phone_number));
        let named = fields.either(named, ("email", self.email));
        let (name, given) = fields.either(named, ("email_address", self.email_address));
        let contact = fields.required(name, given, str::parse);
        let scopes = scopes(&mut fields, self.channel, self.channels);
        let reason = fields.parse("reason", self.reason, Reason::parse).unwrap_or_default();
        let new = domain_name.zip(contact).map(|(domain_name, contact)| New { domain_name, contact, scopes, reason });
        fields.finish(new)
    }
}

fn scopes(fields: &mut Fields, channel: Given<String>, channels: Given<Vec<String>>) -> BTreeSet<Scope> {
    let one = fields.parse("channel", channel, str::parse);
    let words = fields.value("channels", channels).unwrap_or_default();
    let several = words.into_iter().filter_map(|word| fields.parse("channels", Given::Value(word), str::parse));
    let scopes: BTreeSet<Scope> = several.chain(one).collect();
    if scopes.is_empty() { BTreeSet::from([Scope::All]) } else { scopes }
}
