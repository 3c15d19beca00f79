//! `GET /bulk-calls/batches/{batch_id}/results.csv` (checklist I5).

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use hub_fixture::{Caller, TestHub};
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::json;

use super::campaigns::{BATCHES, id, sms, submitted, until_batch, upload};
use crate::problem::problem;
use crate::requests::{ALEX, JORDAN, with};

async fn file(hub: &TestHub, caller: &Caller, batch_id: &str) -> reqwest::Response {
    let request = hub.request(Method::GET, &format!("{BATCHES}/{batch_id}/results.csv"));
    request.bearer_auth(&caller.api_key).send().await.expect("an answer")
}

/// The lines of a file of results, each cell by the name of its column.
pub(super) async fn results(hub: &TestHub, caller: &Caller, batch_id: &str) -> Vec<BTreeMap<String, String>> {
    let text = file(hub, caller, batch_id).await.text().await.expect("a file");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|line| line.expect("a line")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn results_have_every_row_in_its_order_with_what_became_of_it_and_why() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = submitted(
        &hub,
        &acme,
        [
            with(sms(ALEX), json!({"name": "Zoë", "source_record_id": "person-1"})),
            sms("12"),
            sms("+15005550001"),
            sms(ALEX),
        ],
    )
    .await;
    until_batch(&hub, &acme, id(&answer), "Completed").await;
    let response = file(&hub, &acme, id(&answer)).await;
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    let name = format!("attachment; filename=\"batch-{}-results.csv\"", id(&answer));
    assert_eq!(response.headers()["content-disposition"], name);
    assert!(response.text().await.expect("a file").starts_with("\u{feff}row,status,"));
    let mut lines = results(&hub, &acme, id(&answer)).await;
    for cell in lines.iter_mut().flat_map(BTreeMap::iter_mut) {
        let moving = cell.0.ends_with("_at") || cell.0 == "engagement_id";
        if moving && !cell.1.is_empty() {
            *cell.1 = format!("[{}]", cell.0);
        }
    }
    assert_json_snapshot!("results", lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_that_begin_like_formulas_are_defused_and_can_be_sent_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let name = "=HYPERLINK(\"https://example.com\",\"Open\")";
    let row = with(sms(ALEX), json!({"name": name, "source_record_id": "@SUM(1)"}));
    let answer = submitted(&hub, &acme, [row, with(sms(JORDAN), json!({"name": "-1+1"}))]).await;
    let lines = results(&hub, &acme, id(&answer)).await;
    let cells = |column: &str| [lines[0][column].as_str(), lines[1][column].as_str()];
    assert_eq!(cells("name"), [&format!("'{name}"), "'-1+1"]);
    assert_eq!(cells("contact"), [&format!("'{ALEX}"), &format!("'{JORDAN}")]);
    assert_eq!(lines[0]["source_record_id"], "'@SUM(1)");
    let again = format!("phone_number,channel,instruction\n{},sms,Again.\n", lines[0]["contact"]);
    let answer = upload(&hub, &acme, &[("domain_name", "acme")], "again.csv", again).await.expect(200);
    assert_eq!(answer["queued_calls"], 1, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_packed_for_a_client_that_unpacks_them() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = submitted(&hub, &acme, [sms(ALEX), sms(JORDAN)]).await;
    until_batch(&hub, &acme, id(&answer), "Completed").await;
    let plain = file(&hub, &acme, id(&answer)).await;
    assert_eq!(plain.headers()["content-encoding"], "identity");
    assert_eq!(plain.headers()["vary"], "accept-encoding");
    let request = hub.request(Method::GET, &format!("{BATCHES}/{}/results.csv", id(&answer)));
    let packed =
        request.bearer_auth(&acme.api_key).header("Accept-Encoding", "gzip, br").send().await.expect("an answer");
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let mut unpacked = String::new();
    let packed = packed.bytes().await.expect("a file");
    GzDecoder::new(&*packed).read_to_string(&mut unpacked).expect("it is packed");
    assert_eq!(unpacked, plain.text().await.expect("a file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_results_of_anothers_batch_are_not_found() {
    let hub = TestHub::start().await;
    let (acme, globex) = (hub.demo(), hub.account("globex", 10).await);
    let answer = submitted(&hub, &acme, [sms(ALEX)]).await;
    problem(&hub.get(&globex, &format!("{BATCHES}/{}/results.csv", id(&answer))).await, 404);
    problem(&hub.get(&acme, &format!("{BATCHES}/no-batch/results.csv")).await, 404);
}
