//! Following one engagement (checklist F1, F2).

use insta::assert_json_snapshot;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{ALEX, TALKER, integration, with};

// F1
#[tokio::test(flavor = "multi_thread")]
async fn a_report_tells_the_whole_story_of_a_conversation() {
    let (hub, acme) = acme_in_test_mode().await;
    let fields = json!({"type": "conversational", "client_name": "Alex Morgan", "source_system": "my_crm"});
    let id = hub.started(&acme, with(integration(&acme, "phone", ALEX), fields)).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_json_snapshot!("report", report, {
        ".engagement_id" => "[id]",
        ".started_at" => "[time]",
        ".completed_at" => "[time]",
        ".sent_at" => "[time]",
        ".history[].started_at" => "[time]",
        ".transcript[].timestamp" => "[time]",
    });
}

fn time(value: &Value) -> Timestamp {
    let text = value.as_str().expect("a time");
    assert!(text.len() == 24 && text.ends_with('Z'), "{text}");
    text.parse().expect("a time")
}

// F1
#[tokio::test(flavor = "multi_thread")]
async fn the_times_of_a_report_are_in_order() {
    let (hub, acme) = acme_in_test_mode().await;
    let id = hub.started(&acme, with(integration(&acme, "sms", ALEX), json!({"type": "conversational"}))).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    let (started, completed) = (time(&report["started_at"]), time(&report["completed_at"]));
    assert!(started <= completed && completed <= time(&report["sent_at"]));
    let of = |list: &str, field: &str| -> Vec<Timestamp> {
        report[list].as_array().expect("a list").iter().map(|entry| time(&entry[field])).collect()
    };
    assert!(of("history", "started_at").is_sorted() && of("transcript", "timestamp").is_sorted());
    assert_eq!(of("history", "started_at").last(), Some(&completed));
}

// F1
#[tokio::test(flavor = "multi_thread")]
async fn history_and_transcript_have_the_shape_of_the_document() {
    let (hub, acme) = acme_in_test_mode().await;
    let id = hub.started(&acme, with(integration(&acme, "wmsg", ALEX), json!({"type": "conversational"}))).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    for entry in report["history"].as_array().expect("a history") {
        for field in ["started_at", "status", "event_type", "call_outcome"] {
            assert!(entry.get(field).is_some(), "{field} in {entry}");
        }
    }
    let events: Vec<_> =
        report["history"].as_array().expect("a history").iter().map(|entry| &entry["event_type"]).collect();
    assert_eq!(events, ["Queued", "Sent", "Ended"]);
    let roles: Vec<_> = report["transcript"].as_array().expect("turns").iter().map(|turn| &turn["role"]).collect();
    assert_eq!(roles, ["assistant", "user", "assistant"]);
    assert_eq!(report["transcript"][0]["content"], "Say hello. Do you have any questions?");
}

// F2
#[tokio::test(flavor = "multi_thread")]
async fn an_engagement_in_progress_has_begun_and_not_ended() {
    let (hub, acme) = acme_in_test_mode().await;
    let id = hub.started(&acme, integration(&acme, "phone", TALKER)).await;
    let report = hub.until_status(&acme, &id, "In Progress").await;
    time(&report["started_at"]);
    assert_eq!((&report["completed_at"], &report["outcome"]), (&json!(null), &json!(null)));
}

// F1
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_engagement_is_404_whatever_its_id_looks_like() {
    let (hub, acme) = acme().await;
    for id in ["eng_000000000000000000000000", "eng_", "nonsense", "..%2F..", "eng_A1B2C3D4E5F6789012345678"] {
        problem(&hub.get(&acme, &format!("/integration/engagement/{id}")).await, 404);
    }
}

// F1, M3: a mail that comes back adds to the outcome and moves nothing back.
#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_after_delivery_adds_to_the_story() {
    let (hub, acme) = acme().await;
    let id = hub.started(&acme, integration(&acme, "email", "bounce@simulator.amazonses.com")).await;
    let report = hub
        .until("it bounced", async || {
            let report = hub.report(&acme, &id).await;
            if report["outcome"] == "bounced" { Ok(report) } else { Err(report.to_string()) }
        })
        .await;
    assert_eq!(report["status"], "Completed");
    assert_eq!(
        report["history"].as_array().and_then(|list| list.last()).map(|entry| &entry["event_type"]),
        Some(&json!("Updated"))
    );
}
