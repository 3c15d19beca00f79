//! `POST /bulk-calls/submit` (checklist I1, I3, I6, I7).

use hub_fixture::{Caller, TestHub};
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::campaigns::{SUBMIT, campaign, errors, id, number, rows, shown, sms, submitted, until_batch};
use crate::problem::{problem, state};
use crate::requests::{ALEX, JORDAN, direct, integration, with, without};

/// The document's example.
fn follow_up() -> Value {
    json!({
        "domain_name": "acme",
        "campaign_name": "June SMS follow-up",
        "source_system": "twenty",
        "source_org_id": "workspace-uuid",
        "call_type": "informational",
        "rows": [{
            "phone_number": "+14165550000",
            "instruction": "Confirm appointment time",
            "name": "Jane Doe",
            "channel": "sms",
            "source_record_id": "person-uuid",
        }],
    })
}

// I1–I3
#[tokio::test(flavor = "multi_thread")]
async fn the_documents_example_is_answered_as_the_document_says() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = hub.post(&acme, SUBMIT, follow_up()).await.expect(200);
    assert_json_snapshot!("submitted", answer, {".batch_id" => "[id]"});
    let uuid = id(&answer);
    assert!(uuid.len() == 36 && uuid.bytes().filter(|b| *b == b'-').count() == 4, "{uuid}");
    let batch = until_batch(&hub, &acme, uuid, "Completed").await;
    assert_eq!(batch["file_name"], "June SMS follow-up");
    let engagement_id = batch["rows"][0]["engagement_id"].as_str().expect("an id");
    let report = hub.report(&acme, engagement_id).await;
    assert_eq!(report["batch_id"], answer["batch_id"]);
    assert_json_snapshot!("engagement_of_a_row", report, {
        ".engagement_id" => "[id]", ".batch_id" => "[id]", ".started_at" => "[time]", ".completed_at" => "[time]",
        ".sent_at" => "[time]", ".history[].started_at" => "[time]", ".transcript[].timestamp" => "[time]",
    });
    assert_eq!(hub.messages("contact=%2B14165550000").await[0]["text"], "Confirm appointment time");
}

// I3: the document's own words.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_row_with_the_same_contact_is_skipped_as_a_duplicate_customer() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let written = ["4165551234", "+1 (416) 555-4321", "(416) 555-1234"];
    let answer = submitted(&hub, &acme, written.map(sms)).await;
    assert_eq!(answer["errors"], json!(["Row 3: skipped — duplicate customer"]));
    assert_eq!((&answer["queued_calls"], &answer["skipped_calls"]), (&json!(2), &json!(1)));
    assert_eq!(answer["message"], "Batch created with 2 calls. Processing will start shortly.");
}

// I6
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_was_engaged_within_the_domains_days_is_skipped() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    submitted(&hub, &acme, [sms(ALEX)]).await;
    let again = submitted(&hub, &acme, [sms(ALEX), sms(JORDAN)]).await;
    assert_eq!(errors(&again), ["Row 1: skipped — duplicate customer: engaged within the last 7 days"]);
    hub.advance(SignedDuration::from_hours(8 * 24));
    assert_eq!(submitted(&hub, &acme, [sms(ALEX)]).await["queued_calls"], 1);
}

// I6: whichever way they were engaged.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_engaged_by_a_single_request_is_skipped_too() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let [integrated, started, tested] = ["integrated@example.com", "started@example.com", "tested@example.com"];
    hub.post(&acme, "/integration/start", integration(&acme, "email", integrated)).await.expect(200);
    hub.post(&acme, "/start", direct(&acme, "email", started)).await.expect(200);
    let test_email = json!({"domain_name": "acme", "email_address": tested});
    hub.post(&acme, "/account-settings/send-test-email", test_email).await.expect(200);
    let email = |contact| json!({"email": contact, "channel": "email", "instruction": "Say hello."});
    let answer = submitted(&hub, &acme, [email(integrated), email(started), email(tested), sms(ALEX)]).await;
    let told = [1, 2, 3].map(|row| format!("Row {row}: skipped — duplicate customer: engaged within the last 7 days"));
    assert_eq!(errors(&answer), told);
}

// I6: a start that fails takes nothing away from the one before it, and does not count itself.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_reached_and_then_not_counts_as_engaged_and_who_was_never_reached_does_not() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let [reached, never] = ["+15005550003", "+15005550002"];
    for (contact, channel, status) in [
        (reached, "sms", "Completed"),
        (reached, "phone", "Failed"),
        (never, "phone", "Failed"),
        (never, "phone", "Failed"),
    ] {
        let engagement = hub.started(&acme, integration(&acme, channel, contact)).await;
        hub.until_status(&acme, &engagement, status).await;
    }
    let answer = submitted(&hub, &acme, [sms(reached), sms(never)]).await;
    assert_eq!(errors(&answer), ["Row 1: skipped — duplicate customer: engaged within the last 7 days"]);
    assert_eq!(answer["queued_calls"], 1);
}

// I3
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_on_the_do_not_contact_list_is_skipped_with_the_reason() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let listed = json!({"domain_name": "acme", "contact": ALEX, "channel": "sms", "reason": "Asked by phone."});
    hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    let answer = submitted(&hub, &acme, [sms(ALEX), with(sms(ALEX), json!({"channel": "phone"}))]).await;
    assert_eq!(errors(&answer), ["Row 1: skipped — on the do-not-contact list for sms: Asked by phone."]);
    assert_eq!(answer["queued_calls"], 1);
}

// I1, A3: all faults of a campaign at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_campaign_itself_is_told_at_once_and_changes_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = state(&hub, &acme).await;
    let wrong = json!({"call_type": "fax", "language": "xx", "channel": "fax", "test_mode": "often", "rows": {}});
    let answer = hub.post(&acme, SUBMIT, wrong).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["rows", "domain_name", "call_type", "channel", "language", "test_mode"]);
    for (rows, told) in [(0, "has 0"), (1_001, "has 1001")] {
        let answer = hub.post(&acme, SUBMIT, campaign((0..rows).map(|row| sms(&number(row))))).await;
        let detail = problem(&answer, 400);
        assert!(detail.contains(told) && detail.contains("/bulk-calls/upload"), "{detail}");
    }
    problem(&hub.post(&acme, SUBMIT, without(follow_up(), "rows")).await, 400);
    assert_eq!(state(&hub, &acme).await, before);
}

// I1: each row takes them over, so they must be short.
#[tokio::test(flavor = "multi_thread")]
async fn what_every_row_takes_over_has_its_limits() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let fields = [
        "scheduled_time",
        "user_phone_number",
        "external_user_id",
        "email_subject",
        "email_template_id",
        "email_template_name",
    ];
    let long = Value::Object(fields.map(|field| (field.to_owned(), json!("x".repeat(501)))).into_iter().collect());
    let answer = hub.post(&acme, SUBMIT, with(campaign([sms(ALEX)]), long)).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), fields);
}

// I1
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_rows_are_one_campaign() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let later = (hub.clock.now() + SignedDuration::from_hours(2)).to_string();
    let body = with(campaign((0..1_000).map(|row| sms(&number(row)))), json!({"scheduled_time": later}));
    let answer = hub.post(&acme, SUBMIT, body).await.expect(200);
    assert_eq!((&answer["queued_calls"], &answer["skipped_calls"]), (&json!(1_000), &json!(0)));
    assert_eq!(shown(&hub, &acme, id(&answer)).await["counts"]["waiting"], 1_000);
}

// A4: rows may have HTML of their own.
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_may_have_four_megabytes_and_no_more() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let html = format!("<p>{}</p>", "x".repeat(190_000));
    let email = |row| json!({"channel": "email", "email": format!("row{row}@example.com"), "email_body_html": html});
    let later = (hub.clock.now() + SignedDuration::from_hours(2)).to_string();
    let of = |rows| with(campaign((0..rows).map(email)), json!({"scheduled_time": later}));
    assert_eq!(hub.post(&acme, SUBMIT, of(20)).await.expect(200)["queued_calls"], 20);
    problem(&hub.post(&acme, SUBMIT, of(25)).await, 413);
}

// I3
#[tokio::test(flavor = "multi_thread")]
async fn where_every_row_is_bad_they_are_all_named_and_nothing_is_created() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = state(&hub, &acme).await;
    let answer = hub.post(&acme, SUBMIT, campaign([sms("12"), json!("Alex"), json!({})])).await;
    let detail = problem(&answer, 400);
    assert!(detail.contains("No row can be engaged"), "{detail}");
    assert_json_snapshot!("no_row_can_be_engaged", answer.body["errors"]);
    assert_eq!(state(&hub, &acme).await, before);
    assert_eq!(hub.get(&acme, "/bulk-calls/batches").await.expect(200)["batches"], json!([]));
}

// I7
#[tokio::test(flavor = "multi_thread")]
async fn too_few_credits_for_all_rows_are_402_with_how_many_are_missing_and_nothing_is_created() {
    let hub = TestHub::start().await;
    let poor = hub.account("poor", 2).await;
    let body = |count| with(campaign((0..count).map(|row| sms(&number(row)))), json!({"domain_name": "poor"}));
    let before = state(&hub, &poor).await;
    let detail = problem(&hub.post(&poor, SUBMIT, body(5)).await, 402);
    assert!(detail.contains('5') && detail.contains("3 are missing"), "{detail}");
    assert_eq!(state(&hub, &poor).await, before);
    hub.post(&poor, SUBMIT, body(2)).await.expect(200);
    assert_eq!(hub.balance(&poor).await, 0);
}

// I1, A1, A2, A4
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_needs_the_permission_the_domain_and_that_it_is_not_paused() {
    let hub = TestHub::start().await;
    let (acme, globex) = (hub.demo(), hub.account("globex", 10).await);
    let key = json!({"name": "one", "permissions": ["engagements", "account_settings"]});
    let limited = Caller { api_key: hub.api_key(&acme.account_id, key).await, ..acme.clone() };
    assert!(problem(&hub.post(&limited, SUBMIT, follow_up()).await, 403).contains("call_management"));
    problem(&hub.post(&globex, SUBMIT, follow_up()).await, 404);
    hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    let paused = hub.post(&acme, SUBMIT, follow_up()).await;
    problem(&paused, 503);
    assert!(paused.headers.contains_key("retry-after"));
    problem(&hub.call(Method::GET, SUBMIT, &acme.api_key, None, &[]).await, 405);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_batch_and_another_request_is_422() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let key = [("Idempotency-Key", "june")];
    let body = campaign([sms(ALEX), sms(ALEX), sms("12"), sms(JORDAN)]);
    let first = hub.post_with(&acme, SUBMIT, body.clone(), &key).await.expect(200);
    until_batch(&hub, &acme, id(&first), "Completed").await;
    let again = hub.post_with(&acme, SUBMIT, body.clone(), &key).await.expect(200);
    assert_eq!(first, again);
    assert_eq!((first["queued_calls"].clone(), errors(&first).len()), (json!(2), 2));
    assert_eq!((hub.messages("").await.len(), hub.balance(&acme).await), (2, 9_998));
    problem(&hub.post_with(&acme, SUBMIT, campaign([sms(ALEX)]), &key).await, 422);
    problem(&hub.post_with(&acme, SUBMIT, body, &[("Idempotency-Key", "")]).await, 400);
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_or_a_row_in_test_mode_costs_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let whole = with(campaign([sms(ALEX)]), json!({"test_mode": true}));
    let answer = hub.post(&acme, SUBMIT, whole).await.expect(200);
    until_batch(&hub, &acme, id(&answer), "Completed").await;
    let answer = submitted(&hub, &acme, [with(sms(ALEX), json!({"test_mode": true})), sms(JORDAN)]).await;
    let batch = until_batch(&hub, &acme, id(&answer), "Completed").await;
    assert_eq!((&batch["credits"], hub.balance(&acme).await), (&json!(1), 9_999));
    let engagement = rows(&hub, &acme, id(&answer)).await.remove(0);
    let report = hub.report(&acme, engagement["engagement_id"].as_str().expect("an id")).await;
    assert_eq!(report["test_mode"], true);
}

// F4
#[tokio::test(flavor = "multi_thread")]
async fn the_engagements_of_a_batch_are_in_the_list() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let one = submitted(&hub, &acme, [sms(ALEX), sms(JORDAN)]).await;
    submitted(&hub, &acme, [sms(&number(7))]).await;
    until_batch(&hub, &acme, id(&one), "Completed").await;
    let list = format!("/integration/engagements?domain_name=acme&batch_id={}", id(&one));
    let listed = hub.get(&acme, &list).await.expect(200)["engagements"].clone();
    let contacts: Vec<&str> =
        listed.as_array().expect("a list").iter().filter_map(|item| item["contact_identifier"].as_str()).collect();
    assert_eq!(contacts.len(), 2, "{listed}");
    assert!([ALEX, JORDAN].iter().all(|contact| contacts.contains(contact)), "{listed}");
    assert_eq!(
        hub.get(&acme, "/integration/engagements?domain_name=acme").await.expect(200)["engagements"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
}
