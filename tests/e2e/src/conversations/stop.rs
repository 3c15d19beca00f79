//! STOP and START in every language (checklist M4).

use hub_fixture::{Caller, TestHub};
use serde_json::{Value, json};

use super::{HAND, says, talking};
use crate::requests::{OPTS_OUT, integration, with};

/// A word for each in every language.
const WORDS: [(&str, &str, &str); 11] = [
    ("en", "STOP", "start"),
    ("es", "Baja", "Alta"),
    ("fr", "ARRÊT", "reprendre"),
    ("de", "Abmelden!", "anmelden"),
    ("pt", "sair", "Começar"),
    ("zh", "退订", "开始"),
    ("fa", "لغو", "شروع"),
    ("ar", "إيقاف", "ابدأ"),
    ("hi", "बंद करें", "शुरू करें"),
    ("ja", "配信停止", "再開"),
    ("ko", "수신거부", "시작"),
];

async fn is_closed(hub: &TestHub, acme: &Caller) -> bool {
    let test = with(integration(acme, "phone", HAND), json!({"test_mode": true}));
    hub.post(acme, "/integration/start", test).await.status == 403
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_any_language_ends_all_contact_and_another_begins_it_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (language, stop, start) in WORDS {
        let id = talking(&hub, &acme, "sms", json!({"type": "conversational", "language": language})).await;
        let (stopped, _) = says(&hub, "sms", stop).await;
        assert!(stopped.len() == 1 && stopped[0].contains("START"), "{language}: {stopped:?}");
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(report["outcome"], "opted_out");
        assert_eq!(report["transcript"][2]["content"], stopped[0].as_str());
        assert!(is_closed(&hub, &acme).await, "{language}");
        let (started, _) = says(&hub, "sms", start).await;
        assert!(started.len() == 1 && started[0].contains("STOP"), "{language}: {started:?}");
        assert!(!is_closed(&hub, &acme).await, "{language}");
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn stop_counts_without_a_conversation_and_start_opens_only_what_stop_has_closed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    assert_eq!(says(&hub, "sms", "Stop").await.0.len(), 1);
    assert!(is_closed(&hub, &acme).await);
    says(&hub, "sms", "Start").await;
    assert!(!is_closed(&hub, &acme).await);
    let own = json!({"domain_name": "acme", "contact": HAND, "reason": "Moved away."});
    hub.post(&acme, "/contacts/do-not-contact", own).await.expect(200);
    assert!(says(&hub, "sms", "Start").await.0.is_empty(), "nobody is told what is not so");
    assert!(is_closed(&hub, &acme).await, "the account's own entry stays");
}

// M4, H2
#[tokio::test(flavor = "multi_thread")]
async fn the_scripted_contact_that_writes_stop_is_answered_each_time() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for times in 1..=2 {
        let asked = with(integration(&acme, "sms", OPTS_OUT), json!({"type": "conversational"}));
        let id = hub.started(&acme, asked).await;
        assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "opted_out");
        let confirmed = async || {
            let left = hub.messages(&format!("contact={}", OPTS_OUT.replace('+', "%2B"))).await;
            let confirmed = left.iter().filter(|one| one["text"].as_str().is_some_and(|text| text.contains("START")));
            let confirmed = confirmed.count();
            if confirmed == times { Ok(()) } else { Err(confirmed.to_string()) }
        };
        hub.until("STOP is confirmed", confirmed).await;
        let path = acme.at(&format!("/contacts/do-not-contact?contact={}", OPTS_OUT.replace('+', "%2B")));
        hub.call(reqwest::Method::DELETE, &path, &acme.api_key, None, &[]).await.expect(200);
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_in_a_call_not_to_be_called_is_left_alone() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "phone", json!({"type": "conversational"})).await;
    super::played(&hub, "answer", json!({})).await;
    assert_eq!(says(&hub, "phone", "Please do not call me again.").await.0, ["You will not be contacted again."]);
    assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "opted_out");
    assert!(is_closed(&hub, &acme).await);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_with_the_word_in_it_goes_on_with_the_conversation() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "sms", json!({"type": "conversational"})).await;
    says(&hub, "sms", "Where does the bus stop?").await;
    let report: Value = hub.report(&acme, &id).await;
    assert_eq!(report["status"], "In Progress");
    assert!(!is_closed(&hub, &acme).await);
}
