//! `Idempotency-Key` (checklist A6).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::idempotency::KEY;
use crate::requests::{ALEX, direct, integration, with};

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_holds_for_24_hours_and_no_longer() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let start =
        async || hub.post_with(&acme, "/integration/start", integration(&acme, "phone", ALEX), KEY).await.expect(200);
    let first = start().await;
    hub.advance(SignedDuration::from_mins(23 * 60 + 59));
    assert_eq!(start().await, first);
    hub.advance(SignedDuration::from_mins(2));
    let second = start().await;
    assert_ne!(second["engagement_id"], first["engagement_id"]);
    assert_eq!(start().await, second);
}

// A6: the answer is the first one, not how it stands by now.
#[tokio::test(flavor = "multi_thread")]
async fn a_queued_start_is_answered_the_same_after_it_was_sent() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(2)).to_string();
    let body = with(direct(&acme, "phone", ALEX), json!({"scheduled_time": at}));
    let first = hub.post_with(&acme, "/start", body.clone(), KEY).await.expect(200);
    hub.advance(SignedDuration::from_hours(3));
    let path = format!("/calls/{}", first["call_sid"].as_str().expect("a sid"));
    hub.until("it is done", async || {
        let call = hub.get(&acme, &path).await.expect(200);
        if call["status"] == "Done" { Ok(()) } else { Err(call.to_string()) }
    })
    .await;
    assert_eq!(hub.post_with(&acme, "/start", body, KEY).await.expect(200), first);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_was_put_off_is_answered_the_same_while_it_waits() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    crate::setup::quiet_hours(&hub).await;
    let first = hub.post_with(&acme, "/start", direct(&acme, "phone", ALEX), KEY).await.expect(200);
    assert_eq!(first["status"], "queued");
    hub.advance(SignedDuration::from_mins(4 * 60 + 50));
    assert_eq!(hub.post_with(&acme, "/start", direct(&acme, "phone", ALEX), KEY).await.expect(200), first);
}
