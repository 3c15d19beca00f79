//! The list of engagements (checklist F4, C5).

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::anywhere::listing::list;
use crate::requests::{ALEX, JORDAN, integration, with};

/// Every page of a list, and how many there were.
async fn all(hub: &TestHub, acme: &Caller, query: &str) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let path = format!("/integration/engagements?domain_name=acme&{query}{cursor}");
        let page = hub.get(acme, &path).await.expect(200);
        pages += 1;
        let engagements = page["engagements"].as_array().expect("engagements");
        ids.extend(engagements.iter().map(|one| one["engagement_id"].as_str().expect("an id").to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (ids, pages),
        }
    }
}

/// Starts some engagements for later, side by side, and gives their ids.
async fn many(hub: &TestHub, acme: &Caller, count: usize, fields: &Value) -> Vec<String> {
    let at = (hub.clock.now() + SignedDuration::from_hours(300)).to_string();
    let body = with(with(integration(acme, "phone", ALEX), json!({"scheduled_time": at})), fields.clone());
    let mut ids = Vec::new();
    for _ in 0..count.div_ceil(20) {
        let some = (0..20.min(count - ids.len())).map(|_| hub.started(acme, body.clone()));
        ids.extend(join_all(some).await);
    }
    ids
}

// F4
#[tokio::test(flavor = "multi_thread")]
async fn over_a_hundred_engagements_of_several_days_are_paged_without_loss_or_doubling() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let mut ids = many(&hub, &acme, 60, &json!({})).await;
    hub.advance(SignedDuration::from_hours(48));
    let record = json!({"source_record_id": "contact-2"});
    let second = many(&hub, &acme, 50, &record).await;
    ids.extend(second.clone());
    ids.sort();
    for limit in [7, 50, 100] {
        let (mut seen, pages) = all(&hub, &acme, &format!("limit={limit}")).await;
        assert!(pages >= ids.len().div_ceil(limit), "{pages} pages");
        seen.sort();
        assert_eq!(seen, ids, "limit {limit}");
    }
    let (newest, _) = all(&hub, &acme, "limit=100").await;
    assert!(newest[..50].iter().all(|id| second.contains(id)), "newest first");
    let (mut of_record, _) = all(&hub, &acme, "source_record_id=contact-2&limit=20").await;
    let mut second = second;
    of_record.sort();
    second.sort();
    assert_eq!(of_record, second);
    let (of_status, _) = all(&hub, &acme, "status=Scheduled&limit=30").await;
    assert_eq!(of_status.len(), 110);
    let (none, _) = all(&hub, &acme, "status=Paused&limit=30").await;
    assert!(none.is_empty());
}

// F4
#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_filtered_by_each_of_its_parameters() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let first = hub.started(&acme, integration(&acme, "email", "customer@example.com")).await;
    hub.until_status(&acme, &first, "Completed").await;
    hub.advance(SignedDuration::from_hours(30));
    let between = hub.clock.now();
    let at = json!({"scheduled_time": (between + SignedDuration::from_hours(9)).to_string(), "source_record_id": "lead/7 ü"});
    let second = hub.started(&acme, with(integration(&acme, "sms", JORDAN), at)).await;
    let ids = async |query: &str| -> Vec<String> {
        let engagements = list(&hub, &acme, query).await;
        engagements.iter().map(|one| one["engagement_id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids("").await, [&second, &first].map(String::clone));
    for query in [
        "status=Scheduled",
        "channel=sms",
        "contact=%2B14165554321",
        "contact=4165554321",
        "source_record_id=lead%2F7%20%C3%BC",
    ] {
        assert_eq!(ids(query).await, [second.as_str()], "{query}");
    }
    for query in ["status=Completed", "channel=email", "contact=customer@example.com", "source_record_id=contact-1"] {
        assert_eq!(ids(query).await, [first.as_str()], "{query}");
    }
    assert_eq!(ids(&format!("from={between}")).await, [second.as_str()]);
    assert_eq!(ids(&format!("to={between}")).await, [first.as_str()]);
    for query in [
        "batch_id=6f1c2a3b-4d5e-8565-a877-3b4c5d6e7562",
        "channel=phone",
        "status=Failed",
        "status=Scheduled&channel=email",
        "call_sid=CA0",
    ] {
        assert_eq!(ids(query).await, Vec::<String>::new(), "{query}");
    }
}
