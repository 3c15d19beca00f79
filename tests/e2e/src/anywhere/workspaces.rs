//! The workspaces of a CRM, as the operator makes them (checklist J1).

use hub_fixture::unused_name;
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::json;

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::with;
use crate::workspace::{ES256_PUBLIC, RS256_PUBLIC, TEMPLATES, make, workspace};

const SECRET: &str = "a secret of this test, of thirty-two bytes or more";

// J1
#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_made_and_listed_and_what_verifies_its_tokens_is_never_shown() {
    let (hub, acme) = acme().await;
    let id = unused_name("20202020");
    let jwt = json!({"alg": "HS256", "secret": SECRET, "audience": "hub"});
    let new = json!({"workspace_id": id, "domain_name": acme.domain_name, "jwt": jwt});
    let made = make(&hub, &acme, new.clone()).await.expect(201);
    assert_json_snapshot!("workspace", made, {
        ".workspace_id" => "[id]", ".domain_name" => "[name]", ".created_at" => "[time]",
    });
    let path = format!("/admin/accounts/{}/workspaces", acme.account_id);
    let listed = hub.admin(Method::GET, &path, None).await.expect(200);
    assert_eq!(listed, json!({"workspaces": [made]}));
    assert!(problem(&make(&hub, &acme, new).await, 409).contains(&id));
}

// J1, A3
#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_cannot_be_is_told_every_fault() {
    let (hub, acme) = acme().await;
    let good = json!({"workspace_id": unused_name("w"), "domain_name": acme.domain_name});
    for (jwt, fields) in [
        (json!(null), vec!["jwt"]),
        (json!("HS256"), vec!["jwt"]),
        (json!({}), vec!["jwt.alg"]),
        (json!({"alg": "none"}), vec!["jwt.alg"]),
        (json!({"alg": "hs256", "secret": SECRET}), vec!["jwt.alg"]),
        (json!({"alg": "HS256"}), vec!["jwt.secret"]),
        (json!({"alg": "HS256", "secret": "short"}), vec!["jwt.secret"]),
        (json!({"alg": "HS256", "public_key": RS256_PUBLIC}), vec!["jwt.public_key", "jwt.secret"]),
        (json!({"alg": "RS256", "secret": SECRET}), vec!["jwt.secret", "jwt.public_key"]),
        (
            json!({"alg": "RS256", "public_key": "-----BEGIN PUBLIC KEY-----\nno\n-----END PUBLIC KEY-----"}),
            vec!["jwt.public_key"],
        ),
        (json!({"alg": "RS256", "public_key": ES256_PUBLIC}), vec!["jwt.public_key"]),
        (json!({"alg": "ES256", "public_key": RS256_PUBLIC}), vec!["jwt.public_key"]),
    ] {
        let answer = make(&hub, &acme, with(good.clone(), json!({"jwt": jwt}))).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), fields, "{jwt}");
        assert!(!answer.body.to_string().contains(SECRET), "{}", answer.body);
    }
    let answer = make(&hub, &acme, json!({"workspace_id": "a b", "domain_name": "A"})).await;
    assert_eq!(answer.faulty_fields(), ["workspace_id", "domain_name", "jwt"]);
}

// J1, A2
#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_engages_for_a_domain_of_its_account_alone() {
    let (hub, acme) = acme().await;
    let other = hub.tenant("other", 0).await;
    let jwt = json!({"alg": "HS256", "secret": SECRET});
    for domain_name in [&other.domain_name, "nobody"] {
        let new = json!({"workspace_id": unused_name("w"), "domain_name": domain_name, "jwt": jwt});
        problem(&make(&hub, &acme, new).await, 404);
    }
    let nobody = "/admin/accounts/acc_000000000000000000000000/workspaces";
    problem(&hub.admin(Method::GET, nobody, None).await, 404);
    let new = json!({"workspace_id": unused_name("w"), "domain_name": acme.domain_name, "jwt": jwt});
    problem(&hub.admin(Method::POST, nobody, Some(new)).await, 404);
}

// J1
#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_was_removed_opens_nothing_any_more() {
    let (hub, acme) = acme().await;
    let other = hub.tenant("other", 0).await;
    let workspace = workspace(&hub, &acme, "HS256").await;
    let look = async || hub.call(Method::GET, TEMPLATES, &workspace.token(), None, &[]).await;
    look().await.expect(200);
    let path = |account: &str, id: &str| format!("/admin/accounts/{account}/workspaces/{id}");
    for (account, id) in
        [(&other.account_id, workspace.id.as_str()), (&acme.account_id, "nobody"), (&acme.account_id, "a%20b")]
    {
        problem(&hub.admin(Method::DELETE, &path(account, id), None).await, 404);
    }
    let removed = hub.admin(Method::DELETE, &path(&acme.account_id, &workspace.id), None).await.expect(200);
    assert_eq!(removed, json!({"ok": true, "workspace_id": workspace.id}));
    hub.until_seen("the workspace opens nothing", async || {
        let answer = look().await;
        if answer.status == 401 { Ok(()) } else { Err(answer.body.to_string()) }
    })
    .await;
    problem(&hub.admin(Method::DELETE, &path(&acme.account_id, &workspace.id), None).await, 404);
}
