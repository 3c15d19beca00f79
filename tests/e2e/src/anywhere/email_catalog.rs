//! The library of ready layouts (checklist E11), each sent as a customer would get it.

use hub_fixture::{Caller, Hub};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::mails::steady;
use crate::problem::problem;
use crate::requests::{integration, with, without};

const PATH: &str = "/account-settings/email-template-catalog";

async fn catalog(hub: &Hub, caller: &Caller) -> Vec<Value> {
    let catalog = hub.get(caller, PATH).await.expect(200);
    catalog["templates"].as_array().cloned().expect("templates")
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}"))
}

/// A request that sends the layout with its sample values.
fn request(caller: &Caller, layout: &Value) -> Value {
    let fields = json!({
        "client_name": "Alex Morgan",
        "email_subject": layout["subjectTemplate"],
        "email_body_html": layout["bodyHtml"],
        "email_template_params": layout["sampleParams"],
    });
    with(without(integration(caller, "email", "customer@example.com"), "instruction"), fields)
}

/// The layout's body with its values in place. None of them has a character that HTML escapes.
fn filled(layout: &Value) -> String {
    let body = text(layout, "bodyHtml").replace("{{CUSTOMER_NAME}}", "Alex Morgan");
    let body = body.replace("{{ORGANIZATION_NAME}}", "Acme Insurance");
    let params = layout["sampleParams"].as_object().expect("sample values");
    params.iter().fold(body, |body, (key, value)| {
        body.replace(&format!("{{{{{}}}}}", key.to_uppercase()), value.as_str().expect("a text"))
    })
}

// E11
#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_lists_at_least_ten_layouts_with_all_that_is_needed_to_use_them() {
    let (hub, acme) = acme().await;
    let layouts = catalog(&hub, &acme).await;
    assert!(layouts.len() >= 10, "{}", layouts.len());
    for layout in &layouts {
        for field in ["id", "name", "description", "subjectTemplate", "bodyHtml"] {
            assert!(!text(layout, field).is_empty(), "{field} in {layout}");
        }
        let keys = layout["customPlaceholderKeys"].as_array().expect("keys");
        let samples = layout["sampleParams"].as_object().expect("sample values");
        assert!(samples.keys().map(|key| key.to_uppercase()).eq(keys.iter().filter_map(Value::as_str)), "{layout}");
    }
}

// E11
#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_is_the_same_for_every_domain_and_needs_the_permission() {
    let (hub, acme) = acme().await;
    let bare = hub.get(&acme, PATH).await.expect(200);
    assert_eq!(hub.get(&acme, &format!("{PATH}?domain_name=nobody")).await.expect(200), bare);
    let starter = hub.with_key(&acme, json!({"name": "starts", "permissions": ["engagements"]})).await;
    let answer = hub.get(&starter, PATH).await;
    assert!(problem(&answer, 403).contains("account_settings"));
}

// E11: what is sent is the layout as it stands, and nothing of it is lost on the way.
#[tokio::test(flavor = "multi_thread")]
async fn every_layout_makes_a_whole_mail_of_its_sample_values() {
    let (hub, acme) = acme().await;
    for layout in catalog(&hub, &acme).await {
        let layout_id = text(&layout, "id");
        let id = hub.started(&acme, request(&acme, &layout)).await;
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert!(!report["history"].to_string().contains("Placeholders"), "{report}");
        let mail = hub.message(&id).await;
        assert!(!mail.to_string().contains("{{"), "{mail}");
        keeps_every_line(text(&mail, "html"), &filled(&layout), layout_id);
        assert_snapshot!(format!("{layout_id}_subject"), text(&mail, "subject"));
        assert_snapshot!(format!("{layout_id}_html"), steady(text(&mail, "html")));
        assert_snapshot!(format!("{layout_id}_text"), steady(text(&mail, "text")));
    }
}

/// The sanitiser has taken nothing away.
fn keeps_every_line(html: &str, body: &str, layout_id: &str) {
    for line in body.lines() {
        assert!(html.contains(line), "{layout_id} lost {line} in {html}");
    }
}
