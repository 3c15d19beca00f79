//! Changing saved email templates, and two who do it at once (checklist E10).

use futures::future::join_all;
use hub_fixture::{Answer, AnyHub, Caller};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::with;
use crate::setup::template;

const PATH: &str = "/account-settings/email-templates";

/// A template, and who may change it.
struct Saved {
    hub: AnyHub,
    acme: Caller,
    made: Value,
}

impl Saved {
    async fn new() -> Self {
        let (hub, acme) = acme().await;
        let made = template(&hub, &acme, json!({})).await;
        Self { hub, acme, made }
    }

    async fn put(&self, changes: Value) -> Answer {
        self.put_if(changes, &[]).await
    }

    async fn put_if(&self, changes: Value, headers: &[(&str, &str)]) -> Answer {
        let body = with(json!({"domain_name": self.acme.domain_name, "id": self.made["id"]}), changes);
        self.hub.call(Method::PUT, PATH, &self.acme.api_key, Some(body), headers).await
    }

    async fn delete_if(&self, more: &str, headers: &[(&str, &str)]) -> Answer {
        let path = format!("{}{more}", self.path());
        self.hub.call(Method::DELETE, &path, &self.acme.api_key, None, headers).await
    }

    fn path(&self) -> String {
        self.acme.at(&format!("{PATH}?id={}", self.made["id"].as_str().expect("an id")))
    }

    async fn shown(&self) -> Value {
        self.hub.get(&self.acme, &self.path()).await.expect(200)
    }
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_change_changes_what_is_given_and_nothing_else() {
    let saved = Saved::new().await;
    let mut expected = saved.made.clone();
    for (field, value) in [
        ("name", "Renewal notice"),
        ("subjectTemplate", "{{AGENT_NAME}} writes"),
        ("bodyHtml", "<p>{{RENEWAL_DATE}}</p>"),
    ] {
        let changed = saved.put(json!({field: value})).await.expect(200);
        expected[field] = json!(value);
        assert!(changed["updatedAt"].as_str() > expected["updatedAt"].as_str(), "{changed}");
        expected["updatedAt"] = changed["updatedAt"].clone();
        expected["customPlaceholderKeys"] = changed["customPlaceholderKeys"].clone();
        assert_eq!(changed, expected);
        assert_eq!(saved.shown().await, expected);
    }
    assert_eq!(expected["customPlaceholderKeys"], json!(["AGENT_NAME", "RENEWAL_DATE"]));
    let list = saved.hub.get(&saved.acme, &saved.acme.at(PATH)).await.expect(200);
    assert_eq!(list["templates"][0]["customPlaceholderKeys"], expected["customPlaceholderKeys"]);
    assert_eq!(list["templates"].as_array().map(Vec::len), Some(1));
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_frees_the_old_one() {
    let saved = Saved::new().await;
    saved.put(json!({"name": "POLICY renewal"})).await.expect(200);
    saved.put(json!({"name": "Renewal notice"})).await.expect(200);
    let other = template(&saved.hub, &saved.acme, json!({})).await;
    let answer = saved.put(json!({"name": "policy  renewal", "bodyHtml": "<p>Lost</p>"})).await;
    assert!(problem(&answer, 409).contains("policy  renewal"));
    assert_eq!(saved.shown().await["name"], "Renewal notice");
    assert_ne!(saved.shown().await["bodyHtml"], "<p>Lost</p>");
    assert_ne!(other["id"], saved.made["id"]);
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_from_an_older_template_is_refused() {
    let saved = Saved::new().await;
    let stale = saved.made["updatedAt"].clone();
    let changed = saved.put_if(json!({"updatedAt": stale, "name": "First"}), &[("If-Match", "\"1\"")]).await;
    assert_eq!(changed.headers["etag"], "\"2\"");
    let changed = changed.expect(200);
    for field in ["updatedAt", "updated_at"] {
        problem(&saved.put(json!({field: stale, "name": "Second"})).await, 409);
    }
    problem(&saved.put_if(json!({"name": "Second"}), &[("If-Match", "\"1\"")]).await, 412);
    problem(&saved.delete_if("", &[("If-Match", "\"1\"")]).await, 412);
    problem(&saved.delete_if(&format!("&updated_at={}", stale.as_str().expect("a time")), &[]).await, 409);
    assert_eq!(saved.shown().await, changed);
    saved.put_if(json!({"name": "Second"}), &[("If-Match", "*")]).await.expect(200);
    saved.put_if(json!({"name": "Third"}), &[("If-Match", "\"3\"")]).await.expect(200);
    saved.delete_if("", &[("If-Match", "\"4\"")]).await.expect(200);
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn of_changes_at_once_from_the_same_template_one_wins() {
    let saved = Saved::new().await;
    let writers = (0..8).map(async |n| {
        let change = json!({"subjectTemplate": format!("Subject {n}"), "name": format!("Name {n}")});
        saved.put_if(change, &[("If-Match", "\"1\"")]).await
    });
    let answers = join_all(writers).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|answer| answer.status == 412));
    assert_eq!(saved.shown().await, won[0].body);
    let list = saved.hub.get(&saved.acme, &saved.acme.at(PATH)).await.expect(200);
    assert_eq!(list["templates"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["templates"][0]["name"], won[0].body["name"]);
}

// E10: who does not say what a change was made from is not stopped, and no change is lost.
#[tokio::test(flavor = "multi_thread")]
async fn changes_at_once_of_different_fields_all_arrive() {
    let saved = Saved::new().await;
    for round in 0..20 {
        let changes = [
            json!({"name": format!("Name {round}")}),
            json!({"subjectTemplate": format!("Subject {round}")}),
            json!({"bodyHtml": format!("<p>{round}</p>")}),
        ];
        for answer in join_all(changes.iter().map(|change| saved.put(change.clone()))).await {
            answer.expect(200);
        }
        let shown = saved.shown().await;
        assert_eq!(changes.into_iter().fold(shown.clone(), with), shown);
    }
}

// E10: an update of something that is removed at the same time never brings it back.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_is_changed_while_it_is_removed_is_gone() {
    let saved = Saved::new().await;
    let rename = async { saved.put(json!({"name": "Renamed"})).await.status };
    let remove = async { saved.delete_if("", &[]).await.status };
    let (renamed, removed) = futures::future::join(rename, remove).await;
    assert!(matches!(renamed, 200 | 404), "{renamed}");
    assert_eq!(removed, 200);
    problem(&saved.hub.get(&saved.acme, &saved.path()).await, 404);
    let list = saved.hub.get(&saved.acme, &saved.acme.at(PATH)).await.expect(200);
    assert_eq!(list["templates"], json!([]));
    for name in ["Renamed", "Policy renewal"] {
        template(&saved.hub, &saved.acme, json!({"name": name})).await;
    }
}

// A3, E10
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_change_is_told_and_changes_nothing() {
    let saved = Saved::new().await;
    for (change, faulty) in [
        (json!({"name": "x".repeat(101), "subjectTemplate": 1}), &["name", "subjectTemplate"][..]),
        (json!({"bodyHtml": "<div>".repeat(300)}), &["bodyHtml"]),
        (json!({"bodyHtml": "x".repeat(60_001), "updatedAt": "yesterday"}), &["bodyHtml", "updatedAt"]),
        (json!({"id": "7"}), &["id"]),
        (json!({"id": null, "domain_name": null}), &["domain_name", "id"]),
    ] {
        let answer = saved.put(change).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), faulty);
    }
    let answer = saved.put_if(json!({"name": "New"}), &[("If-Match", "1")]).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["If-Match"]);
    assert_eq!(saved.shown().await, saved.made);
}
