//! Who a domain's emails may be from, where the operator names it: all domains send through one mail service.

use hub_fixture::{Caller, Hub, unused_name};
use mail_parser::MessageParser;
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::{integration, with};

pub(crate) const SETTINGS: &str = "/account-settings/outbound-email";

pub(crate) const CUSTOMER: &str = "customer@example.com";

pub(crate) async fn allow(hub: &Hub, caller: &Caller, senders: Value) {
    hub.set_domain(&caller.domain_name, json!({"email_senders": senders})).await;
}

/// The fields of a sender, for the domain and for a user.
pub(crate) fn from(caller: &Caller, sender: &str) -> [Value; 2] {
    let fields = json!({"domain_name": caller.domain_name, "from": sender});
    [fields.clone(), with(fields, json!({"external_user_id": "agent-7"}))]
}

/// The address that this user's mail to the customer is from.
pub(crate) async fn sender(hub: &Hub, acme: &Caller, user: &str) -> String {
    let fields = json!({"external_user_id": user, "email_body_html": "<p>Body</p>"});
    let id = hub.started(acme, with(integration(acme, "email", CUSTOMER), fields)).await;
    hub.until_status(acme, &id, "Completed").await;
    let mail = hub.message(&id).await;
    let parsed = MessageParser::default().parse(mail["raw"].as_str().expect("the mail")).expect("a mail");
    parsed.from().and_then(|from| from.first()?.address()).expect("a sender").to_owned()
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_the_operator_does_not_allow_is_refused_for_the_domain_and_for_a_user() {
    let (hub, acme) = acme().await;
    allow(&hub, &acme, json!(["Acme.example", "acme@partner.example"])).await;
    let read = async || hub.get(&acme, &acme.at(SETTINGS)).await.expect(200);
    let before = read().await;
    for fields in from(&acme, "Globex <hello@globex.example>") {
        let answer = hub.put(&acme, SETTINGS, fields).await;
        let detail = problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["from"]);
        assert!(detail.contains("any at acme.example, acme@partner.example"), "{detail}");
    }
    assert_eq!(read().await, before);
    for allowed in ["hello@acme.example", "hello@news.acme.example", "Acme <acme@partner.example>"] {
        for fields in from(&acme, allowed) {
            assert_eq!(hub.put(&acme, SETTINGS, fields).await.expect(200)["from"], allowed);
        }
    }
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn the_operator_names_senders_when_a_domain_is_made_and_later() {
    let (hub, acme) = acme().await;
    let name = unused_name("second");
    let settings = json!({"email_senders": ["Acme.example", "Hello@partner.example"]});
    let made = hub.new_domain(&acme.account_id, &name, settings).await;
    assert_eq!(made["email_senders"], json!(["acme.example", "hello@partner.example"]));
    let path = format!("/admin/domains/{name}");
    let patch = async |settings: Value| hub.admin(Method::PATCH, &path, Some(settings)).await;
    assert_eq!(patch(json!({"customer_dedup_days": 1})).await.expect(200)["email_senders"], made["email_senders"]);
    let both = json!({"email_senders": ["globex.example"], "email_from": "hello@globex.example"});
    let both = patch(both).await.expect(200);
    assert_eq!(
        (&both["email_senders"], &both["email_from"]),
        (&json!(["globex.example"]), &json!("hello@globex.example"))
    );
    for (settings, field) in [
        (json!({"email_from": "hello@acme.example"}), "email_from"),
        (json!({"email_senders": ["acme.example", "acme"]}), "email_senders"),
        (json!({"email_senders": [" "]}), "email_senders"),
        (json!({"email_senders": vec!["acme.example"; 101]}), "email_senders"),
        (json!({"email_senders": "acme.example"}), "email_senders"),
    ] {
        let answer = patch(settings).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field]);
    }
    assert_eq!(hub.domain(&name).await, both);
    assert_eq!(patch(json!({"email_senders": []})).await.expect(200)["email_senders"], json!([]));
}
