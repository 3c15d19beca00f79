//! A client of the JSON:API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_fixture::{Answer, Caller, Hub};
use reqwest::Method;
use serde_json::{Value, json};

/// A person answers this number, and a machine the other.
pub(crate) const HUMAN: &str = "+15005550006";
pub(crate) const MACHINE: &str = "+15005550007";

/// Someone who speaks JSON:API for one domain.
pub(crate) struct Client<'a> {
    hub: &'a Hub,
    pub(crate) caller: Caller,
    authorization: String,
    test_mode: bool,
}

/// A resource to be made.
pub(crate) fn resource(kind: &str, attributes: Value, relationships: Value) -> Value {
    json!({"data": {"type": kind, "attributes": attributes, "relationships": relationships}})
}

/// What another resource is related to.
pub(crate) fn related(kind: &str, id: &str) -> Value {
    json!({"data": {"type": kind, "id": id}})
}

/// The id of the resource of a document.
pub(crate) fn id(document: &Value) -> String {
    document["data"]["id"].as_str().expect("an id").to_owned()
}

impl<'a> Client<'a> {
    /// A client with a new key of the caller's account.
    pub(crate) async fn of(hub: &'a Hub, caller: &Caller) -> Self {
        Self::with(hub, caller, json!({"name": "json-api"})).await
    }

    pub(crate) async fn with(hub: &'a Hub, caller: &Caller, key: Value) -> Self {
        let path = format!("/admin/accounts/{}/api-keys", caller.account_id);
        let test_mode = key["mode"] == "test";
        let made = hub.admin(Method::POST, &path, Some(key)).await.expect(201);
        let text = |field: &str| made[field].as_str().expect("a text").to_owned();
        let authorization = authorization(&text("api_key_id"), &text("api_key"));
        Self { hub, caller: Caller { api_key: text("api_key"), ..caller.clone() }, authorization, test_mode }
    }

    /// A request as bare as the document shows it.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.hub.request(method, path).header("Authorization", &self.authorization);
        request.header("X-Account-Key", &self.caller.domain_name)
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.hub.send(self.request(method, path).body(body.to_string())).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, &format!("/api/v1/{path}"), &body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.hub.send(self.request(Method::GET, &format!("/api/v1/{path}"))).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.hub.send(self.request(Method::DELETE, &format!("/api/v1/{path}"))).await
    }

    pub(crate) async fn patch(&self, kind: &str, id: &str, attributes: Value) -> Answer {
        let body = json!({"data": {"type": kind, "id": id, "attributes": attributes}});
        self.send(Method::PATCH, &format!("/api/v1/{kind}/{id}"), &body).await
    }

    /// Changes what a resource is related to.
    pub(crate) async fn relate(&self, kind: &str, id: &str, relationships: Value) -> Answer {
        let body = json!({"data": {"type": kind, "id": id, "relationships": relationships}});
        self.send(Method::PATCH, &format!("/api/v1/{kind}/{id}"), &body).await
    }

    /// Makes a resource and gives its id.
    pub(crate) async fn made(&self, kind: &str, attributes: Value, relationships: Value) -> String {
        id(&self.post(kind, resource(kind, attributes, relationships)).await.expect(201))
    }

    /// The code that a number was told last, as its owner has heard it. In test mode nobody hears one.
    pub(crate) async fn code_told(&self, number: &str) -> String {
        if self.test_mode {
            return "000000".to_owned();
        }
        let calls = format!("limit=1&contact={}", number.replace('+', "%2B"));
        let told = self.hub.until("the code is told", || async {
            let told = self.hub.messages(&calls).await;
            told.first().and_then(|call| call["text"].as_str()).map(str::to_owned).ok_or_else(|| format!("{told:?}"))
        });
        told.await.chars().filter(char::is_ascii_digit).take(6).collect()
    }

    /// Sends a code for a caller id.
    pub(crate) async fn verify(&self, id: &str, code: &str) -> Answer {
        let said = json!({"data": {"type": "caller-ids", "id": id, "attributes": {"code": code}}});
        self.post(&format!("caller-ids/{id}/verify"), said).await
    }

    /// The client's caller id, verified when it is first needed.
    pub(crate) async fn caller_id(&self) -> String {
        let known = self.get("caller-ids").await.expect(200);
        if let Some(id) = known["data"][0]["id"].as_str() {
            return id.to_owned();
        }
        let number = "+14165550100";
        let id = self.made("caller-ids", json!({"phone-number": number}), json!({})).await;
        let code = self.code_told(number).await;
        self.verify(&id, &code).await.expect(200);
        id
    }

    pub(crate) async fn template(&self, body: &str) -> String {
        self.made("voice-templates", json!({"subject": "Test", "kind": "text", "body": body}), json!({})).await
    }

    pub(crate) async fn engagement(&self) -> String {
        self.made("engagements", json!({"name": "Voice Blast", "direction": "outbound"}), json!({})).await
    }

    pub(crate) async fn activity(&self, engagement: &str) -> String {
        let caller_id = self.caller_id().await;
        let relationships = json!({
            "engagement": related("engagements", engagement), "caller-id": related("caller-ids", &caller_id),
        });
        self.made("activities", json!({"name": "Voice Blast", "kind": "voice"}), relationships).await
    }

    pub(crate) async fn say(&self, activity: &str, event: &str, body: &str) -> String {
        let template = self.template(body).await;
        let relationships = json!({
            "activity": related("activities", activity), "voice-template": related("voice-templates", &template),
        });
        self.made("triggers", json!({"kind": "say", "on-event": event}), relationships).await
    }

    pub(crate) async fn envelope(&self, engagement: &str, attributes: Value) -> String {
        self.made("envelopes", attributes, json!({"engagement": related("engagements", engagement)})).await
    }

    /// An engagement with all that it needs but envelopes: it says another text to machines than to people.
    pub(crate) async fn blast(&self) -> String {
        let engagement = self.engagement().await;
        let activity = self.activity(&engagement).await;
        self.say(&activity, "voice-human", "Hello {{first-name}}, this is for you.").await;
        self.say(&activity, "voice-machine", "Hello {{first-name}}, please call us back.").await;
        engagement
    }

    pub(crate) async fn schedule(&self, engagement: &str) -> Answer {
        self.patch("engagements", engagement, json!({"status": "scheduled"})).await
    }

    /// The engagement as soon as it has this status.
    pub(crate) async fn until(&self, engagement: &str, status: &str) -> Value {
        self.hub
            .until(&format!("the engagement is {status}"), || async {
                let shown = self.get(&format!("engagements/{engagement}")).await.expect(200);
                if shown["data"]["attributes"]["status"] == status { Ok(shown) } else { Err(shown.to_string()) }
            })
            .await
    }

    /// The envelopes of an engagement.
    pub(crate) async fn envelopes(&self, engagement: &str) -> Vec<Value> {
        let list = self.get(&format!("envelopes?filter[engagement.id]=eq:{engagement}")).await.expect(200);
        list["data"].as_array().cloned().expect("a list")
    }

    /// What was said first to the contact of an envelope.
    pub(crate) async fn heard(&self, envelope: &Value) -> Value {
        let id = envelope["attributes"]["results"]["engagement-id"].as_str().expect("an engagement");
        let report = self.hub.report(&self.caller, id).await;
        report["transcript"][0]["content"].clone()
    }
}

/// The header of Basic authorization.
pub(crate) fn authorization(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// The errors of an answer with this status: pointer or parameter, and detail.
#[track_caller]
pub(crate) fn errors(answer: &Answer, status: u16) -> Vec<(String, String)> {
    assert_eq!(answer.status, status, "{}", answer.body);
    let errors = answer.body["errors"].as_array().expect("errors");
    let one = |error: &Value| {
        assert_eq!(error["status"], status.to_string());
        let source = error["source"]["pointer"].as_str().or(error["source"]["parameter"].as_str());
        (source.unwrap_or_default().to_owned(), error["detail"].as_str().expect("a detail").to_owned())
    };
    errors.iter().map(one).collect()
}
