//! Several conversations by message with the same contact (checklist M4).

use serde_json::json;

use super::support::Line;
use crate::requests::ALEX;

impl Line {
    /// So many conversations with Alex whose openings are sent, the first first.
    async fn talking(&self, channels: &[&str]) -> Vec<String> {
        let mut ids = Vec::new();
        for channel in channels {
            let id = self.start_with(channel, json!({"type": "conversational"})).await;
            self.sent(&id, ALEX).await;
            ids.push(id);
        }
        ids
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn each_of_several_conversations_is_answered_the_newest_first() {
    let line = Line::open().await;
    let ids = line.talking(&["sms", "sms", "sms", "sms"]).await;
    for (number, id) in ids.iter().rev().enumerate() {
        line.writes("sms", &format!("SM{number}"), "No").await;
        assert_eq!(line.until(id, "Completed").await["outcome"], "conversed");
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn after_stop_no_open_conversation_writes_any_more() {
    let line = Line::open().await;
    let ids = line.talking(&["wmsg", "sms", "sms"]).await;
    let confirmed = line.writes("sms", "SM1", "STOP").await;
    assert_eq!(confirmed.texts("Message").len(), 1, "{}", confirmed.body);
    for id in &ids {
        assert_eq!(line.until(id, "Completed").await["outcome"], "opted_out");
    }
    for channel in ["sms", "wmsg"] {
        assert!(line.writes(channel, &format!("SM{channel}"), "Thanks").await.texts("Message").is_empty());
    }
    assert_eq!(line.twilio.messages().len(), ids.len());
}

// H1, M4
#[tokio::test(flavor = "multi_thread")]
async fn a_test_takes_no_message_of_a_real_conversation() {
    let line = Line::open().await;
    let ids = line.talking(&["sms"]).await;
    for _ in 0..6 {
        let test = line.start_with("sms", json!({"type": "conversational", "test_mode": true})).await;
        line.until(&test, "Completed").await;
    }
    line.writes("sms", "SM1", "STOP").await;
    assert_eq!(line.until(&ids[0], "Completed").await["outcome"], "opted_out");
}
