//! Setting a domain's carrier (checklist M1).

use hub_fixture::twilio::AUTH_TOKEN;
use hub_fixture::{Answer, TestHub};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Line, TEMPLATE, carrier};
use crate::requests::{ALEX, integration, with, without};

const PATH: &str = "/admin/domains/acme/carrier";

async fn asked(line: &Line, method: Method) -> Answer {
    line.hub.admin(method, PATH, None).await
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_carrier_is_shown_without_its_token() {
    let line = Line::open().await;
    let shown = asked(&line, Method::GET).await.expect(200);
    assert!(!shown.to_string().contains(AUTH_TOKEN), "{shown}");
    insta::assert_json_snapshot!(shown, {".set_at" => "[time]", ".inbound_message_url" => "[url]"}, @r#"
    {
      "account_sid": "AC00000000000000000000000000000001",
      "domain_name": "acme",
      "inbound_message_url": "[url]",
      "provider": "twilio",
      "rates": {
        "calls": 1000,
        "sms": 1000,
        "whatsapp": 1000
      },
      "set_at": "[time]",
      "sms_from": "+14165550101",
      "voice_from": "+14165550100",
      "whatsapp_calls": true,
      "whatsapp_from": "+14165550102",
      "whatsapp_template": {
        "content_sid": "HX00000000000000000000000000000001",
        "languages": {
          "ar": "HX00000000000000000000000000000002"
        }
      }
    }
    "#);
    let url = format!("{}/carriers/twilio/message/inbound?domain_name=acme", line.hub.base_url);
    assert_eq!(shown["inbound_message_url"], json!(url));
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_carrier_that_is_removed_is_used_no_more() {
    let line = Line::open().await;
    asked(&line, Method::DELETE).await.expect(200);
    for method in [Method::GET, Method::DELETE] {
        asked(&line, method).await.expect(404);
    }
    let id = line.start("sms", ALEX).await;
    line.until(&id, "Completed").await;
    assert_eq!((line.twilio.asked(), line.hub.messages("").await.len()), (0, 1));
    line.set(carrier()).await.expect(200);
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_without_its_sender_is_not_set_up() {
    let line = Line::open_with(json!({"sms_from": null, "whatsapp_calls": false})).await;
    for (channel, setting) in [("sms", "sms_from"), ("wvoice", "whatsapp_from with whatsapp_calls")] {
        let refused = line.hub.post(&line.acme, "/integration/start", integration(&line.acme, channel, ALEX)).await;
        let detail = refused.text("detail").to_owned();
        assert_eq!(
            (refused.status, detail.as_str()),
            (
                400,
                format!(
                    "Channel {channel} is not set up for domain \"acme\": its carrier has no {setting}; have the \
                     operator set it."
                )
                .as_str()
            )
        );
    }
    for channel in ["phone", "wmsg"] {
        line.start(channel, ALEX).await;
    }
}

// A3
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_carrier_is_told_at_once() {
    let line = Line::without_carrier().await;
    let bad = json!({
        "provider": "acme",
        "account_sid": "AC1",
        "voice_from": "call me",
        "whatsapp_calls": "yes",
        "whatsapp_template": {"content_sid": "HX1", "languages": {"ar": 2, "tlh": TEMPLATE}},
        "rates": {"calls": 0, "sms": 1.5},
    });
    let refused = line.set(bad).await;
    assert_eq!(refused.status, 400);
    insta::assert_json_snapshot!(refused.faulty_fields(), @r#"
    [
      "provider",
      "account_sid",
      "auth_token",
      "voice_from",
      "whatsapp_calls",
      "whatsapp_template.languages.ar",
      "whatsapp_template.languages.tlh",
      "whatsapp_template.content_sid",
      "rates.calls",
      "rates.sms"
    ]
    "#);
    let none = ["voice_from", "sms_from", "whatsapp_from"].into_iter().fold(carrier(), without);
    assert_eq!(line.set(none).await.faulty_fields(), ["voice_from"]);
    asked(&line, Method::GET).await.expect(404);
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_sets_carriers_and_only_for_domains_that_are_there() {
    let line = Line::without_carrier().await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let body = (method == Method::PUT).then(carrier);
        let answer = line.hub.call(method.clone(), PATH, &line.acme.api_key, body.clone(), &[]).await;
        assert_eq!(answer.status, 403);
        line.hub.admin(method, "/admin/domains/nobody/carrier", body).await.expect(404);
    }
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_twilio_cannot_reach_takes_no_carrier() {
    let hub = TestHub::start().await;
    let refused = hub.admin(Method::PUT, PATH, Some(carrier())).await;
    assert_eq!((refused.status, refused.faulty_fields()), (400, vec!["provider".to_owned()]));
    assert!(refused.text("detail").contains("HUB_PUBLIC_URL"), "{}", refused.body);
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_is_used_at_once() {
    let line = Line::open_with(json!({"auth_token": "not-the-token"})).await;
    let id = line.start("phone", ALEX).await;
    let report = line
        .hub
        .until("it is told that the credentials are wrong", || async {
            let report = line.report(&id).await;
            let told = report.to_string().contains("does not accept the domain's credentials");
            if told { Ok(report) } else { Err(report.to_string()) }
        })
        .await;
    assert_eq!(report["status"], "Queued");
    line.set(with(carrier(), Value::Object(Default::default()))).await.expect(200);
    line.hub.advance(jiff::SignedDuration::from_secs(10));
    line.placed(&id, ALEX).await;
}
