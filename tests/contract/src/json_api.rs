//! The examples of the voice JSON:API in the API's description are requests that work, and answers are as it says.

mod schema;

use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_fixture::TestHub;
use hub_local::functions;
use serde_json::Value;

use self::schema::violations;

/// A client that holds every answer against the description.
struct Reader<'a> {
    hub: &'a TestHub,
    document: Value,
    authorization: String,
}

impl<'a> Reader<'a> {
    async fn new(hub: &'a TestHub) -> Self {
        let demo = hub.demo();
        let keys = hub.local.hub.store.api_keys_of(demo.account_id.parse().unwrap()).await.unwrap();
        let authorization = STANDARD.encode(format!("{}:{}", keys[0].api_key_id, demo.api_key));
        let document = serde_json::to_value(hub_web::openapi(functions::endpoints())).unwrap();
        Self { hub, document, authorization: format!("Basic {authorization}") }
    }

    fn operation(&self, method: &Method, path: &str) -> &Value {
        &self.document["paths"][path][method.as_str().to_lowercase()]
    }

    /// The example of an operation, with ids that this hub has in place of those in it.
    fn example(&self, method: &Method, path: &str, ids: &[(&str, &str)]) -> String {
        let body = &self.operation(method, path)["requestBody"]["content"]["application/json"];
        let example = body["example"].to_string();
        assert!(example.len() > 4, "{method} {path} has no example");
        ids.iter().fold(example, |text, (written, own)| text.replace(written, own))
    }

    /// Sends a request to an operation; its answer must be one that it describes.
    async fn send(&self, method: Method, path: &str, id: &str, body: Option<String>) -> Value {
        let request = self.hub.request(method.clone(), &path.replace("{id}", id));
        let request = request.header("Authorization", &self.authorization).header("X-Account-Key", "acme");
        let request = body.into_iter().fold(request, |request, body| request.body(body));
        let answer = self.hub.send(request).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.body);
        let described = &self.operation(&method, path)["responses"][answer.status.to_string()];
        assert!(!described.is_null(), "{method} {path} does not say {}", answer.status);
        let schema = &described["content"]["application/json"]["schema"];
        let wrong = violations(&self.document, schema, &answer.body, "");
        assert!(wrong.is_empty(), "{method} {path}: {wrong:?}\n{}", answer.body);
        answer.body
    }

    /// Sends the example of an operation that makes something, and gives the id of that.
    async fn make(&self, path: &str, ids: &[(&str, &str)]) -> String {
        let example = self.example(&Method::POST, path, ids);
        let made = self.send(Method::POST, path, "", Some(example)).await;
        let data = made["data"].as_array().map_or(&made["data"], |all| &all[0]);
        data["id"].as_str().unwrap().to_owned()
    }

    /// The caller id of the example, verified by its example.
    async fn caller_id(&self) -> String {
        let id = self.make("/api/v1/caller-ids", &[]).await;
        let code = self.hub.until("the code is told", || async {
            let messages = self.hub.messages("contact=%2B14165551234").await;
            let text = messages.first().and_then(|told| told["text"].as_str()).unwrap_or_default();
            let digits: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
            if digits.len() == 6 { Ok(digits) } else { Err(text.to_owned()) }
        });
        let path = "/api/v1/caller-ids/{id}/verify";
        let ids = [("Lv8UgucPVGWcwZd9Hre9dn", id.as_str()), ("123456", &code.await)];
        let body = self.example(&Method::POST, path, &ids);
        self.send(Method::POST, path, &id, Some(body)).await;
        id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_json_api_work_and_their_answers_are_as_described() {
    let hub = TestHub::start().await;
    let reader = Reader::new(&hub).await;
    let caller_id = reader.caller_id().await;
    let template = reader.make("/api/v1/voice-templates", &[]).await;
    let engagement = reader.make("/api/v1/engagements", &[]).await;
    let ids = [("cu8Eo9RyrUsV4MXEiDZpLM", engagement.as_str()), ("Lv8UgucPVGWcwZd9Hre9dn", &caller_id)];
    let activity = reader.make("/api/v1/activities", &ids).await;
    let ids = [("cu8Eo9RyrUsV4MXEiDZpLM", activity.as_str()), ("RyrUsV4MXEicu8Eo9DZpLM", &template)];
    let trigger = reader.make("/api/v1/triggers", &ids).await;
    let ids = [("yrbCdxqV2ZMdQBCszhA7TZ", engagement.as_str())];
    let envelope = reader.make("/api/v1/envelopes", &ids).await;
    let path = "/api/v1/engagements/{id}";
    let scheduled = reader.example(&Method::PATCH, path, &ids);
    reader.send(Method::PATCH, path, &engagement, Some(scheduled)).await;
    let text = reader.make("/api/v1/text-templates", &[]).await;
    let email = reader.make("/api/v1/email-templates", &[]).await;
    let made = [
        ("caller-ids", caller_id),
        ("voice-templates", template),
        ("engagements", engagement),
        ("activities", activity),
        ("triggers", trigger),
        ("envelopes", envelope),
        ("text-templates", text),
        ("email-templates", email),
    ];
    for (kind, id) in made {
        reader.send(Method::GET, &format!("/api/v1/{kind}"), "", None).await;
        let shown = reader.send(Method::GET, &format!("/api/v1/{kind}/{{id}}"), &id, None).await;
        assert_eq!((&shown["data"]["type"], &shown["data"]["id"]), (&kind.into(), &id.into()));
    }
    for kind in ["phone-numbers", "email-ids"] {
        let list = reader.send(Method::GET, &format!("/api/v1/{kind}"), "", None).await;
        let id = list["data"][0]["id"].as_str().unwrap();
        reader.send(Method::GET, &format!("/api/v1/{kind}/{{id}}"), id, None).await;
    }
}
