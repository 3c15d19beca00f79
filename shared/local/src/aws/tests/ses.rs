use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, MessageTag, RawMessage};
use serde_json::Value;

use super::{Filter, Local, Options};

pub(super) const RAW: &str = "From: Acme <hello@acme.example>\r\nTo: ann@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
    Hello Ann.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello Ann.</p>\r\n--b--\r\n";

pub(super) async fn send(
    local: &Local,
    from: &str,
    to: &str,
    tags: &[(&str, &str)],
) -> Result<String, SdkError<SendEmailError>> {
    let raw = RawMessage::builder().data(Blob::new(RAW)).build().unwrap();
    let tags = tags.iter().map(|(name, value)| MessageTag::builder().name(*name).value(*value).build().unwrap());
    let request = local
        .ses
        .send_email()
        .from_email_address(from)
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().raw(raw).build())
        .set_email_tags(Some(tags.collect()))
        .configuration_set_name("hub");
    Ok(request.send().await?.message_id.unwrap())
}

const SENDER: &str = "Acme <hello@acme.example>";
const TAGS: [(&str, &str); 2] = [("engagement_id", "eng_1"), ("attempt", "1")];

async fn events(local: &Local) -> Vec<Value> {
    let request = local.sqs.receive_message().queue_url(local.aws.queue_url("email-events"));
    let received = request.max_number_of_messages(10).send().await.unwrap();
    received.messages().iter().map(|message| serde_json::from_str(message.body().unwrap()).unwrap()).collect()
}

fn types(events: &[Value]) -> Vec<(&str, &str)> {
    let of = |event: &'_ Value| -> (String, String) {
        (event["detail-type"].as_str().unwrap().to_owned(), event["detail"]["eventType"].as_str().unwrap().to_owned())
    };
    let known = [
        ("Email Sent", "Send"),
        ("Email Delivered", "Delivery"),
        ("Email Bounced", "Bounce"),
        ("Email Complaint Received", "Complaint"),
    ];
    events
        .iter()
        .map(|event| *known.iter().find(|(a, b)| of(event) == ((*a).to_owned(), (*b).to_owned())).unwrap())
        .collect()
}

#[tokio::test]
async fn a_mail_leaves_a_file_a_row_in_the_outbox_and_its_events() {
    let local = Local::start();
    let id = send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap();

    let file = local.dir.path().join("mail").join(format!("{id}.eml"));
    assert_eq!(std::fs::read_to_string(file).unwrap(), RAW);

    let message = local.aws.outbox().find("eng_1", 1).unwrap().unwrap();
    assert_eq!(message.message_id, id);
    assert_eq!(message.contact, "ann@example.com");
    assert_eq!(message.subject.as_deref(), Some("Grüße"));
    assert_eq!(message.text.as_deref().map(str::trim), Some("Hello Ann."));
    assert_eq!(message.html.as_deref().map(str::trim), Some("<p>Hello Ann.</p>"));
    assert_eq!(message.raw.as_deref(), Some(RAW));

    let events = events(&local).await;
    assert_eq!(types(&events), [("Email Sent", "Send"), ("Email Delivered", "Delivery")]);
    assert_eq!(events[0]["source"], "aws.ses");
    let mail = &events[0]["detail"]["mail"];
    assert_eq!(mail["messageId"], id.as_str());
    assert_eq!(mail["destination"], serde_json::json!(["ann@example.com"]));
    assert_eq!(mail["tags"]["engagement_id"], serde_json::json!(["eng_1"]));
    assert_eq!(mail["tags"]["ses:configuration-set"], serde_json::json!(["hub"]));
    assert_eq!(events[1]["detail"]["delivery"]["recipients"], serde_json::json!(["ann@example.com"]));
}

#[tokio::test]
async fn the_events_can_be_read_as_eventbridge_events() {
    let local = Local::start();
    send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap();
    for event in events(&local).await {
        assert!(event["time"].as_str().unwrap().ends_with('Z'));
        assert_eq!(event["version"], "0");
        assert_eq!(event["account"], "000000000000");
        assert!(event["resources"][0].as_str().unwrap().ends_with("configuration-set/hub"));
    }
}

#[tokio::test]
async fn the_addresses_of_the_mailbox_simulator_behave_as_on_aws() {
    let local = Local::start();
    for (to, fate) in [
        ("success@simulator.amazonses.com", &["Send", "Delivery"][..]),
        ("bounce+7@simulator.amazonses.com", &["Send", "Bounce"]),
        ("complaint@simulator.amazonses.com", &["Send", "Delivery", "Complaint"]),
        ("suppressionlist@simulator.amazonses.com", &["Send", "Bounce"]),
    ] {
        send(&local, SENDER, to, &[]).await.unwrap();
        let events = events(&local).await;
        assert_eq!(types(&events).iter().map(|(_, kind)| *kind).collect::<Vec<_>>(), fate, "{to}");
        if let Some(bounce) = events.iter().find_map(|event| event["detail"].get("bounce")) {
            let subtype = if to.starts_with("bounce") { "General" } else { "OnAccountSuppressionList" };
            assert_eq!(bounce["bounceType"], "Permanent");
            assert_eq!(bounce["bounceSubType"], subtype);
            assert_eq!(bounce["bouncedRecipients"][0]["emailAddress"], to);
        }
        local.sqs.purge_queue().queue_url(local.aws.queue_url("email-events")).send().await.unwrap();
    }
}

#[tokio::test]
async fn an_attempt_that_is_sent_twice_is_recorded_once_and_counted_twice() {
    let local = Local::start();
    let first = send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap();
    let second = send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap();
    assert_eq!(first, second);
    let all = local.aws.outbox().list(&Filter::default()).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].times_sent, 2);
    assert_eq!(events(&local).await.len(), 2);
    assert_eq!(std::fs::read_dir(local.dir.path().join("mail")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_mail_without_a_sender_is_refused() {
    let local = Local::start();
    let refused = send(&local, "", "ann@example.com", &TAGS).await.unwrap_err().into_service_error();
    assert!(refused.is_bad_request_exception(), "{refused:?}");
    assert!(local.aws.outbox().list(&Filter::default()).unwrap().is_empty());
}

#[tokio::test]
async fn a_tag_that_aws_would_refuse_is_refused() {
    let local = Local::start();
    let refused = send(&local, SENDER, "ann@example.com", &[("engagement_id", "a b")]).await.unwrap_err();
    assert!(refused.into_service_error().is_bad_request_exception());
}

#[tokio::test]
async fn only_verified_senders_may_send_if_there_is_a_list() {
    let verified_senders = Some(vec!["acme.example".to_owned(), "one@other.example".to_owned()]);
    let local = Local::start_with(Options { verified_senders, ..Options::default() });
    send(&local, SENDER, "ann@example.com", &[]).await.unwrap();
    send(&local, "one@other.example", "ann@example.com", &[]).await.unwrap();
    let refused = send(&local, "two@other.example", "ann@example.com", &[]).await.unwrap_err().into_service_error();
    assert!(refused.is_message_rejected(), "{refused:?}");
}

#[tokio::test]
async fn mails_are_there_after_a_restart() {
    let local = Local::start();
    let id = send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap();
    let local = local.restart();
    assert_eq!(local.aws.outbox().get(&id).unwrap().unwrap().contact, "ann@example.com");
    assert_eq!(events(&local).await.len(), 2);
}
