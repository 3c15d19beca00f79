//! The magic contacts, each with its outcome, in test mode (checklist H2). Outside it, they are in `magic_contacts` above.

use futures::future::join_all;
use hub_fixture::{Caller, Hub};
use serde_json::{Value, json};

use crate::anywhere::acme_in_test_mode;
use crate::requests::{TALKER, integration, with};

/// A channel, a contact, and the status and outcome with which an engagement ends there.
pub(crate) type Case = (&'static str, &'static str, &'static str, &'static str);

/// Those who are informed by voice.
pub(crate) const BY_PHONE: [Case; 10] = [
    ("phone", "+15005550001", "Failed", "invalid_number"),
    ("phone", "+15005550002", "Failed", "busy"),
    ("phone", "+15005550003", "Failed", "no_answer"),
    ("wvoice", "+15005550004", "Failed", "rejected"),
    ("phone", "+15005550005", "Failed", "temporarily_unavailable"),
    ("phone", "+15005550006", "Completed", "answered"),
    ("phone", "+15005550007", "Completed", "voicemail"),
    ("phone", "+15005550008", "Completed", "opted_out"),
    ("phone", "+15005550012", "Failed", "refused"),
    ("phone", "+14165551234", "Completed", "answered"),
];

/// Those who get a message.
pub(crate) const BY_MESSAGE: [Case; 9] = [
    ("sms", "+15005550001", "Failed", "invalid_number"),
    ("wmsg", "+15005550002", "Completed", "delivered"),
    ("sms", "+15005550003", "Completed", "delivered"),
    ("sms", "+15005550004", "Completed", "delivered"),
    ("wmsg", "+15005550005", "Failed", "temporarily_unavailable"),
    ("sms", "+15005550006", "Completed", "delivered"),
    ("sms", "+15005550007", "Completed", "delivered"),
    ("sms", "+15005550008", "Completed", "opted_out"),
    ("wmsg", "+15005550012", "Failed", "refused"),
];

/// Those who get an email.
pub(crate) const BY_EMAIL: [Case; 4] = [
    ("email", "success@simulator.amazonses.com", "Completed", "delivered"),
    ("email", "bounce@simulator.amazonses.com", "Completed", "bounced"),
    ("email", "complaint@simulator.amazonses.com", "Completed", "complained"),
    ("email", "suppressionlist@simulator.amazonses.com", "Completed", "bounced"),
];

/// Those who are talked with.
pub(crate) const TALKING: [Case; 2] =
    [("phone", "+15005550006", "Completed", "conversed"), ("sms", "+15005550011", "Completed", "conversed")];

/// Asserts that engagements with these fields end as their contacts say.
pub(crate) async fn all_end(hub: &Hub, caller: &Caller, cases: &[Case], fields: Value) {
    let ending = cases.iter().map(|(channel, contact, status, outcome)| {
        ends(hub, caller, with(integration(caller, channel, contact), fields.clone()), status, outcome)
    });
    join_all(ending).await;
}

async fn ends(hub: &Hub, caller: &Caller, body: Value, status: &str, outcome: &str) {
    let id = hub.started(caller, body.clone()).await;
    hub.until(&format!("{body} ends as {status} / {outcome}"), async || {
        let report = hub.report(caller, &id).await;
        if report["status"] == status && report["outcome"] == outcome { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn each_number_has_its_outcome_by_phone() {
    let (hub, acme) = acme_in_test_mode().await;
    all_end(&hub, &acme, &BY_PHONE, json!({})).await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn each_number_has_its_outcome_by_message() {
    let (hub, acme) = acme_in_test_mode().await;
    all_end(&hub, &acme, &BY_MESSAGE, json!({})).await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn each_address_has_its_outcome() {
    let (hub, acme) = acme_in_test_mode().await;
    all_end(&hub, &acme, &BY_EMAIL, json!({})).await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn conversations_end_as_their_contact_does() {
    let (hub, acme) = acme_in_test_mode().await;
    all_end(&hub, &acme, &TALKING, json!({"type": "conversational"})).await;
}

/// Starts an engagement that goes on, cancels it, and sees it cancelled.
pub(crate) async fn talks_until_it_is_cancelled(hub: &Hub, caller: &Caller, channel: &str) {
    let id = hub.started(caller, integration(caller, channel, TALKER)).await;
    hub.until_status(caller, &id, "In Progress").await;
    hub.post(caller, "/integration/cancel", json!({"engagement_id": id})).await.expect(200);
    hub.until_status(caller, &id, "Cancelled").await;
}

// H2
#[tokio::test(flavor = "multi_thread")]
async fn the_talker_talks_until_it_is_cancelled() {
    let (hub, acme) = acme_in_test_mode().await;
    for channel in ["phone", "sms"] {
        talks_until_it_is_cancelled(&hub, &acme, channel).await;
    }
}
