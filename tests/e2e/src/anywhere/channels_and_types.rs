//! Channels, types, and what must be set up for them (checklist D).

use serde_json::json;

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::{problem, state};
use crate::requests::{ALEX, integration, with};

// D1
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_channel_or_type_is_told_with_those_that_are_known() {
    let (hub, acme) = acme_in_test_mode().await;
    for (field, word, known) in [
        ("channel", "pigeon", "phone, sms, wmsg, wvoice, email"),
        ("channel", "Phone", "phone, sms, wmsg, wvoice, email"),
        ("type", "gossip", "informational, conversational, confirmational, appointment_booking"),
        ("language", "it", "en, es, fr, de, pt, zh, fa, ar, hi, ja, ko"),
    ] {
        for path in ["/integration/start", "/start"] {
            let answer = hub.post(&acme, path, with(integration(&acme, "phone", ALEX), json!({field: word}))).await;
            let detail = problem(&answer, 400);
            assert!(detail.contains(known) && detail.contains(word), "{detail}");
            assert_eq!(answer.faulty_fields(), [field]);
        }
    }
}

// D2
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_not_enabled_is_told() {
    let (hub, acme) = acme_in_test_mode().await;
    hub.set_domain(&acme.domain_name, json!({"channels": ["sms"]})).await;
    let before = state(&hub, &acme).await;
    for (channel, contact) in [("phone", ALEX), ("wmsg", ALEX), ("wvoice", ALEX), ("email", "a@example.com")] {
        let answer = hub.post(&acme, "/integration/start", integration(&acme, channel, contact)).await;
        assert!(problem(&answer, 400).contains(&format!("{channel} is not enabled")));
        assert_eq!(answer.faulty_fields(), ["channel"]);
    }
    assert_eq!(state(&hub, &acme).await, before);
    hub.started(&acme, integration(&acme, "sms", ALEX)).await;
}

// D2, E9
#[tokio::test(flavor = "multi_thread")]
async fn email_without_a_sender_is_told() {
    let (hub, acme) = acme().await;
    hub.put(&acme, "/account-settings/outbound-email", json!({"domain_name": acme.domain_name})).await.expect(200);
    let answer = hub.post(&acme, "/integration/start", integration(&acme, "email", "a@example.com")).await;
    assert!(problem(&answer, 400).contains("PUT /account-settings/outbound-email"));
    let set = json!({"domain_name": acme.domain_name, "from": "Acme <hello@acme.example>"});
    hub.put(&acme, "/account-settings/outbound-email", set).await.expect(200);
    hub.until_seen("the sender counts", async || {
        let answer = hub.post(&acme, "/integration/start", integration(&acme, "email", "a@example.com")).await;
        if answer.status == 200 { Ok(()) } else { Err(answer.body.to_string()) }
    })
    .await;
}
