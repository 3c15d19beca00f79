//! Whose templates an email is made from: the domain's, and a user's own where the domain allows it (checklist E3, E10).

use hub_fixture::{AnyHub, Caller};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::{direct, integration, with, without};
use crate::setup::template;

const CUSTOMER: &str = "customer@example.com";

/// A domain with a template, and with two users of whom the first has a template of the same name, and another one.
struct Templates {
    hub: AnyHub,
    acme: Caller,
    users: Value,
    own: Value,
}

impl Templates {
    async fn new(overrides: bool) -> Self {
        let (hub, acme) = acme().await;
        let settings = json!({"domain_name": acme.domain_name, "from": "hello@acme.example",
            "outbound_email_user_overrides_enabled": overrides});
        hub.put(&acme, "/account-settings/outbound-email", settings).await.expect(200);
        let named = async |name: &str, user: Value| {
            let body = format!("<p>{name} of {}</p>", user.as_str().unwrap_or("the domain"));
            template(&hub, &acme, json!({"name": name, "external_user_id": user, "bodyHtml": body})).await
        };
        named("Renewal", Value::Null).await;
        let users = named("Renewal", json!("agent-7")).await;
        let own = named("Own", json!("agent-7")).await;
        Self { hub, acme, users, own }
    }

    /// What an email says, by either way of starting it.
    async fn says(&self, fields: Value) -> Vec<String> {
        let id = self.hub.started(&self.acme, with(integration(&self.acme, "email", CUSTOMER), fields.clone())).await;
        self.hub.until_status(&self.acme, &id, "Completed").await;
        let started = self.hub.message(&id).await;
        self.hub.post(&self.acme, "/start", with(direct(&self.acme, "email", CUSTOMER), fields)).await.expect(200);
        let direct = self.hub.messages_of(&self.acme).await.remove(0);
        [started, direct].iter().map(said).collect()
    }

    async fn all_say(&self, fields: Value, expected: &str) {
        for said in self.says(fields.clone()).await {
            assert!(said.contains(expected), "{fields} said {said}");
        }
    }

    /// That nobody has such a template.
    async fn is_unknown(&self, fields: Value) {
        self.all_say(fields.clone(), "Say hello.").await;
        let body = with(without(integration(&self.acme, "email", CUSTOMER), "instruction"), fields);
        let answer = self.hub.post(&self.acme, "/integration/start", body).await;
        assert!(problem(&answer, 400).contains("Unknown template"));
    }
}

fn said(mail: &Value) -> String {
    mail["text"].as_str().expect("text").to_owned()
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn a_users_own_template_comes_before_the_domains_of_the_same_name() {
    let templates = Templates::new(true).await;
    for field in ["external_user_id", "user_id"] {
        templates.all_say(json!({"email_template_name": "RENEWAL", field: "agent-7"}), "Renewal of agent-7").await;
        templates.all_say(json!({"email_template_name": "Renewal", field: "agent-8"}), "Renewal of the domain").await;
    }
    templates.all_say(json!({"email_template_name": "renewal"}), "Renewal of the domain").await;
    templates.all_say(json!({"email_template_name": "own", "user_id": "agent-7"}), "Own of agent-7").await;
    let by_id = json!({"email_template_id": templates.users["id"], "user_id": "agent-7"});
    templates.all_say(by_id, "Renewal of agent-7").await;
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn a_users_own_template_is_unknown_to_everyone_else() {
    let templates = Templates::new(true).await;
    for reference in [json!({"email_template_id": templates.own["id"]}), json!({"email_template_name": "Own"})] {
        templates.is_unknown(reference.clone()).await;
        templates.is_unknown(with(reference, json!({"external_user_id": "agent-8"}))).await;
    }
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn no_user_has_templates_where_the_domain_does_not_allow_it() {
    let templates = Templates::new(false).await;
    let user = json!({"external_user_id": "agent-7"});
    templates.all_say(with(json!({"email_template_name": "Renewal"}), user.clone()), "Renewal of the domain").await;
    for reference in [json!({"email_template_id": templates.own["id"]}), json!({"email_template_name": "Own"})] {
        templates.is_unknown(with(reference, user.clone())).await;
    }
}
