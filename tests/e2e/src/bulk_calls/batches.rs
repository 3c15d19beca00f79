//! `GET /bulk-calls/batches` and `GET /bulk-calls/batches/{batch_id}` (checklist I5).

use hub_fixture::{Caller, TestHub};
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::campaigns::{BATCHES, SUBMIT, campaign, id, number, shown, sms, steer, submitted, until_batch, upload};
use crate::problem::problem;
use crate::requests::{ALEX, with};

async fn listed(hub: &TestHub, caller: &Caller, query: &str) -> (Vec<String>, Value) {
    let list = hub.get(caller, &format!("{BATCHES}?{query}")).await.expect(200);
    let batches = list["batches"].as_array().expect("batches");
    (batches.iter().map(|batch| id(batch).to_owned()).collect(), list["next_cursor"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_listed_newest_first_and_paged() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let mut made = Vec::new();
    for row in 0..5 {
        made.insert(0, id(&submitted(&hub, &acme, [sms(&number(row))]).await).to_owned());
        hub.advance(SignedDuration::from_hours(20));
    }
    assert_eq!(listed(&hub, &acme, "domain_name=acme").await, (made.clone(), Value::Null));
    let (mut walked, mut query) = (Vec::new(), "domain_name=acme&limit=2".to_owned());
    loop {
        let (page, next) = listed(&hub, &acme, &query).await;
        assert!(page.len() <= 2);
        walked.extend(page);
        let Some(next) = next.as_str() else { break };
        query = format!("domain_name=acme&limit=2&cursor={next}");
    }
    assert_eq!(walked, made);
    for wrong in ["limit=0", "limit=101", "cursor=nonsense", "domain_name=No+slug"] {
        problem(&hub.get(&acme, &format!("{BATCHES}?{wrong}")).await, 400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_domain_of_the_list_must_be_named_only_where_there_are_several() {
    let hub = TestHub::start().await;
    let (acme, globex) = (hub.demo(), hub.account("globex", 10).await);
    let made = id(&submitted(&hub, &acme, [sms(ALEX)]).await).to_owned();
    assert_eq!(listed(&hub, &acme, "").await.0, [made]);
    assert!(listed(&hub, &globex, "").await.0.is_empty());
    problem(&hub.get(&globex, &format!("{BATCHES}?domain_name=acme")).await, 404);
    let second = json!({"domain_name": "globex-2", "email_from": "test@test.example"});
    let path = format!("/admin/accounts/{}/domains", globex.account_id);
    hub.admin(Method::POST, &path, Some(second)).await.expect(201);
    assert!(problem(&hub.get(&globex, BATCHES).await, 400).contains("domain_name is required"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_shows_how_far_it_is_with_its_rows_and_errors() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let later = (hub.clock.now() + SignedDuration::from_hours(2)).to_string();
    let row = with(sms(ALEX), json!({"name": "Alex", "source_record_id": "person-1"}));
    let rows = [row, sms("12"), with(sms(&number(3)), json!({"scheduled_time": later}))];
    let body = with(campaign(rows), json!({"campaign_name": "June"}));
    let answer = hub.post(&acme, SUBMIT, body).await.expect(200);
    hub.until("the first row has ended", || async {
        let batch = shown(&hub, &acme, id(&answer)).await;
        if batch["counts"]["completed"] == 1 { Ok(()) } else { Err(batch.to_string()) }
    })
    .await;
    assert_json_snapshot!("batch", shown(&hub, &acme, id(&answer)).await, {
        ".batch_id" => "[id]", ".created_at" => "[time]", ".sent_at" => "[time]",
        ".rows[].engagement_id" => "[id]", ".rows[0].completed_at" => "[time]", ".rows[1].scheduled_time" => "[time]",
    });
    hub.advance(SignedDuration::from_hours(3));
    let batch = until_batch(&hub, &acme, id(&answer), "Completed").await;
    assert_eq!((&batch["progress_percent"], &batch["event_type"]), (&json!(100), &json!("batch.completed")));
    assert!(batch["completed_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_batch_are_paged_and_each_is_there_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let bad = [sms("12")];
    let answer = submitted(&hub, &acme, (1..=120).map(|row| sms(&number(row))).chain(bad)).await;
    let (mut numbers, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hub.get(&acme, &format!("{BATCHES}/{}?limit=50{cursor}", id(&answer))).await.expect(200);
        let first_page = numbers.is_empty();
        assert_eq!(page["errors"].as_array().map(Vec::len), Some(usize::from(first_page)));
        numbers.extend(page["rows"].as_array().expect("rows").iter().filter_map(|row| row["row"].as_u64()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(numbers, (1..=120).collect::<Vec<u64>>());
    problem(&hub.get(&acme, &format!("{BATCHES}/{}?cursor=nonsense", id(&answer))).await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_batch_is_not_told_from_one_that_is_not_there() {
    let hub = TestHub::start().await;
    let (acme, globex) = (hub.demo(), hub.account("globex", 10).await);
    let answer = submitted(&hub, &acme, [sms(ALEX)]).await;
    let unknown = "6f1c2a3b-4d5e-8565-a877-3b4c5d6e7562";
    for batch_id in [id(&answer), unknown, "no-batch"] {
        let detail = problem(&hub.get(&globex, &format!("{BATCHES}/{batch_id}")).await, 404);
        assert_eq!(detail, format!("Batch {batch_id} was not found on this account."));
        for verb in ["pause", "resume", "cancel", "retry"] {
            problem(&steer(&hub, &globex, batch_id, verb).await, 404);
        }
    }
    let key = json!({"name": "one", "permissions": ["engagements", "account_settings"]});
    let limited = Caller { api_key: hub.api_key(&acme.account_id, key).await, ..acme };
    let one = format!("{BATCHES}/{}", id(&answer));
    for path in [BATCHES.to_owned(), format!("{one}/results.csv"), one, "/bulk-calls/template.csv".to_owned()] {
        assert!(problem(&hub.get(&limited, &path).await, 403).contains("call_management"));
    }
    for verb in ["pause", "resume", "cancel", "retry"] {
        assert!(problem(&steer(&hub, &limited, id(&answer), verb).await, 403).contains("call_management"));
    }
    let file = upload(&hub, &limited, &[("domain_name", "acme")], "numbers.csv", format!("phone\n{ALEX}\n")).await;
    assert!(problem(&file, 403).contains("call_management"));
}
