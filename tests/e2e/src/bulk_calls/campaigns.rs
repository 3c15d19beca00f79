//! What tests of campaigns send and wait for.

use hub_fixture::{Answer, Caller, TestHub};
use reqwest::Method;
use serde_json::{Value, json};

pub(super) const SUBMIT: &str = "/bulk-calls/submit";
pub(super) const UPLOAD: &str = "/bulk-calls/upload";
pub(super) const BATCHES: &str = "/bulk-calls/batches";

/// A row for a text message.
pub(super) fn sms(contact: &str) -> Value {
    json!({"phone_number": contact, "channel": "sms", "instruction": "Say hello."})
}

/// A campaign of these rows on the demo domain.
pub(super) fn campaign(rows: impl IntoIterator<Item = Value>) -> Value {
    json!({"domain_name": "acme", "rows": Vec::from_iter(rows)})
}

/// A number for each row that nobody else has.
pub(super) fn number(row: usize) -> String {
    format!("+1416555{row:04}")
}

/// Submits rows of the demo domain and gives the answer.
pub(super) async fn submitted(hub: &TestHub, caller: &Caller, rows: impl IntoIterator<Item = Value>) -> Value {
    hub.post(caller, SUBMIT, campaign(rows)).await.expect(200)
}

/// Uploads a file with these fields of a form.
pub(super) async fn upload(
    hub: &TestHub,
    caller: &Caller,
    fields: &[(&str, &str)],
    name: &str,
    file: impl AsRef<[u8]>,
) -> Answer {
    let mut form = Vec::new();
    for (field, value) in fields {
        let part = format!("--boundary\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        form.extend(part.into_bytes());
    }
    let head = format!("--boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    form.extend([head.as_bytes(), file.as_ref(), b"\r\n--boundary--\r\n"].concat());
    send_form(hub, caller, form, &[]).await
}

/// Sends a form that a test has made itself, with `boundary` between its parts.
pub(super) async fn send_form(
    hub: &TestHub,
    caller: &Caller,
    form: impl Into<Vec<u8>>,
    headers: &[(&str, &str)],
) -> Answer {
    let request = hub.request(Method::POST, UPLOAD).bearer_auth(&caller.api_key).body(form.into());
    let request = request.header("Content-Type", "multipart/form-data; boundary=boundary");
    hub.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// The batch that an answer tells of.
pub(super) fn id(answer: &Value) -> &str {
    answer["batch_id"].as_str().unwrap_or_else(|| panic!("no batch in {answer}"))
}

/// A batch with the first page of its rows.
pub(super) async fn shown(hub: &TestHub, caller: &Caller, batch_id: &str) -> Value {
    hub.get(caller, &format!("{BATCHES}/{batch_id}?limit=100")).await.expect(200)
}

/// The rows of a batch of at most a hundred.
pub(super) async fn rows(hub: &TestHub, caller: &Caller, batch_id: &str) -> Vec<Value> {
    shown(hub, caller, batch_id).await["rows"].as_array().cloned().expect("rows")
}

/// What the skipped rows of an answer are told.
pub(super) fn errors(answer: &Value) -> Vec<String> {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("no errors in {answer}"));
    errors.iter().map(|error| error.as_str().unwrap_or_default().to_owned()).collect()
}

/// The batch as soon as it has this status. A large one is waited for as long as it gets on.
pub(super) async fn until_batch(hub: &TestHub, caller: &Caller, batch_id: &str, status: &str) -> Value {
    let mut seen = shown(hub, caller, batch_id).await;
    while seen["status"] != status {
        seen = hub
            .until(&format!("batch {batch_id} is {status}"), || async {
                let batch = shown(hub, caller, batch_id).await;
                let moved = batch["status"] == status || batch["counts"] != seen["counts"];
                if moved { Ok(batch) } else { Err(batch.to_string()) }
            })
            .await;
    }
    seen
}

/// Does something with a batch.
pub(super) async fn steer(hub: &TestHub, caller: &Caller, batch_id: &str, verb: &str) -> Answer {
    hub.call(Method::POST, &format!("{BATCHES}/{batch_id}/{verb}"), &caller.api_key, None, &[]).await
}
