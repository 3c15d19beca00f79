//! What no request should have, and what becomes of it: a clear error, and nothing changed (checklist A3, A4).

use hub_fixture::TestHub;
use serde_json::json;

use crate::anywhere::bad_input::{JSON, raw};
use crate::problem::{problem, state};
use crate::requests::{ALEX, integration, with};

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_eleven_megabytes_is_413() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = state(&hub, &acme).await;
    let large = with(integration(&acme, "phone", ALEX), json!({"filler": "x".repeat(11 * 1024 * 1024)})).to_string();
    for path in ["/integration/start", "/start"] {
        assert!(problem(&raw(&hub, &acme, path, JSON, large.clone()).await, 413).contains("larger"));
    }
    assert_eq!(state(&hub, &acme).await, before);
}
