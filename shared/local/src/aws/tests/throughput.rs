use std::sync::Arc;
use std::time::Instant;

use super::{ACCOUNTS, ENGAGEMENTS, Local, item};

const CALLS: usize = 10_000;

/// Not a test of correctness: prints calls per second. Run it with `--release -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a while and tells only figures"]
async fn figures() {
    let local = Arc::new(Local::start());
    for at_once in [1, 16] {
        rate("SQS send", at_once, &local, |local, _| async move {
            let url = local.aws.queue_url("send-email");
            local.sqs.send_message().queue_url(url).message_body("{}").message_group_id("acme").send().await.unwrap();
        })
        .await;
        rate("SQS receive and delete", at_once, &local, |local, _| async move {
            let url = local.aws.queue_url("send-email");
            let received = local.sqs.receive_message().queue_url(&url).send().await.unwrap();
            for message in received.messages() {
                let handle = message.receipt_handle.clone();
                local.sqs.delete_message().queue_url(&url).set_receipt_handle(handle).send().await.unwrap();
            }
        })
        .await;
        rate("DynamoDB put", at_once, &local, |local, number| async move {
            let pk = format!("E{number}");
            let engagement = item(&[("pk", &pk), ("sk", "META"), ("due_shard", "s0"), ("due_at", &pk)]);
            local.dynamodb.put_item().table_name(ENGAGEMENTS).set_item(Some(engagement)).send().await.unwrap();
        })
        .await;
        rate("DynamoDB get", at_once, &local, |local, _| async move {
            let key = item(&[("pk", "A"), ("sk", "A")]);
            local.dynamodb.get_item().table_name(ACCOUNTS).set_key(Some(key)).send().await.unwrap();
        })
        .await;
        rate("SES send", at_once, &local, move |local, number| async move {
            let tags = [("engagement_id", number.to_string()), ("attempt", at_once.to_string())];
            let tags: Vec<_> = tags.iter().map(|(name, value)| (*name, value.as_str())).collect();
            super::ses::send(&local, "a@acme.example", "ann@example.com", &tags).await.unwrap();
        })
        .await;
    }
}

async fn rate<F, Fut>(what: &str, at_once: usize, local: &Arc<Local>, call: F)
where
    F: Fn(Arc<Local>, usize) -> Fut + Copy + Send + 'static,
    Fut: Future<Output = ()> + Send,
{
    let begun = Instant::now();
    let workers = (0..at_once).map(|worker| {
        let local = Arc::clone(local);
        tokio::spawn(async move {
            for number in (worker..CALLS).step_by(at_once) {
                call(Arc::clone(&local), number).await;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    let per_second = CALLS as f64 / begun.elapsed().as_secs_f64();
    eprintln!("{what:<24} {at_once:>2} at once: {per_second:>8.0}/s");
}
