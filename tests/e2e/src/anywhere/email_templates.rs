//! Saved email templates: made, listed, shown and removed (checklist E10). Changes are in `email_template_changes`.

use futures::future::join_all;
use hub_fixture::{Answer, Caller, Hub};
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::with;
use crate::setup::template;

const PATH: &str = "/account-settings/email-templates";

pub(crate) async fn create(hub: &Hub, caller: &Caller, fields: Value) -> Answer {
    let usual = json!({"domain_name": caller.domain_name, "name": "Renewal", "bodyHtml": "<p>Hello</p>"});
    hub.post(caller, PATH, with(usual, fields)).await
}

/// The templates of the caller's domain; `more` goes into the query string.
pub(crate) async fn list(hub: &Hub, caller: &Caller, more: &str) -> Value {
    let path = format!("{PATH}?domain_name={}{more}", caller.domain_name);
    hub.get(caller, &path).await.expect(200)["templates"].clone()
}

pub(crate) async fn one(hub: &Hub, caller: &Caller, id: &str, more: &str) -> Answer {
    hub.get(caller, &format!("{PATH}?domain_name={}&id={id}{more}", caller.domain_name)).await
}

pub(crate) async fn delete(hub: &Hub, caller: &Caller, query: &str, body: Option<Value>) -> Answer {
    hub.call(Method::DELETE, &format!("{PATH}{query}"), &caller.api_key, body, &[]).await
}

pub(crate) fn names(templates: &Value) -> Vec<&str> {
    templates.as_array().expect("templates").iter().filter_map(|template| template["name"].as_str()).collect()
}

pub(crate) fn id(template: &Value) -> &str {
    template["id"].as_str().expect("an id")
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_new_template_is_answered_with_all_of_it() {
    let (hub, acme) = acme().await;
    let fields = json!({
        "subjectTemplate": "{{Agent_Name}}: {{SUBJECT}}",
        "bodyHtml": "<p>{{policy_number}} {{ORGANIZATION_NAME}} {{ Agent_Name }} <a href=\"{{URL}}\">a</a></p>",
    });
    let answer = create(&hub, &acme, fields).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let made = answer.expect(201);
    assert_eq!(made["createdAt"], made["updatedAt"]);
    let shown = one(&hub, &acme, id(&made), "").await;
    assert_eq!(shown.headers["etag"], "\"1\"");
    assert_eq!(shown.expect(200), made);
    assert_json_snapshot!("template", made, {".id" => "[id]", ".createdAt" => "[time]", ".updatedAt" => "[time]"});
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn templates_are_listed_by_name_with_four_fields_each() {
    let (hub, acme) = acme().await;
    assert_eq!(list(&hub, &acme, "").await, json!([]));
    let body = "<p>{{CUSTOMER_NAME}} {{b}} {{ORGANIZATION_NAME}} {{a}} {{SUBJECT}} {{B}}</p>";
    let fields = json!({"name": "mango", "subjectTemplate": "{{C}} for {{CUSTOMER_NAME}}", "bodyHtml": body});
    let made = create(&hub, &acme, fields).await.expect(201);
    for name in ["Zebra", "apple"] {
        create(&hub, &acme, json!({"name": name})).await.expect(201);
    }
    let templates = list(&hub, &acme, "").await;
    assert_eq!(names(&templates), ["apple", "mango", "Zebra"]);
    let listed = json!({
        "id": made["id"],
        "name": "mango",
        "subjectTemplate": "{{C}} for {{CUSTOMER_NAME}}",
        "customPlaceholderKeys": ["A", "B", "C"],
    });
    assert_eq!(templates[1], listed);
    assert_eq!(
        (&templates[0]["subjectTemplate"], &templates[0]["customPlaceholderKeys"]),
        (&json!("{{SUBJECT}}"), &json!([]))
    );
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn the_domain_stands_in_query_or_body_and_fields_are_read_in_snake_case_too() {
    let (hub, acme) = acme().await;
    let fields = json!({"name": "Snake", "subject_template": "S", "body_html": "<p>B</p>", "colour": "red"});
    let made = hub.post(&acme, &acme.at(PATH), fields).await.expect(201);
    assert_eq!((&made["subjectTemplate"], &made["bodyHtml"]), (&json!("S"), &json!("<p>B</p>")));
    assert_eq!(made.get("colour"), None);
    let path = acme.at(&format!("{PATH}?id={}&external_user_id=", id(&made)));
    let changed = hub.put(&acme, &path, json!({"body_html": "<p>C</p>"})).await.expect(200);
    let change =
        json!({"domain_name": acme.domain_name, "id": made["id"], "name": "New", "updated_at": changed["updatedAt"]});
    assert_eq!(hub.put(&acme, PATH, change).await.expect(200)["bodyHtml"], "<p>C</p>");
}

// E10: a template can be sent back as it was shown, a user's too.
#[tokio::test(flavor = "multi_thread")]
async fn a_users_template_is_changed_by_what_was_shown_of_it() {
    let (hub, acme) = acme().await;
    let made = create(&hub, &acme, json!({"external_user_id": "agent-7"})).await.expect(201);
    let change = with(made.clone(), json!({"domain_name": acme.domain_name, "name": "Other"}));
    let changed = hub.put(&acme, PATH, change).await.expect(200);
    assert_eq!((&changed["name"], &changed["externalUserId"]), (&json!("Other"), &json!("agent-7")));
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_taken_whatever_its_case_and_spacing() {
    let (hub, acme) = acme().await;
    create(&hub, &acme, json!({"name": "Policy renewal"})).await.expect(201);
    for name in ["Policy renewal", "POLICY RENEWAL", "  policy \t  Renewal "] {
        let answer = create(&hub, &acme, json!({"name": name})).await;
        assert!(problem(&answer, 409).contains("already"));
    }
    assert_eq!(names(&list(&hub, &acme, "").await), ["Policy renewal"]);
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_a_name_at_once_one_gets_it() {
    let (hub, acme) = acme().await;
    let answers = join_all((0..8).map(|_| create(&hub, &acme, json!({})))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let taken = answers.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((made, taken), (1, 7));
    assert_eq!(names(&list(&hub, &acme, "").await), ["Renewal"]);
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_user_and_another_domain_may_have_the_same_name() {
    let (hub, acme) = acme().await;
    let second = hub.second_domain(&acme).await;
    create(&hub, &acme, json!({})).await.expect(201);
    create(&hub, &second, json!({})).await.expect(201);
    for user in ["agent-7", "agent-8"] {
        let made = create(&hub, &acme, json!({"external_user_id": user})).await.expect(201);
        assert_eq!(made["externalUserId"], user);
        problem(&create(&hub, &acme, json!({"external_user_id": user})).await, 409);
        assert_eq!(names(&list(&hub, &acme, &format!("&external_user_id={user}")).await), ["Renewal"]);
    }
    assert_eq!(names(&list(&hub, &acme, "").await), ["Renewal"]);
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_removed_by_query_and_by_body() {
    let (hub, acme) = acme().await;
    for by_query in [true, false] {
        let made = template(&hub, &acme, json!({})).await;
        let (query, body) = match by_query {
            true => (acme.at(&format!("?id={}", id(&made))), None),
            false => (String::new(), Some(json!({"domain_name": acme.domain_name, "id": made["id"]}))),
        };
        let removed = delete(&hub, &acme, &query, body.clone()).await.expect(200);
        assert_eq!(removed, json!({"ok": true, "id": made["id"]}));
        problem(&one(&hub, &acme, id(&made), "").await, 404);
        problem(&delete(&hub, &acme, &query, body).await, 404);
        assert_eq!(list(&hub, &acme, "").await, json!([]));
    }
}

// A2, E10
#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_domain_is_404_whether_it_is_there_or_not() {
    let (hub, acme) = acme().await;
    let globex = hub.tenant("globex", 10).await;
    let made = template(&hub, &globex, json!({})).await;
    let mut details = Vec::new();
    for domain in [globex.domain_name.as_str(), "nobody"] {
        let fields = json!({"domain_name": domain, "id": made["id"], "name": "Mine", "bodyHtml": "<p>Mine</p>"});
        let query = format!("?domain_name={domain}&id={}", id(&made));
        for answer in [
            create(&hub, &acme, fields.clone()).await,
            hub.put(&acme, PATH, fields.clone()).await,
            hub.get(&acme, &format!("{PATH}?domain_name={domain}")).await,
            hub.get(&acme, &format!("{PATH}{query}")).await,
            delete(&hub, &acme, &query, None).await,
        ] {
            details.push(problem(&answer, 404).replace(domain, "…"));
        }
    }
    details.dedup();
    assert_eq!(details.len(), 1, "{details:?}");
    assert_eq!(one(&hub, &globex, id(&made), "").await.expect(200), made);
}

/// That a caller, or a user of it, has no such template, and that nothing became of it.
async fn has_none(hub: &Hub, caller: &Caller, id: &str, user: Option<&str>) {
    let more = user.map(|user| format!("&external_user_id={user}")).unwrap_or_default();
    problem(&one(hub, caller, id, &more).await, 404);
    let change = json!({"domain_name": caller.domain_name, "id": id, "name": "Mine", "external_user_id": user});
    problem(&hub.put(caller, PATH, change).await, 404);
    let query = format!("?domain_name={}&id={id}{more}", caller.domain_name);
    problem(&delete(hub, caller, &query, None).await, 404);
}

// A2, E10
#[tokio::test(flavor = "multi_thread")]
async fn a_template_of_another_domain_is_404() {
    let (hub, acme) = acme().await;
    let second = hub.second_domain(&acme).await;
    let made = template(&hub, &second, json!({})).await;
    has_none(&hub, &acme, id(&made), None).await;
    has_none(&hub, &acme, "550e8400-e29b-41d4-a716-446655440000", None).await;
    assert_eq!(one(&hub, &second, id(&made), "").await.expect(200), made);
}

// E10
#[tokio::test(flavor = "multi_thread")]
async fn a_users_template_is_there_for_that_user_alone() {
    let (hub, acme) = acme().await;
    let made = template(&hub, &acme, json!({"external_user_id": "agent-7"})).await;
    let domains = template(&hub, &acme, json!({"name": "Of the domain"})).await;
    has_none(&hub, &acme, id(&made), None).await;
    has_none(&hub, &acme, id(&made), Some("agent-8")).await;
    has_none(&hub, &acme, id(&domains), Some("agent-7")).await;
    assert_eq!(names(&list(&hub, &acme, "").await), ["Of the domain"]);
    assert_eq!(one(&hub, &acme, id(&made), "&external_user_id=agent-7").await.expect(200), made);
    let query = acme.at(&format!("?id={}&external_user_id=agent-7", id(&made)));
    delete(&hub, &acme, &query, None).await.expect(200);
}

// A1, E10
#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_the_permission_is_403() {
    let (hub, acme) = acme().await;
    let made = template(&hub, &acme, json!({})).await;
    let key = hub.api_key(&acme.account_id, json!({"name": "starts", "permissions": ["engagements"]})).await;
    let caller = Caller { api_key: key, ..acme.clone() };
    for answer in [
        create(&hub, &caller, json!({"name": "Other"})).await,
        hub.put(&caller, PATH, json!({"domain_name": acme.domain_name, "id": made["id"], "name": "Other"})).await,
        hub.get(&caller, &acme.at(PATH)).await,
        delete(&hub, &caller, &acme.at(&format!("?id={}", id(&made))), None).await,
    ] {
        assert!(problem(&answer, 403).contains("account_settings"));
    }
    assert_eq!(names(&list(&hub, &acme, "").await), ["Policy renewal"]);
}

// A3, E10
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_new_template_is_told_at_once() {
    let (hub, acme) = acme().await;
    let deep = "<div>".repeat(300);
    for (fields, faulty) in [
        (json!({"name": null, "bodyHtml": " "}), &["bodyHtml", "name"][..]),
        (
            json!({"name": "x".repeat(101), "bodyHtml": "x".repeat(60_001), "subjectTemplate": "x".repeat(501)}),
            &["bodyHtml", "name", "subjectTemplate"],
        ),
        (
            json!({"name": 1, "bodyHtml": ["x"], "subjectTemplate": {}, "external_user_id": true}),
            &["bodyHtml", "external_user_id", "name", "subjectTemplate"],
        ),
        (json!({"bodyHtml": deep, "domain_name": "NO SLUG"}), &["bodyHtml", "domain_name"]),
        (json!({"bodyHtml": "<i>".repeat(10_001)}), &["bodyHtml"]),
    ] {
        let answer = create(&hub, &acme, fields).await;
        problem(&answer, 400);
        let mut named = answer.faulty_fields();
        named.sort();
        assert_eq!(named, faulty);
    }
    let nothing = hub.post(&acme, PATH, json!({})).await;
    problem(&nothing, 400);
    assert_eq!(nothing.faulty_fields(), ["name", "bodyHtml", "domain_name"]);
    assert_eq!(list(&hub, &acme, "").await, json!([]));
}

// E10: as long as its fields allow, in letters of every size.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_as_large_as_it_may_be_is_kept_whole() {
    let (hub, acme) = acme().await;
    let fields = json!({
        "name": "😀".repeat(100),
        "subjectTemplate": "😀".repeat(500),
        "bodyHtml": "😀".repeat(60_000),
        "external_user_id": "😀".repeat(256),
    });
    let made = create(&hub, &acme, fields.clone()).await.expect(201);
    for field in ["name", "subjectTemplate", "bodyHtml"] {
        assert!(made[field] == fields[field], "{field}");
    }
}

// A3, E10
#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_asked_for_by_a_domain_and_a_good_id() {
    let (hub, acme) = acme().await;
    for (answer, faulty) in [
        (hub.get(&acme, PATH).await, &["domain_name"][..]),
        (hub.get(&acme, &acme.at(&format!("{PATH}?id=7"))).await, &["id"]),
        (delete(&hub, &acme, "?id=7", None).await, &["domain_name", "id"]),
        (delete(&hub, &acme, &acme.at(""), None).await, &["id"]),
    ] {
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), faulty);
    }
}
