use hub_models::channel::Channel;
use serde_json::json;

use super::{Filter, Local, NewMessage};

fn call(sid: &str, contact: &str, engagement: &str, attempt: u32) -> NewMessage {
    let mut message = NewMessage::new(sid, Channel::Phone, contact);
    message.engagement_id = Some(engagement.to_owned());
    message.attempt = Some(attempt);
    message
}

#[test]
fn recording_an_attempt_again_gives_the_first_ones_id() {
    let local = Local::start();
    let outbox = local.aws.outbox();
    let first = outbox.record(&call("CA1", "+15550100", "eng_1", 1)).unwrap();
    let again = outbox.record(&call("CA2", "+15550100", "eng_1", 1)).unwrap();
    assert!(first.first);
    assert!(!again.first);
    assert_eq!(again.message_id, "CA1");
    assert!(outbox.record(&call("CA3", "+15550100", "eng_1", 2)).unwrap().first);
    assert_eq!(outbox.find("eng_1", 1).unwrap().unwrap().times_sent, 2);
    assert!(outbox.find("eng_1", 3).unwrap().is_none());
}

#[test]
fn messages_of_no_engagement_are_all_recorded() {
    let local = Local::start();
    for sid in ["SM1", "SM2"] {
        local.aws.outbox().record(&NewMessage::new(sid, Channel::Sms, "+15550100")).unwrap();
    }
    assert_eq!(local.aws.outbox().list(&Filter::default()).unwrap().len(), 2);
}

#[test]
fn the_list_is_filtered_and_has_the_newest_first() {
    let local = Local::start();
    let outbox = local.aws.outbox();
    outbox.record(&call("CA1", "+15550100", "eng_1", 1)).unwrap();
    outbox.record(&call("CA2", "+15550101", "eng_2", 1)).unwrap();
    outbox.record(&NewMessage::new("SM1", Channel::Sms, "+15550100")).unwrap();
    let ids = |filter: Filter| -> Vec<String> {
        outbox.list(&filter).unwrap().into_iter().map(|message| message.message_id).collect()
    };
    assert_eq!(ids(Filter::default()), ["SM1", "CA2", "CA1"]);
    assert_eq!(ids(Filter { limit: Some(1), ..Filter::default() }), ["SM1"]);
    assert_eq!(ids(Filter { channel: Some(Channel::Phone), ..Filter::default() }), ["CA2", "CA1"]);
    assert_eq!(ids(Filter { contact: Some("+15550100".to_owned()), ..Filter::default() }), ["SM1", "CA1"]);
    assert_eq!(ids(Filter { engagement_id: Some("eng_2".to_owned()), ..Filter::default() }), ["CA2"]);
}

#[test]
fn what_is_said_in_a_call_is_put_down_later() {
    let local = Local::start();
    let outbox = local.aws.outbox();
    outbox.record(&call("CA1", "+15550100", "eng_1", 1)).unwrap();
    let said = json!([{ "role": "agent", "text": "Hello." }]);
    assert!(outbox.said("CA1", &said).unwrap());
    assert!(!outbox.said("CA9", &said).unwrap());
    assert_eq!(outbox.get("CA1").unwrap().unwrap().said, Some(said));
}
