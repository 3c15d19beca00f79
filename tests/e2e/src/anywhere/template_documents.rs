//! Every email example of the two documents about it, as it is written there, with the template that they speak of. Its
//! id and the domain alone are other ones.

use hub_fixture::{AnyHub, Caller};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::anywhere::documents::{self, SAVED_TEMPLATE};
use crate::problem::problem;
use crate::requests::with;
use crate::setup::template;

/// The body of a template, "as stored on your account".
const BODY: &str = "<p>Dear {{CUSTOMER_NAME}},</p>
<p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p>
<p>Your advisor {{AGENT_NAME}} can answer any questions.</p>
<p>Best regards,<br/>{{ORGANIZATION_NAME}}</p>";

/// The id that the examples have in place of that of a template.
const EXAMPLE_ID: &str = "550e8400-e29b-41d4-a716-446655440000";

/// The customer of the other document.
async fn aventora() -> (AnyHub, Caller) {
    let hub = AnyHub::reach().await;
    let aventora = hub.tenant("aventora", 10).await;
    (hub, aventora)
}

/// A hub with the documents' template, on the domain that an example is of.
struct Documented {
    hub: AnyHub,
    caller: Caller,
    made: Value,
}

impl Documented {
    async fn new((hub, caller): (AnyHub, Caller)) -> Self {
        let fields = json!({"name": "Policy renewal", "subjectTemplate": "Your policy renewal", "bodyHtml": BODY});
        let made = template(&hub, &caller, fields).await;
        Self { hub, caller, made }
    }

    /// An example with the id of the template that is there.
    fn example(&self, body: &str) -> Value {
        let id = self.made["id"].as_str().expect("an id");
        documents::example(&self.caller, &body.replace(EXAMPLE_ID, id))
    }

    async fn started(&self, body: Value) -> Value {
        let id = self.hub.started(&self.caller, body).await;
        self.hub.until_status(&self.caller, &id, "Completed").await;
        self.hub.messages_of(&self.caller).await.remove(0)
    }

    /// The mail of an example of `/start`.
    async fn direct(&self, body: Value) -> Value {
        let answer = self.hub.post(&self.caller, "/start", body).await.expect(200);
        assert_eq!((&answer["status"], &answer["phone_number"]), (&json!("call_initiated"), &json!("n/a")));
        assert_eq!(answer["billing_request_id"], answer["call_sid"]);
        let sid = answer["call_sid"].as_str().expect("a sid");
        let call = self.hub.get(&self.caller, &format!("/calls/{sid}")).await.expect(200);
        assert_eq!((&call["status"], &call["outcome"]), (&json!("Done"), &json!("delivered")));
        self.hub.messages_of(&self.caller).await.remove(0)
    }
}

/// The mail of the documents' template.
fn is_renewal(mail: &Value, [customer, advisor, organization]: [&str; 3]) {
    assert_eq!((&mail["subject"], &mail["contact"]), (&json!("Your policy renewal"), &json!("customer@example.com")));
    let body = format!(
        "<p>Dear {customer},</p>\n<p>Policy <strong>POL-2026-8842</strong> renews on June 15, 2026.</p>\n\
         <p>Your advisor {advisor} can answer any questions.</p>\n<p>Best regards,<br>{organization}</p>"
    );
    let html = mail["html"].as_str().expect("html").replace('\r', "");
    assert!(html.contains(&body), "{html}");
}

// start-api.md, "Example — email with a saved template"
#[tokio::test(flavor = "multi_thread")]
async fn the_email_with_a_saved_template() {
    let documented = Documented::new(acme().await).await;
    let body = documented.example(SAVED_TEMPLATE);
    let expected = ["Alex Morgan", "Jamie Lee", "Acme Insurance"];
    is_renewal(&documented.started(body.clone()).await, expected);
    let mut by_name = with(body, json!({"email_template_name": "Policy renewal"}));
    by_name["email_template_id"].take();
    is_renewal(&documented.started(by_name.clone()).await, expected);
    // "May be sent at the top level or inside context".
    let fields = ["email_subject", "email_template_name", "email_template_params"];
    by_name["context"] = fields.into_iter().map(|field| (field.to_owned(), by_name[field].take())).collect();
    is_renewal(&documented.started(by_name).await, expected);
}

// start-api.md, "Saved template"
const DIRECT: &str = r#"{
"channel": "email",
"type": "informational",
"domain_name": "acme",
"email_address": "customer@example.com",
"email_template_id": "550e8400-e29b-41d4-a716-446655440000",
"email_subject": "Your policy renewal",
"email_template_params": {
"policy_number": "POL-2026-8842",
"renewal_date": "June 15, 2026"
}
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_direct_email_with_a_saved_template() {
    let documented = Documented::new(acme().await).await;
    let mail = documented.direct(documented.example(DIRECT)).await;
    is_renewal(&mail, ["customer@example.com", "", "Acme Insurance"]);
    let client_email = DIRECT.replace("email_address", "client_email");
    let mail = documented.direct(documented.example(&client_email)).await;
    is_renewal(&mail, ["customer@example.com", "", "Acme Insurance"]);
}

// outbound-email.md, "Example request"
const OUTBOUND: &str = r#"{
"channel": "email",
"type": "informational",
"domain_name": "aventora",
"email_address": "customer@example.com",
"client_name": "Alex Morgan",
"email_subject": "Your policy renewal",
"email_template_id": "550e8400-e29b-41d4-a716-446655440000",
"email_template_params": {
"policy_number": "POL-2026-8842",
"renewal_date": "June 15, 2026",
"agent_name": "Jamie Lee"
}
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_example_request_of_outbound_email() {
    let documented = Documented::new(aventora().await).await;
    let body = documented.example(OUTBOUND);
    let expected = ["Alex Morgan", "Jamie Lee", "Test &amp; Co"];
    is_renewal(&documented.direct(body.clone()).await, expected);
    // "template_params is accepted as an alias".
    let alias = documented.example(&OUTBOUND.replace("email_template_params", "template_params"));
    is_renewal(&documented.direct(alias).await, expected);
    // "Fields may be top-level or nested under body".
    let (mut outer, mut inner) = (json!({"domain_name": documented.caller.domain_name}), body);
    inner["domain_name"].take();
    outer["body"] = inner;
    is_renewal(&documented.direct(outer).await, expected);
}

// outbound-email.md, "Example — inline HTML"
const INLINE: &str = r#"{
"channel": "email",
"type": "informational",
"domain_name": "aventora",
"email_address": "customer@example.com",
"client_name": "Alex Morgan",
"email_subject": "Your policy renewal",
"email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p><p>Regards,<br/>{{ORGANIZATION_NAME}}</p>",
"email_template_params": {
"policy_number": "POL-2026-8842",
"renewal_date": "June 15, 2026"
}
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_inline_html_of_outbound_email() {
    let documented = Documented::new(aventora().await).await;
    let body = documented.example(INLINE);
    let mail = documented.direct(body.clone()).await;
    assert_eq!(mail["subject"], "Your policy renewal");
    let html = "<p>Dear Alex Morgan,</p><p>Policy <strong>POL-2026-8842</strong> renews on June 15, 2026.</p>\
        <p>Regards,<br>Test &amp; Co</p>";
    assert!(mail["html"].as_str().is_some_and(|text| text.contains(html)), "{mail}");
    let id = documented.made["id"].clone();
    for template in [json!({"email_template_id": id}), json!({"email_template_name": "Policy renewal"})] {
        problem(&documented.hub.post(&documented.caller, "/start", with(body.clone(), template)).await, 400);
    }
}

// start-api.md, "Example response" of the templates' list: each has these fields and no other.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_templates() {
    let documented = Documented::new(acme().await).await;
    let path = documented.caller.at("/account-settings/email-templates");
    let list = documented.hub.get(&documented.caller, &path).await.expect(200);
    let listed = json!({"templates": [{
        "id": documented.made["id"],
        "name": "Policy renewal",
        "subjectTemplate": "Your policy renewal",
        "customPlaceholderKeys": ["AGENT_NAME", "POLICY_NUMBER", "RENEWAL_DATE"],
    }]});
    assert_eq!(list, listed);
}
