//! A CRM's workspace, and the tokens that the CRM gives its users. Its keys were made for these tests and open nothing else.

use hub_fixture::{Answer, Caller, Hub, unused_name};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::requests::with;

pub(crate) const TEMPLATES: &str = "/rest/aventora/email-templates";
pub(crate) const START: &str = "/rest/aventora/start-engagement";

/// The public keys of the CRM.
pub(crate) const RS256_PUBLIC: &str = include_str!("workspace/rs256_public.pem");
pub(crate) const ES256_PUBLIC: &str = include_str!("workspace/es256_public.pem");

const RS256_PRIVATE: &str = include_str!("workspace/rs256_private.pem");
const ES256_PRIVATE: &str = include_str!("workspace/es256_private.pem");
const SECRET: &str = "the secret with which this CRM signs its tokens";

/// A workspace of a CRM that engages for the caller's domain.
pub(crate) struct Workspace {
    pub(crate) id: String,
    key: EncodingKey,
    algorithm: Algorithm,
    now: i64,
}

/// A new workspace for the caller's domain, whose tokens are signed by this algorithm.
pub(crate) async fn workspace(hub: &Hub, caller: &Caller, alg: &str) -> Workspace {
    workspace_with(hub, caller, alg, json!({})).await
}

/// The same with more about its tokens.
pub(crate) async fn workspace_with(hub: &Hub, caller: &Caller, alg: &str, more: Value) -> Workspace {
    let (algorithm, key, jwt) = match alg {
        "HS256" => (Algorithm::HS256, EncodingKey::from_secret(SECRET.as_bytes()), json!({"secret": SECRET})),
        "RS256" => {
            let key = EncodingKey::from_rsa_pem(RS256_PRIVATE.as_bytes()).expect("a key");
            (Algorithm::RS256, key, json!({"public_key": RS256_PUBLIC}))
        }
        "ES256" => {
            let key = EncodingKey::from_ec_pem(ES256_PRIVATE.as_bytes()).expect("a key");
            (Algorithm::ES256, key, json!({"public_key": ES256_PUBLIC}))
        }
        other => panic!("no algorithm {other}"),
    };
    let id = unused_name("workspace");
    let jwt = with(with(jwt, json!({"alg": alg})), more);
    make(hub, caller, json!({"workspace_id": id, "domain_name": caller.domain_name, "jwt": jwt})).await.expect(201);
    Workspace { id, key, algorithm, now: hub.now().as_second() }
}

/// Makes a workspace as the operator does.
pub(crate) async fn make(hub: &Hub, caller: &Caller, workspace: Value) -> Answer {
    hub.admin(Method::POST, &format!("/admin/accounts/{}/workspaces", caller.account_id), Some(workspace)).await
}

impl Workspace {
    /// What a token of one of its users says, valid for an hour.
    pub(crate) fn claims(&self) -> Value {
        json!({"sub": "user-1", "workspaceId": self.id, "type": "ACCESS", "iat": self.now, "exp": self.now + 3_600})
    }

    /// A token of one of its users.
    pub(crate) fn token(&self) -> String {
        self.signed(&self.claims())
    }

    /// A token with these claims, signed as the workspace signs.
    pub(crate) fn signed(&self, claims: &Value) -> String {
        signed(self.algorithm, &self.key, claims)
    }

    /// The answer to a user who starts an engagement.
    pub(crate) async fn start(&self, hub: &Hub, body: Value) -> Answer {
        hub.call(Method::POST, START, &self.token(), Some(body), &[]).await
    }

    /// The id of the engagement that a user has started.
    pub(crate) async fn started(&self, hub: &Hub, body: Value) -> String {
        let accepted = self.start(hub, body).await.expect(200);
        accepted["engagement_id"].as_str().expect("an engagement id").to_owned()
    }
}

/// A token with these claims, signed by this algorithm with this key.
pub(crate) fn signed(algorithm: Algorithm, key: &EncodingKey, claims: &Value) -> String {
    encode(&Header::new(algorithm), claims, key).expect("a token")
}

/// What a user sends to engage a person by email.
pub(crate) fn person() -> Value {
    json!({
        "personId": "person-1",
        "channel": "email",
        "type": "informational",
        "contactIdentifier": "customer@example.com",
        "clientName": "Alex Morgan",
        "instruction": "Say hello.",
    })
}
