//! Saved email templates: made, listed, shown and removed (checklist E10). Changes are in `email_template_changes`.

use futures::StreamExt;
use futures::future::join;
use futures::stream;
use hub_fixture::TestHub;
use serde_json::json;

use crate::anywhere::email_templates::{create, delete, id, list, names};
use crate::problem::problem;
use crate::setup::template;

/// The most templates of one scope.
const MOST: usize = 500;

// E10
#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_most_of_templates_for_the_domain_and_for_each_user() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    // A few at a time: each has a connection of its own.
    let saves = stream::iter(0..MOST).map(|n| template(&hub, &acme, json!({"name": format!("T{n}")})));
    let made: Vec<_> = saves.buffer_unordered(16).collect().await;
    let answer = create(&hub, &acme, json!({})).await;
    assert!(problem(&answer, 409).contains("500 templates"));
    create(&hub, &acme, json!({"external_user_id": "agent-7"})).await.expect(201);
    let query = format!("?domain_name=acme&id={}", id(&made[7]));
    let (removed, templates) = join(delete(&hub, &acme, &query, None), list(&hub, &acme, "")).await;
    removed.expect(200);
    assert!(names(&templates).len() >= MOST - 1);
    create(&hub, &acme, json!({})).await.expect(201);
}
