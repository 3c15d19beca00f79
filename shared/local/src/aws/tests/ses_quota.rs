use aws_sdk_sesv2::types::SendQuota;
use hub_models::channel::Channel;

use super::ses::send;
use super::{Filter, Local, NewMessage, Options, SendingQuota};

const SENDER: &str = "Acme <hello@acme.example>";

fn limited_to(per_second: u32, per_day: u64) -> Local {
    Local::start_with(Options { sending_quota: Some(SendingQuota { per_second, per_day }), ..Options::default() })
}

/// Sends a mail; where there were too many, what SES says of it.
async fn sent(local: &Local, to: &str) -> Result<(), String> {
    send(local, SENDER, to, &[]).await.map(drop).map_err(|error| {
        let error = error.into_service_error();
        assert!(error.is_too_many_requests_exception(), "{error:?}");
        error.meta().message().unwrap_or_default().to_owned()
    })
}

async fn quota(local: &Local) -> SendQuota {
    local.ses.get_account().send().await.unwrap().send_quota.unwrap()
}

#[tokio::test]
async fn no_more_mails_leave_in_a_second_than_the_quota_allows() {
    let local = limited_to(2, 100);
    let tries = (0..20).map(|n| {
        let local = &local;
        async move { sent(local, &format!("{n}@example.com")).await }
    });
    let tries = futures::future::join_all(tries).await;
    let left = local.aws.outbox().list(&Filter::default()).unwrap();
    assert_eq!(tries.iter().filter(|sent| sent.is_ok()).count(), left.len());
    assert!(tries.iter().flat_map(|sent| sent.as_ref().err()).all(|why| why == "Maximum sending rate exceeded."));
    for three in left.windows(3) {
        assert!((three[0].sent_at - three[2].sent_at).as_millis() >= 1_000, "{three:?}");
    }
    local.advance(1);
    sent(&local, "ann@example.com").await.unwrap();
}

#[tokio::test]
async fn no_more_mails_leave_in_a_day_than_the_quota_allows() {
    let local = limited_to(100, 2);
    sent(&local, "ann@example.com").await.unwrap();
    local.advance(12 * 60 * 60);
    sent(&local, "ann@example.com").await.unwrap();
    assert_eq!(sent(&local, "ann@example.com").await, Err("Daily message quota exceeded.".to_owned()));
    local.advance(12 * 60 * 60);
    sent(&local, "ann@example.com").await.unwrap();
}

#[tokio::test]
async fn the_account_tells_its_quota_and_what_was_sent_by_it_in_a_day() {
    let local = limited_to(14, 50_000);
    sent(&local, "ann@example.com").await.unwrap();
    local.aws.outbox().record(&NewMessage::new("test", Channel::Email, "ann@example.com")).unwrap();
    let told = quota(&local).await;
    assert_eq!((told.max_send_rate, told.max24_hour_send, told.sent_last24_hours), (14.0, 50_000.0, 1.0));
    local.advance(24 * 60 * 60);
    assert_eq!(quota(&local).await.sent_last24_hours, 0.0);
}

#[tokio::test]
async fn without_a_quota_there_is_no_limit() {
    let local = Local::start();
    for n in 0..50 {
        sent(&local, &format!("{n}@example.com")).await.unwrap();
    }
    let told = quota(&local).await;
    assert_eq!((told.max_send_rate, told.max24_hour_send, told.sent_last24_hours), (-1.0, -1.0, 50.0));
}
