//! Query strings: what may be asked of an answer, and what is not served (checklist L1, L2).

use hub_fixture::TestHub;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Client, errors, resource};

/// The names of the members that a resource has in its attributes or its relationships.
fn names(resource: &Value, members: &str) -> Vec<String> {
    resource[members].as_object().expect("members").keys().cloned().collect()
}

// L1: as JSON:API says for what is not served.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_included_or_sorted_is_refused() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    for path in ["engagements".to_owned(), "envelopes".to_owned(), format!("engagements/{engagement}")] {
        for (parameter, value) in [("include", "activity"), ("sort", "-created-at")] {
            let told = errors(&client.get(&format!("{path}?{parameter}={value}")).await, 400);
            assert_eq!(told[0].0, parameter);
        }
    }
}

// L2: paging, filters, sparse fields.
#[tokio::test(flavor = "multi_thread")]
async fn lists_are_paged_filtered_and_narrowed() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let (first, second) = (client.engagement().await, client.engagement().await);
    for number in 0..5 {
        let attributes = json!({"phone-number": format!("+1416555{number:04}")});
        client.envelope(if number < 3 { &first } else { &second }, attributes).await;
    }
    let page = client.get("envelopes?page[number]=2&page[size]=2").await.expect(200);
    let numbers = |page: &Value| -> Vec<Value> {
        page["data"].as_array().expect("a list").iter().map(|one| one["attributes"]["phone-number"].clone()).collect()
    };
    assert_eq!(numbers(&page), ["+14165550002", "+14165550003"]);
    assert_eq!(page["meta"]["total"], 5);
    let next = page["links"]["next"].as_str().expect("a next page").strip_prefix("/api/v1/").expect("the path");
    let last = client.get(next).await.expect(200);
    assert_eq!((numbers(&last), &last["links"]["next"]), (vec![json!("+14165550004")], &Value::Null));
    let filtered = client.get(&format!("envelopes?filter[engagement.id]=eq:{second}")).await.expect(200);
    assert_eq!(numbers(&filtered), ["+14165550003", "+14165550004"]);
    let narrow = client.get("engagements?fields[engagements]=name,activity").await.expect(200);
    let narrow = &narrow["data"][0];
    assert_eq!(names(narrow, "attributes"), ["name"]);
    assert_eq!(names(narrow, "relationships"), ["activity"]);
    for bad in ["page[size]=101", "page[number]=0", "filter[name]=eq:x", "filter[engagement.id]=eq:1"] {
        let told = errors(&client.get(&format!("envelopes?{bad}")).await, 400);
        assert_eq!(told[0].0, bad.split('=').next().expect("a name"));
    }
}

// L1: what is for lists is for nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn one_resource_is_neither_paged_nor_filtered() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    for parameter in ["filter[activity.id]", "page[size]", "page[number]", "filter", "include"] {
        let told = errors(&client.get(&format!("engagements/{engagement}?{parameter}=1")).await, 400);
        assert_eq!(told[0].0, parameter);
    }
    let narrow = client.get(&format!("engagements/{engagement}?fields[engagements]=name")).await.expect(200);
    assert_eq!(names(&narrow["data"], "attributes"), ["name"]);
}

// L1: a name of only a to z is JSON:API's own; any other is free.
#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_served_is_refused_unless_its_name_is_free() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let families = ["page[limit]", "page[offset]", "page", "page[size", "filter", "filter[x", "filter[]", "fields"];
    for parameter in families.into_iter().chain(["fields[engagements", "filters[engagement.id]", "limit", "sorting"]) {
        let told = errors(&client.get(&format!("envelopes?{parameter}=1")).await, 400);
        assert_eq!(told[0].0, parameter);
    }
    for free in ["_", "trace-id", "cacheBuster", "utm_source", "v2"] {
        client.get(&format!("envelopes?{free}=1")).await.expect(200);
    }
}

// L1: whatever the method, as JSON:API says.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_refuses_what_is_for_lists_and_shows_the_fields_that_are_asked_for() {
    let hub = TestHub::start().await;
    let client = Client::of(&hub, &hub.demo()).await;
    let engagement = client.engagement().await;
    let (list, one) = ("/api/v1/engagements".to_owned(), format!("/api/v1/engagements/{engagement}"));
    let new = resource("engagements", json!({"name": "Another"}), json!({}));
    let change = json!({"data": {"type": "engagements", "id": engagement, "attributes": {"name": "Another"}}});
    let writes = [(Method::POST, &list, &new), (Method::PATCH, &one, &change), (Method::DELETE, &one, &Value::Null)];
    for (method, path, body) in &writes {
        for parameter in ["include", "sort", "filter[activity.id]", "page[size]"] {
            let told = client.send(method.clone(), &format!("{path}?{parameter}=1"), body).await;
            assert_eq!(errors(&told, 400)[0].0, parameter, "{method}");
        }
    }
    let untouched = client.get("engagements").await.expect(200);
    assert_eq!(untouched["meta"]["total"], 1);
    assert_eq!(untouched["data"][0]["attributes"]["name"], "Voice Blast");
    for (method, path, body) in &writes[..2] {
        let path = format!("{path}?fields[engagements]=name,activity");
        let shown = client.send(method.clone(), &path, body).await.body;
        assert_eq!(names(&shown["data"], "attributes"), ["name"], "{method}: {shown}");
        assert_eq!(names(&shown["data"], "relationships"), ["activity"], "{method}");
        assert_eq!(shown["data"]["attributes"]["name"], "Another");
    }
}
