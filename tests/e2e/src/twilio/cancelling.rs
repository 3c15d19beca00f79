//! Calling off a call that is live (checklist F3).

use hub_fixture::twilio::Behaviour;
use jiff::SignedDuration;

use super::support::Line;
use crate::anywhere::control::steer;
use crate::requests::ALEX;

async fn until_hung_up(line: &Line) {
    line.hub
        .until("the call is hung up", || async {
            let hung_up = line.twilio.calls()[0].hung_up;
            if hung_up == 1 { Ok(()) } else { Err(hung_up.to_string()) }
        })
        .await;
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn cancelling_hangs_up_whether_it_rings_or_talks() {
    for status in ["ringing", "in-progress"] {
        let line = Line::open().await;
        let id = line.start("phone", ALEX).await;
        let call = line.placed(&id, ALEX).await;
        line.twilio.report_call(&call, status, &[]).await;
        steer(&line.hub, &line.acme, "cancel", &id).await;
        until_hung_up(&line).await;
        let over = line.twilio.calls()[0].status.clone();
        // What Twilio then tells of it moves nothing back.
        line.twilio.report_call(&call, &over, &[]).await;
        assert_eq!(line.report(&id).await["status"], "Cancelled");
    }
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_cannot_be_hung_up_now_is_hung_up_later() {
    let line = Line::open().await;
    let id = line.start("phone", ALEX).await;
    line.placed(&id, ALEX).await;
    line.twilio.next(Behaviour::Refuses(503, 20_503), 1);
    steer(&line.hub, &line.acme, "cancel", &id).await;
    line.hub
        .until("it is refused", || async {
            let left = line.twilio.expected();
            if left == 0 { Ok(()) } else { Err(left.to_string()) }
        })
        .await;
    assert_eq!(line.twilio.calls()[0].hung_up, 0);
    line.hub.advance(SignedDuration::from_secs(15));
    until_hung_up(&line).await;
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_has_left_is_not_taken_back() {
    let line = Line::open().await;
    let id = line.start("sms", ALEX).await;
    let sent = line.sent(&id, ALEX).await;
    steer(&line.hub, &line.acme, "cancel", &id).await;
    line.twilio.report_message(&sent, "delivered", &[]).await;
    assert_eq!(line.report(&id).await["status"], "Cancelled");
}
