//! No line of the log has a body, a key or a contact in it, whatever is asked and whatever goes wrong.
//!
//! It is a process of its own: tests beside it that log to nobody would now and then take its lines from it.

#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "a test that cannot go on must stop")]

use std::io::{Read, Seek};
use std::sync::Mutex;

use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Rule, Service};
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// Stands in everything that is said to or about a contact, so that it can be looked for.
const MARK: &str = "hush";

/// The digits that stand in every phone number.
const DIGITS: &str = "5550142";

fn email(contact: &str) -> Value {
    json!({"channel": "email", "phone_number": contact, "domain_name": "acme", "source_record_id": "1",
        "source_org_id": "acme", "client_name": format!("Mr {MARK}"), "email_subject": format!("Subject {MARK}"),
        "email_body_html": format!("<p>{MARK} {{{{CODE}}}}</p>"), "email_template_params": {"code": MARK},
        "context": {"note": MARK}})
}

fn call(channel: &str) -> Value {
    json!({"channel": channel, "phone_number": format!("+1416{DIGITS}"), "domain_name": "acme",
        "source_record_id": "1", "source_org_id": "acme", "instruction": format!("Say {MARK}.")})
}

fn fault(kind: Kind, service: Service, operation: &str) -> Rule {
    Rule::new(kind).on(service, operation)
}

async fn until_postponed(hub: &TestHub, caller: &Caller, id: &str) {
    hub.until(&format!("{id} is postponed"), || async {
        let report = hub.report(caller, id).await.to_string();
        if report.contains("\"Postponed\"") { Ok(()) } else { Err(report) }
    })
    .await;
}

async fn what_goes_well(hub: &TestHub, acme: &Caller) {
    let id = hub.started(acme, email(&format!("{MARK}@example.com"))).await;
    hub.sent_report(acme, &id).await;
    for channel in ["sms", "phone", "wmsg"] {
        let id = hub.started(acme, call(channel)).await;
        hub.until_status(acme, &id, "Completed").await;
    }
    let direct = json!({"channel": "email", "email_address": format!("{MARK}2@example.com"), "domain_name": "acme",
        "instruction": format!("Say {MARK}.")});
    hub.post(acme, "/start", direct).await.expect(200);
    let listed = json!({"domain_name": "acme", "contact": format!("{MARK}3@example.com"), "reason": MARK});
    hub.post(acme, "/contacts/do-not-contact", listed).await.expect(200);
    hub.post(acme, "/integration/start", email(&format!("{MARK}3@example.com"))).await.expect(403);
    hub.get(acme, &format!("/integration/engagements?domain_name=acme&contact={MARK}%40example.com")).await.expect(200);
}

/// Gives what opens the result of the call that it has triggered.
async fn what_the_dialects_bring(hub: &TestHub, acme: &Caller, receiver: &MockServer) -> String {
    let workspace = json!({"workspace_id": "ws-1", "domain_name": "acme",
        "jwt": {"alg": "HS256", "secret": MARK.repeat(8)}});
    let path = format!("/admin/accounts/{}/workspaces", acme.account_id);
    hub.admin(Method::POST, &path, Some(workspace)).await.expect(201);
    // {"alg":"HS256"}.{"workspaceId":"ws-1","exp":"hush"}
    let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJ3b3Jrc3BhY2VJZCI6IndzLTEiLCJleHAiOiJodXNoIn0.{MARK}");
    hub.call(Method::POST, "/rest/aventora/start-engagement", &token, Some(call("sms")), &[]).await.expect(401);
    let trigger = json!({"Project": "acme", "Tenant": MARK, "ConversationId": MARK, "AccessToken": acme.api_key,
        "OrchestratorUrl": receiver.uri(), "ScenarioPath": MARK, "EndUser": {"Name": format!("Mr {MARK}")},
        "ScenarioInputParameters": [{"Name": "_DisplayNumber", "Value": format!("+1416{DIGITS}")},
            {"Name": "_Destination", "Value": format!("+1416{DIGITS}")}, {"Name": MARK, "Value": MARK}],
        "ResultDestination": format!("{}/{MARK}", receiver.uri()), "SendResultImmediately": true});
    let triggered = hub.post(acme, "/v2/call", trigger).await.expect(200);
    let unique_id = triggered["UniqueId"].as_str().expect("a UniqueId").to_owned();
    hub.until("the call has ended", || async {
        let told = hub.post(acme, "/v2/callresult", json!({"UniqueIds": [unique_id]})).await.expect(200);
        if told["CallResults"][0]["CallState"] == "Answered" { Ok(()) } else { Err(told.to_string()) }
    })
    .await;
    unique_id
}

async fn what_is_asked_wrongly(hub: &TestHub, acme: &Caller) {
    hub.post(acme, "/integration/start", call("email")).await.expect(400);
    hub.call(Method::POST, "/integration/start", MARK, Some(call("sms")), &[]).await.expect(403);
    hub.get(acme, &format!("/nothing/{MARK}@example.com")).await.expect(404);
    hub.get(acme, &format!("/integration/engagement/{MARK}@example.com")).await.expect(404);
    let broken = hub.request(Method::POST, "/integration/start").bearer_auth(&acme.api_key);
    hub.send(broken.header("Content-Type", "application/json").body(format!("{{\"{MARK}"))).await.expect(400);
}

async fn what_goes_wrong(hub: &TestHub, acme: &Caller) {
    let faults = hub.local.embedded.faults();
    faults.inject(fault(Kind::Throttle, Service::Ses, "SendEmail"));
    let id = hub.started(acme, email(&format!("{MARK}4@example.com"))).await;
    until_postponed(hub, acme, &id).await;
    faults.inject(fault(Kind::TimeoutBeforeEffect, Service::Sqs, "SendMessage"));
    hub.started(acme, call("sms")).await;
    faults.clear();
    faults.inject(fault(Kind::TimeoutBeforeEffect, Service::DynamoDb, "TransactWriteItems"));
    hub.post(acme, "/integration/start", email(&format!("{MARK}5@example.com"))).await.expect(503);
    faults.clear();
}

#[tokio::test]
async fn no_line_has_a_body_a_key_or_a_contact_in_it() {
    let mut log = tempfile::tempfile().unwrap();
    let lines = hub_runtime::json_log(Mutex::new(log.try_clone().unwrap()), "debug");
    tracing::subscriber::set_global_default(lines).unwrap();
    let receiver = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(500).set_body_string(MARK)).mount(&receiver).await;
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let webhook = json!({"domain_name": "acme", "url": receiver.uri(), "secret": format!("whsec_{MARK}{MARK}{MARK}")});
    hub.put(&acme, "/account-settings/webhook", webhook).await.expect(200);
    what_goes_well(&hub, &acme).await;
    let unique_id = what_the_dialects_bring(&hub, &acme, &receiver).await;
    what_is_asked_wrongly(&hub, &acme).await;
    what_goes_wrong(&hub, &acme).await;
    hub.until_quiet().await;
    let mut text = String::new();
    log.rewind().unwrap();
    log.read_to_string(&mut text).unwrap();
    for said in [
        "\"accepted\"",
        "\"moved\"",
        "\"answered\"",
        "\"webhook called\"",
        "\"handed to its scenario\"",
        "\"WARN\"",
        "\"ERROR\"",
    ] {
        assert!(text.contains(said), "the log does not show {said}, so this proves little");
    }
    let credentials = &hub.local.credentials;
    for secret in [MARK, DIGITS, "example.com", &credentials.api_key, &credentials.operator_key, &unique_id[24..]] {
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}
