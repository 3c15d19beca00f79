use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;

const SECRET: &str = "a secret of more than thirty-two bytes";
const NOW: i64 = 1_800_000_000;

fn workspace(audience: Option<&str>) -> Workspace {
    Workspace {
        workspace_id: "ws-1".parse().unwrap(),
        account_id: hub_models::id::AccountId::random(),
        domain_name: "acme".parse().unwrap(),
        jwt: TokenKey::Hs256 { secret: SECRET.parse().unwrap() },
        audience: audience.map(|text| hub_models::text::Line::parse(text).unwrap().unwrap()),
        created_at: Moment::from_millisecond(0),
    }
}

fn token(claims: Value) -> String {
    encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn verified(claims: Value, audience: Option<&str>) -> Result<(), TokenError> {
    verify_token(&token(claims), &workspace(audience), Moment::from_millisecond(NOW * 1_000))
}

#[test]
fn a_token_opens_its_workspace_until_it_expires() {
    let until = |exp: Value| verified(json!({"workspaceId": "ws-1", "exp": exp}), None);
    assert_eq!(until(json!(NOW + 1)), Ok(()));
    assert_eq!(until(json!(NOW as f64 + 0.5)), Ok(()));
    assert_eq!(until(json!(NOW)), Err(TokenError::Expired));
    assert_eq!(until(json!(NOW - 1)), Err(TokenError::Expired));
    for bad in [json!(null), json!("tomorrow")] {
        assert!(matches!(until(bad), Err(TokenError::Unverified(_))));
    }
}

#[test]
fn a_token_without_a_needed_claim_opens_nothing() {
    for claims in [json!({"workspaceId": "ws-1"}), json!({"exp": NOW + 60}), json!({"workspaceId": 7, "exp": NOW + 60})]
    {
        assert!(matches!(verified(claims, None), Err(TokenError::Unverified(_))));
    }
}

#[test]
fn a_token_that_is_not_valid_yet_is_told_from_clocks_that_lie_apart() {
    let from = |nbf: i64| verified(json!({"workspaceId": "ws-1", "exp": NOW + 600, "nbf": nbf}), None);
    assert_eq!(from(NOW + 30), Ok(()));
    assert_eq!(from(NOW + 120), Err(TokenError::Early));
}

#[test]
fn a_token_of_another_workspace_opens_nothing() {
    let claims = json!({"workspaceId": "ws-2", "exp": NOW + 60});
    assert_eq!(verified(claims, None), Err(TokenError::OtherWorkspace));
}

#[test]
fn a_token_is_for_the_workspaces_audience_and_for_nobody_where_there_is_none() {
    let claims = |aud: Value| json!({"workspaceId": "ws-1", "exp": NOW + 60, "aud": aud});
    assert_eq!(verified(claims(json!("hub")), Some("hub")), Ok(()));
    assert_eq!(verified(claims(json!(["crm", "hub"])), Some("hub")), Ok(()));
    for (aud, audience) in
        [(json!("crm"), Some("hub")), (json!(null), Some("hub")), (json!("crm"), None), (json!([]), None)]
    {
        assert_eq!(verified(claims(aud), audience), Err(TokenError::OtherAudience));
    }
}

#[test]
fn what_is_no_token_claims_nothing_and_opens_nothing() {
    assert_eq!(claimed_workspace(&token(json!({"workspaceId": "ws-1"}))), "ws-1".parse().ok());
    for bad in ["", "a", "a.b", "a.b.c", "....", "eyJhbGciOiJub25lIn0..", &token(json!({"workspaceId": "a b"}))] {
        assert_eq!(claimed_workspace(bad), None, "{bad}");
        assert!(verify_token(bad, &workspace(None), Moment::from_millisecond(0)).is_err(), "{bad}");
    }
}

#[test]
fn a_public_key_is_of_its_algorithms_family() {
    let key = |pem: &str| TokenKey::Rs256 { public_key: pem.parse().unwrap() };
    for bad in ["-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"] {
        assert_eq!(check_key(&key(bad)), Err(PublicKeyError));
    }
}

proptest::proptest! {
    #[test]
    fn reading_a_token_never_panics(text in ".{0,80}") {
        let _ = claimed_workspace(&text);
        let _ = verify_token(&text, &workspace(None), Moment::from_millisecond(0));
    }
}
