//! A client that holds what it sends and what it is answered against the API's description.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_fixture::{Answer, TestHub};
use reqwest::Method;
use serde_json::Value;

use crate::schema::Description;

/// Headers of a request, beside those that say who calls.
type Headers<'a> = &'a [(&'a str, &'a str)];

/// Who speaks JSON:API, and remembers the id of what was made last of each type.
pub(crate) struct Client<'a> {
    pub(crate) hub: &'a TestHub,
    pub(crate) description: Description,
    pub(crate) ids: BTreeMap<String, String>,
    authorization: String,
}

impl<'a> Client<'a> {
    pub(crate) async fn new(hub: &'a TestHub) -> Self {
        let demo = hub.demo();
        let keys = hub.local.hub.store.api_keys_of(demo.account_id.parse().unwrap()).await.unwrap();
        let key = STANDARD.encode(format!("{}:{}", keys[0].api_key_id, demo.api_key));
        Self {
            hub,
            description: Description::of_the_code(),
            ids: BTreeMap::new(),
            authorization: format!("Basic {key}"),
        }
    }

    /// A document with ids that this hub has in place of those in it.
    pub(crate) fn filled(&self, document: &str) -> String {
        let mut written = Vec::new();
        identifiers(&serde_json::from_str(document).unwrap(), &mut written);
        written.into_iter().fold(document.to_owned(), |text, (kind, id)| match self.ids.get(&kind) {
            Some(own) => text.replace(&id, own),
            None => text,
        })
    }

    /// The example of an operation, filled.
    pub(crate) fn example(&self, method: &Method, path: &str) -> String {
        self.filled(&self.description.example(method.as_str(), path).to_string())
    }

    /// Sends a request to an operation. Where its path has a place for an id, that is the one of the path's type.
    pub(crate) async fn send(&self, method: &Method, path: &str, body: Option<String>, headers: Headers<'_>) -> Answer {
        let kind = path.split('/').nth(3).unwrap_or_default();
        let id = self.ids.get(kind).map_or("", String::as_str);
        let request = self.hub.request(method.clone(), &path.replace("{id}", id));
        let request = request.header("Authorization", &self.authorization).header("X-Account-Key", "acme");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.hub.send(body.into_iter().fold(request, |request, body| request.body(body))).await
    }

    /// The same, where the request must be as it is described, and its answer must be a success that is so, too.
    pub(crate) async fn speak(
        &self,
        method: &Method,
        path: &str,
        body: Option<String>,
        headers: Headers<'_>,
    ) -> Answer {
        if let Some(body) = &body {
            let body = serde_json::from_str(body).unwrap();
            self.description.holds(self.description.request(method.as_str(), path), &body);
        }
        let answer = self.send(method, path, body, headers).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.body);
        self.description.holds(self.description.answer(method.as_str(), path, answer.status), &answer.body);
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.speak(&Method::GET, path, None, &[]).await.body
    }

    /// Makes what a document says, with ids that this hub has.
    pub(crate) async fn make(&mut self, kind: &str, document: &str, headers: Headers<'_>) -> Answer {
        let path = format!("/api/v1/{kind}");
        let made = self.speak(&Method::POST, &path, Some(self.filled(document)), headers).await;
        let data = made.body["data"].as_array().map_or(&made.body["data"], |all| &all[0]);
        self.ids.insert(kind.to_owned(), data["id"].as_str().unwrap().to_owned());
        made
    }

    /// Makes what the description's example says.
    pub(crate) async fn make_example(&mut self, kind: &str) {
        let example = self.example(&Method::POST, &format!("/api/v1/{kind}"));
        self.make(kind, &example, &[]).await;
    }

    /// Makes the caller id of the example, and verifies it by its example.
    pub(crate) async fn make_caller_id(&mut self) {
        self.make_example("caller-ids").await;
        let code = self.hub.until("the code is told", || async {
            let messages = self.hub.messages("contact=%2B14165551234").await;
            let text = messages.first().and_then(|told| told["text"].as_str()).unwrap_or_default();
            let digits: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
            if digits.len() == 6 { Ok(digits) } else { Err(text.to_owned()) }
        });
        let path = "/api/v1/caller-ids/{id}/verify";
        let body = self.example(&Method::POST, path).replace("123456", &code.await);
        self.speak(&Method::POST, path, Some(body), &[]).await;
    }

    /// Makes one of everything, by the examples. Senders are there without being made.
    pub(crate) async fn make_everything(&mut self) {
        self.make_caller_id().await;
        let campaign = ["voice-templates", "engagements", "activities", "triggers", "envelopes"];
        for kind in campaign.into_iter().chain(["text-templates", "email-templates"]) {
            self.make_example(kind).await;
        }
        for kind in ["phone-numbers", "email-ids"] {
            let list = self.get(&format!("/api/v1/{kind}")).await;
            self.ids.insert(kind.to_owned(), list["data"][0]["id"].as_str().unwrap().to_owned());
        }
    }
}

/// The types and ids of all resources that a document names.
fn identifiers(document: &Value, found: &mut Vec<(String, String)>) {
    if let (Some(kind), Some(id)) = (document["type"].as_str(), document["id"].as_str()) {
        found.push((kind.to_owned(), id.to_owned()));
    }
    let members = document.as_object().into_iter().flat_map(|members| members.values());
    members.chain(document.as_array().into_iter().flatten()).for_each(|member| identifiers(member, found));
}
