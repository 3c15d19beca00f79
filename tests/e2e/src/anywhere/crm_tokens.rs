//! Which tokens of a CRM open its workspace, and that no other does (checklist J1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_fixture::Hub;
use jsonwebtoken::{Algorithm, EncodingKey};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::{problem, state};
use crate::requests::with;
use crate::workspace::{RS256_PUBLIC, START, TEMPLATES, person, signed, workspace, workspace_with};

async fn opens(hub: &Hub, token: &str) -> bool {
    let answer = hub.call(Method::GET, TEMPLATES, token, None, &[]).await;
    assert!(matches!(answer.status, 200 | 401), "{}", answer.body);
    answer.status == 200
}

/// Asserts that a token starts nothing, and that its owner learns no more than that they must sign in.
async fn signed_out(hub: &Hub, token: &str) {
    let answer = hub.call(Method::POST, START, token, Some(person()), &[]).await;
    let detail = problem(&answer, 401);
    assert_eq!(detail, "You are not signed in, or no longer; sign in to the CRM again.", "{token}");
    assert!(!opens(hub, token).await, "{token}");
}

// J1
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_signed_by_the_workspaces_algorithm() {
    let (hub, acme) = acme().await;
    for alg in ["HS256", "RS256", "ES256"] {
        let workspace = workspace(&hub, &acme, alg).await;
        assert!(opens(&hub, &workspace.token()).await, "{alg}");
    }
}

// J1
#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_claims_are_not_right_opens_nothing() {
    let (hub, acme) = acme().await;
    let workspace = workspace(&hub, &acme, "HS256").await;
    let now = hub.now().as_second();
    let before = state(&hub, &acme).await;
    for changes in [
        json!({"exp": now - 1}),
        json!({"exp": null}),
        json!({"exp": "tomorrow"}),
        json!({"nbf": now + 1_800}),
        json!({"workspaceId": null}),
        json!({"workspaceId": "nobody"}),
        json!({"workspaceId": [workspace.id]}),
        json!({"aud": "another service"}),
    ] {
        signed_out(&hub, &workspace.signed(&with(workspace.claims(), changes))).await;
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// J1
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_for_the_audience_that_its_workspace_names() {
    let (hub, acme) = acme().await;
    let workspace = workspace_with(&hub, &acme, "ES256", json!({"audience": "hub"})).await;
    let token = |aud: Value| workspace.signed(&with(workspace.claims(), json!({"aud": aud})));
    assert!(opens(&hub, &token(json!("hub"))).await);
    assert!(opens(&hub, &token(json!(["crm", "hub"]))).await);
    for aud in [json!("crm"), json!([]), json!(null)] {
        signed_out(&hub, &token(aud)).await;
    }
}

/// The token with another header.
fn with_header(token: &str, header: &Value) -> String {
    let rest = token.split_once('.').expect("three parts").1;
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

// J1
#[tokio::test(flavor = "multi_thread")]
async fn no_token_chooses_how_it_is_verified() {
    let (hub, acme) = acme().await;
    let (by_key, by_secret) = (workspace(&hub, &acme, "RS256").await, workspace(&hub, &acme, "HS256").await);
    let unsigned = |token: String| token.rsplit_once('.').expect("three parts").0.to_owned() + ".";
    let public_key_as_secret = EncodingKey::from_secret(RS256_PUBLIC.as_bytes());
    let trimmed = EncodingKey::from_secret(RS256_PUBLIC.trim().as_bytes());
    let another = EncodingKey::from_secret(b"another secret of more than thirty-two bytes");
    for token in [
        unsigned(with_header(&by_key.token(), &json!({"alg": "none", "typ": "JWT"}))),
        unsigned(with_header(&by_secret.token(), &json!({"alg": "none", "typ": "JWT"}))),
        unsigned(by_secret.token()),
        signed(Algorithm::HS256, &public_key_as_secret, &by_key.claims()),
        signed(Algorithm::HS256, &trimmed, &by_key.claims()),
        signed(Algorithm::HS256, &another, &by_secret.claims()),
        signed(Algorithm::HS512, &another, &by_secret.claims()),
        with_header(&by_secret.token(), &json!({"alg": "RS256", "typ": "JWT"})),
        // Each is good for itself, and neither for the other.
        by_secret.signed(&by_key.claims()),
        by_key.signed(&by_secret.claims()),
    ] {
        signed_out(&hub, &token).await;
    }
}

// J1
#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_opens_nothing_for_the_users_of_another() {
    let (hub, acme) = acme().await;
    let other = hub.tenant("other", 10).await;
    let (ours, theirs) = (workspace(&hub, &acme, "ES256").await, workspace(&hub, &other, "RS256").await);
    let mut forged = theirs.claims();
    forged["workspaceId"] = json!(ours.id);
    signed_out(&hub, &theirs.signed(&forged)).await;
    assert!(opens(&hub, &theirs.token()).await);
}

// J1, A1
#[tokio::test(flavor = "multi_thread")]
async fn neither_an_api_key_nor_nothing_is_a_token_and_a_token_is_no_api_key() {
    let (hub, acme) = acme().await;
    let workspace = workspace(&hub, &acme, "HS256").await;
    for token in [acme.api_key.as_str(), hub.operator_key.as_str(), "nonsense", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.e30."] {
        signed_out(&hub, token).await;
    }
    problem(&hub.send(hub.request(Method::GET, TEMPLATES)).await, 401);
    let list = acme.at("/integration/engagements");
    problem(&hub.call(Method::GET, &list, &workspace.token(), None, &[]).await, 403);
}
