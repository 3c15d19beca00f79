use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::json;

use super::*;
use crate::testing::{FakeAws, Says, client, config};

async fn send_by(client: Client) -> Result<String, ProviderError> {
    let from = "Acme <hello@acme.example>".parse().unwrap();
    let (to, domain_name) = ("alex@example.com".parse().unwrap(), "acme".parse().unwrap());
    let email = OutgoingEmail {
        from: &from,
        to: &to,
        raw: b"Subject: x\r\n\r\nx".to_vec(),
        engagement_id: EngagementId::from_bytes([7; 12]),
        attempt: 3,
        domain_name: &domain_name,
    };
    let mailer = Mailer::new(client, Some("hub".to_owned())).with_patience(Duration::from_millis(300));
    mailer.send(email).await
}

async fn send_to(fake: &FakeAws) -> Result<String, ProviderError> {
    send_by(client!(aws_sdk_sesv2, fake)).await
}

/// The kind of error that an answer of SES becomes, after one call.
async fn kind(says: Says) -> &'static str {
    let fake = FakeAws::that_says([says]);
    let sent = send_to(&fake).await;
    assert_eq!(fake.asked().len(), 1, "a call must not be repeated");
    name(sent)
}

fn name(sent: Result<String, ProviderError>) -> &'static str {
    match sent {
        Ok(_) => "sent",
        Err(ProviderError::Refused { .. }) => "refused",
        Err(ProviderError::OutOfOrder { .. }) => "out of order",
        Err(ProviderError::Busy { .. }) => "busy",
        Err(ProviderError::Unknown { .. }) => "unknown",
    }
}

fn error(status: u16, code: &'static str) -> Says {
    Says::Answer(status, code, json!({"message": "said so"}))
}

#[tokio::test]
async fn an_email_leaves_with_the_tags_that_its_events_carry_back() {
    let fake = FakeAws::that_says([Says::Answer(200, "", json!({"MessageId": "m-1"}))]);
    assert_eq!(send_to(&fake).await, Ok("m-1".to_owned()));
    let asked = fake.asked();
    assert_eq!(
        asked[0],
        json!({
            "FromEmailAddress": "hello@acme.example",
            "Destination": {"ToAddresses": ["alex@example.com"]},
            "ConfigurationSetName": "hub",
            "Content": {"Raw": {"Data": "U3ViamVjdDogeA0KDQp4"}},
            "EmailTags": [
                {"Name": "engagement_id", "Value": "eng_070707070707070707070707"},
                {"Name": "attempt", "Value": "3"},
                {"Name": "domain_name", "Value": "acme"},
            ],
        })
    );
}

#[tokio::test]
async fn each_answer_is_of_one_of_four_kinds() {
    for (status, code, expected) in [
        (400, "MessageRejected", "refused"),
        (400, "MailFromDomainNotVerifiedException", "refused"),
        (400, "BadRequestException", "refused"),
        (404, "NotFoundException", "refused"),
        (400, "AccountSuspendedException", "refused"),
        (400, "ValidationException", "refused"),
        (429, "TooManyRequestsException", "busy"),
        (400, "LimitExceededException", "busy"),
        (400, "SendingPausedException", "busy"),
        (400, "ThrottlingException", "busy"),
        (403, "AccessDeniedException", "out of order"),
        (500, "InternalFailure", "unknown"),
        (503, "ServiceUnavailable", "unknown"),
    ] {
        assert_eq!(kind(error(status, code)).await, expected, "{code}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let fake = FakeAws::that_says([error(400, "MailFromDomainNotVerifiedException")]);
    let Err(ProviderError::Refused { reason, .. }) = send_to(&fake).await else { panic!("not refused") };
    assert_eq!(
        reason,
        "SES refused the email (MailFromDomainNotVerifiedException: said so): verify the sender's domain in SES."
    );
}

#[tokio::test]
async fn a_lost_answer_leaves_it_unknown() {
    assert_eq!(kind(Says::Hangs).await, "unknown");
    assert_eq!(kind(Says::Fails(ConnectorError::timeout("slow".into()))).await, "unknown");
    assert_eq!(kind(Says::Fails(ConnectorError::io("reset".into()))).await, "unknown");
    assert_eq!(kind(Says::Answer(200, "", json!("not an object"))).await, "unknown");
}

/// A client of the real HTTP stack, whose service is at a port of this machine.
fn at_port(port: u16) -> Client {
    let endpoint = format!("http://127.0.0.1:{port}");
    Client::from_conf(config!(aws_sdk_sesv2).endpoint_url(endpoint).build())
}

#[tokio::test]
async fn a_connection_that_is_refused_took_nothing() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    assert_eq!(name(send_by(at_port(port)).await), "out of order");
}

#[tokio::test]
async fn a_connection_that_is_lost_may_have_taken_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = at_port(listener.local_addr().unwrap().port());
    let dropping = async {
        let (stream, _) = listener.accept().await.unwrap();
        stream.readable().await.unwrap();
    };
    let (sent, ()) = tokio::join!(send_by(client), dropping);
    assert_eq!(name(sent), "unknown");
}
