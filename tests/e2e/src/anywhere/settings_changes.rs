//! Changing what surrounds a domain's emails, and two who do it at once (checklist E9).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::join_all;
use hub_fixture::{Answer, Caller, Hub};
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::{direct, integration, with};
use crate::setup::{outbound_email, png};

const PATH: &str = "/account-settings/outbound-email";

async fn put_if(hub: &Hub, acme: &Caller, changes: Value, headers: &[(&str, &str)]) -> Answer {
    let body = with(json!({"domain_name": acme.domain_name, "from": "hello@acme.example"}), changes);
    hub.call(Method::PUT, PATH, &acme.api_key, Some(body), headers).await
}

async fn shown(hub: &Hub, acme: &Caller, more: &str) -> Answer {
    hub.get(acme, &format!("{}{more}", acme.at(PATH))).await
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn settings_are_shown_as_they_were_set_and_what_is_not_given_is_unset() {
    let (hub, acme) = acme().await;
    let settings = json!({
        "organization_name": "Acme",
        "from": "Acme <news@acme.example>",
        "reply_to": "support@acme.example",
        "header_html": "<p>Header</p>",
        "footer_html": "<p>Footer</p>",
        "outbound_email_user_overrides_enabled": true,
        "unsubscribe_link": false,
        "colour": "red",
    });
    let set = outbound_email(&hub, &acme, settings).await;
    assert_eq!(set["domain_name"], acme.domain_name);
    assert_json_snapshot!("outbound_email", set, {".domain_name" => "[name]", ".updated_at" => "[time]"});
    let answer = shown(&hub, &acme, "").await;
    assert_eq!(answer.body, set);
    let unset = outbound_email(&hub, &acme, json!({})).await;
    for field in ["organization_name", "reply_to", "header_html", "footer_html", "logo"] {
        assert_eq!(unset[field], json!(null), "{field}");
    }
    assert_eq!(unset["outbound_email_user_overrides_enabled"], false);
    assert_eq!(unset["unsubscribe_link"], true);
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn settings_can_be_sent_back_as_they_are_shown() {
    let (hub, acme) = acme().await;
    for more in ["", "&external_user_id=agent-7"] {
        let user = if more.is_empty() { Value::Null } else { json!("agent-7") };
        outbound_email(&hub, &acme, json!({"external_user_id": user, "header_html": "<p>Header</p>"})).await;
        let before = shown(&hub, &acme, more).await.expect(200);
        let after = hub.put(&acme, PATH, before.clone()).await.expect(200);
        assert_eq!(with(after.clone(), json!({"updated_at": null})), with(before.clone(), json!({"updated_at": null})));
        assert_ne!(after["updated_at"], before["updated_at"]);
    }
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_from_older_settings_is_refused() {
    let (hub, acme) = acme().await;
    for user in [Value::Null, json!("agent-7")] {
        let more = user.as_str().map(|user| format!("&external_user_id={user}")).unwrap_or_default();
        let put = async |changes: Value, headers: &[(&str, &str)]| {
            put_if(&hub, &acme, with(changes, json!({"external_user_id": user})), headers).await
        };
        put(json!({"header_html": "<p>1</p>"}), &[]).await.expect(200);
        let first = shown(&hub, &acme, &more).await;
        let tag = first.headers["etag"].to_str().expect("a tag").to_owned();
        let seen = first.body["updated_at"].clone();
        let second = put(json!({"header_html": "<p>2</p>", "updated_at": seen}), &[("If-Match", &tag)]).await;
        assert_ne!(second.headers["etag"], tag.as_str());
        let second = second.expect(200);
        problem(&put(json!({"header_html": "<p>3</p>", "updated_at": seen}), &[]).await, 409);
        problem(&put(json!({"header_html": "<p>3</p>"}), &[("If-Match", &tag)]).await, 412);
        assert_eq!(shown(&hub, &acme, &more).await.expect(200), second);
    }
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn of_changes_at_once_from_the_same_settings_one_wins() {
    let (hub, acme) = acme().await;
    for (more, user) in [("", Value::Null), ("&external_user_id=agent-7", json!("agent-7"))] {
        let tag = shown(&hub, &acme, more).await.headers["etag"].to_str().expect("a tag").to_owned();
        let writers = (0..6).map(async |n| {
            let changes = json!({"external_user_id": user, "header_html": format!("<p>{n}</p>")});
            put_if(&hub, &acme, changes, &[("If-Match", &tag)]).await
        });
        let (won, lost): (Vec<_>, Vec<_>) =
            join_all(writers).await.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|answer| answer.status == 412));
        assert_eq!(shown(&hub, &acme, more).await.expect(200), won[0].body);
    }
}

// A1, E9
#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_the_permission_neither_sees_nor_changes_settings() {
    let (hub, acme) = acme().await;
    let key = hub.api_key(&acme.account_id, json!({"name": "starts", "permissions": ["engagements"]})).await;
    let caller = Caller { api_key: key, ..acme };
    for answer in [shown(&hub, &caller, "").await, put_if(&hub, &caller, json!({}), &[]).await] {
        assert!(problem(&answer, 403).contains("account_settings"));
    }
}

// D2, E9
#[tokio::test(flavor = "multi_thread")]
async fn without_a_sender_an_email_is_400_and_says_what_to_do() {
    let (hub, acme) = acme().await;
    hub.put(&acme, PATH, json!({"domain_name": acme.domain_name})).await.expect(200);
    for (path, body) in [
        ("/integration/start", integration(&acme, "email", "customer@example.com")),
        ("/start", direct(&acme, "email", "customer@example.com")),
    ] {
        let answer = hub.post(&acme, path, body).await;
        assert!(problem(&answer, 400).contains("set a sender with PUT /account-settings/outbound-email"));
        assert_eq!(answer.faulty_fields(), ["channel"]);
    }
}

// E9: a change that leaves the logo alone must not bring back the one that another change replaces at the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_leaves_the_logo_alone_never_undoes_another_that_sets_it() {
    let (hub, acme) = acme().await;
    for width in 1..=20 {
        let logo = json!({"logo": {"data": STANDARD.encode(png(width, 10))}});
        let changes = (0..6).map(|_| put_if(&hub, &acme, json!({}), &[]));
        let (set, left) = futures::join!(put_if(&hub, &acme, logo, &[]), join_all(changes));
        set.expect(200);
        left.into_iter().for_each(|answer| drop(answer.expect(200)));
        let shown = shown(&hub, &acme, "").await.expect(200);
        assert_eq!(shown["logo"]["width"], width, "{shown}");
        let served = hub.send(hub.request(Method::GET, &format!("/stats/logo/{}", acme.domain_name))).await;
        assert_eq!(served.status, 200);
    }
}
