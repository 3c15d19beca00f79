//! `POST /bulk-calls/upload`: the form, and what files of a usual size and of the largest become (checklist I4).

use hub_fixture::TestHub;
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::campaigns::{UPLOAD, errors, id, number, rows, send_form, shown, steer, until_batch, upload};
use super::results::results;
use crate::problem::{problem, state};
use crate::requests::{ALEX, JORDAN};

const ACME: [(&str, &str); 1] = [("domain_name", "acme")];

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_answered_like_a_campaign_and_its_name_is_the_batchs() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let file =
        format!("phone_number,instruction,channel\n{ALEX},Say hello.,sms\n12,Say hello.,sms\n{ALEX},Again.,sms\n");
    let answer = upload(&hub, &acme, &ACME, "contacts.csv", &file).await.expect(200);
    assert_json_snapshot!("uploaded", answer, {".batch_id" => "[id]"});
    assert_eq!(shown(&hub, &acme, id(&answer)).await["file_name"], "contacts.csv");
    let named = [("domain_name", "acme"), ("campaign_name", "June")];
    let answer = upload(&hub, &acme, &named, "contacts.csv", &file).await.expect(200);
    assert_eq!(until_batch(&hub, &acme, id(&answer), "Completed").await["file_name"], "June");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fields_of_the_form_are_those_of_a_campaign() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let fields = [
        ("domain_name", "acme"),
        ("channel", "sms"),
        ("call_type", "conversational"),
        ("instruction", "Say hello to all."),
        ("source_system", "twenty"),
        ("test_mode", "yes"),
        ("anything_else", "is ignored"),
    ];
    let answer = upload(&hub, &acme, &fields, "numbers.csv", format!("phone\n{ALEX}\n{JORDAN}\n")).await.expect(200);
    let batch = shown(&hub, &acme, id(&answer)).await;
    let row = &batch["rows"][1];
    assert_eq!(
        (&row["channel"], &row["call_type"], &batch["credits"]),
        (&json!("sms"), &json!("conversational"), &json!(0))
    );
    let report = hub.report(&acme, row["engagement_id"].as_str().expect("an id")).await;
    assert_eq!((&report["source_system"], &report["source_object"]), (&json!("twenty"), &json!("person")));
    assert_eq!(report["test_mode"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_be_taken_is_told_why_and_changes_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = state(&hub, &acme).await;
    let csv = format!("phone\n{ALEX}\n");
    let old_workbook = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more".to_vec();
    let many = format!("phone\n{}", "x\n".repeat(10_001));
    for (name, file, told) in [
        ("empty.csv", Vec::new(), "The file is empty."),
        ("blank.csv", b"\n,,\n".to_vec(), "The file is empty."),
        ("header.csv", b"phone_number,name\n".to_vec(), "no row under its header"),
        ("people.csv", b"name,age\nAlex,7\n".to_vec(), "/bulk-calls/template.csv"),
        ("twice.csv", b"phone,Phone Number\n1,2\n".to_vec(), "more than one column for phone_number"),
        ("old.xls", old_workbook, "save it as .xlsx"),
        ("damaged.xlsx", b"PK\x03\x04 and no more".to_vec(), "cannot be read as an XLSX workbook"),
        ("many.csv", many.into_bytes(), "more than 10000 rows"),
    ] {
        let answer = upload(&hub, &acme, &ACME, name, file).await;
        let detail = problem(&answer, 400);
        assert!(detail.contains(told) && answer.faulty_fields() == ["file"], "{name}: {}", answer.body);
    }
    let wrong = upload(&hub, &acme, &[("call_type", "fax"), ("test_mode", "often")], "x.csv", "name\nAlex\n").await;
    problem(&wrong, 400);
    assert_eq!(wrong.faulty_fields(), ["file", "domain_name", "call_type", "test_mode"]);
    let (long, rows) = ("x".repeat(9_000), "4165551234\n".repeat(4_000));
    let too_much = [("domain_name", "acme"), ("instruction", long.as_str())];
    let answer = upload(&hub, &acme, &too_much, "contacts.csv", format!("phone\n{rows}")).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["instruction"]);
    problem(&upload(&hub, &acme, &[("domain_name", "globex")], "contacts.csv", &csv).await, 404);
    let bad_rows = upload(&hub, &acme, &ACME, "contacts.csv", "phone,instruction\n12,Say hello.\n").await;
    assert!(problem(&bad_rows, 400).contains("No row can be engaged"));
    assert!(bad_rows.body["errors"][0]["detail"].as_str().is_some_and(|told| told.starts_with("Row 1: skipped — ")));
    assert_eq!(state(&hub, &acme).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_form_with_one_file_is_told() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    problem(&hub.post(&acme, UPLOAD, json!({"domain_name": "acme"})).await, 415);
    for (form, told) in [
        ("", "cannot be read"),
        ("--boundary\r\nbroken", "cannot be read"),
        ("--boundary--\r\n", "domain_name is required. file is required."),
    ] {
        let detail = problem(&send_form(&hub, &acme, form, &[]).await, 400);
        assert!(form == "--boundary--\r\n" || detail.contains(told), "{form}: {detail}");
    }
    let part = "--boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nphone\r\n";
    let detail = problem(&send_form(&hub, &acme, format!("{part}{part}--boundary--\r\n"), &[]).await, 400);
    assert!(detail.contains("more than one file"), "{detail}");
    let large = upload(&hub, &acme, &ACME, "large.csv", vec![b'x'; 5 * 1024 * 1024]).await;
    problem(&large, 413);
    let nobody = hub.request(Method::POST, UPLOAD).header("Content-Type", "multipart/form-data; boundary=boundary");
    problem(&hub.send(nobody.body("--boundary--\r\n")).await, 403);
}

// A6: the boundary between the parts is another one each time.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_and_file_give_the_same_batch() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let form = |boundary: &str, contact: &str| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"domain_name\"\r\n\r\nacme\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n\
             phone,channel,instruction\n{contact},sms,Hello\n\r\n--{boundary}--\r\n"
        )
    };
    let send = async |boundary: &str, contact: &str| {
        let request = hub.request(Method::POST, UPLOAD).bearer_auth(&acme.api_key).header("Idempotency-Key", "june");
        let request = request.header("Content-Type", format!("multipart/form-data; boundary={boundary}"));
        hub.send(request.body(form(boundary, contact))).await
    };
    let first = send("one", ALEX).await.expect(200);
    assert_eq!(send("two", ALEX).await.expect(200), first);
    problem(&send("three", JORDAN).await, 422);
    assert_eq!(hub.balance(&acme).await, 9_999);
}

// I6: also while the rows of the first file wait for their time.
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_of_an_earlier_file_is_skipped_within_the_domains_days() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let later = (hub.clock.now() + SignedDuration::from_hours(2)).to_string();
    let fields =
        [("domain_name", "acme"), ("channel", "sms"), ("instruction", "Say hello."), ("scheduled_time", &later)];
    upload(&hub, &acme, &fields, "first.csv", format!("phone\n{ALEX}\n")).await.expect(200);
    let second = format!("phone\n{JORDAN}\n{ALEX}\n");
    let answer = upload(&hub, &acme, &fields, "second.csv", second).await.expect(200);
    assert_eq!(errors(&answer), ["Row 2: skipped — duplicate customer: engaged within the last 7 days"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_to_start_from_can_be_uploaded_as_it_is() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let request = hub.request(Method::GET, "/bulk-calls/template.csv").bearer_auth(&acme.api_key);
    let template = request.send().await.expect("an answer");
    assert_eq!(template.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(template.headers()["content-disposition"], "attachment; filename=\"bulk-calls-template.csv\"");
    let file = template.bytes().await.expect("a file");
    let answer = upload(&hub, &acme, &ACME, "bulk-calls-template.csv", &file).await.expect(200);
    assert_eq!((&answer["queued_calls"], &answer["skipped_calls"]), (&json!(3), &json!(0)), "{answer}");
    let batch = until_batch(&hub, &acme, id(&answer), "Completed").await;
    assert_eq!((&batch["counts"]["completed"], &batch["credits"]), (&json!(3), &json!(0)), "{batch}");
    problem(&hub.send(hub.request(Method::GET, "/bulk-calls/template.csv")).await, 403);
}

/// The largest file, with all that files have in them: 300 duplicates, 100 bad rows, 50 who must not be contacted.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_are_counted_to_the_last() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let closed: String = (0..50).map(|row| format!("closed{row}@example.com\n")).collect();
    let list = hub.request(Method::POST, "/contacts/do-not-contact?domain_name=acme").bearer_auth(&acme.api_key);
    hub.send(list.header("Content-Type", "text/csv").body(closed)).await.expect(200);
    let row = |row: usize| match row {
        0..300 => format!("Twice,twice{}@example.com\n", row / 2),
        300..450 => "Twice,TWICE0@example.com\n".to_owned(),
        450..550 => "Bad,nobody at all\n".to_owned(),
        550..600 => format!("Closed,closed{}@example.com\n", row - 550),
        _ => format!("Name {row},row{row}@example.com\n"),
    };
    let file: String = ["name,email\n".to_owned()].into_iter().chain((0..10_000).map(row)).collect();
    let later = (hub.clock.now() + SignedDuration::from_hours(2)).to_string();
    let fields =
        [("domain_name", "acme"), ("channel", "email"), ("instruction", "Say hello."), ("scheduled_time", &later)];
    let answer = upload(&hub, &acme, &fields, "all.csv", file).await.expect(200);
    assert_eq!((&answer["queued_calls"], &answer["skipped_calls"]), (&json!(9_550), &json!(450)));
    let told = errors(&answer);
    let of = |reason: &str| told.iter().filter(|error| error.contains(reason)).count();
    assert_eq!((of("duplicate customer"), of("email must be"), of("do-not-contact list")), (300, 100, 50));
    assert_eq!(hub.balance(&acme).await, 450);
    let batch = shown(&hub, &acme, id(&answer)).await;
    assert_eq!((&batch["counts"]["waiting"], batch["rows"].as_array().map(Vec::len)), (&json!(9_550), Some(100)));
    let lines = results(&hub, &acme, id(&answer)).await;
    assert_eq!(lines.len(), 10_000);
    assert!((1..).zip(&lines).all(|(number, line)| line["row"] == number.to_string()));
    assert_eq!(lines.iter().filter(|line| line["status"] == "Skipped").count(), 450);
    steer(&hub, &acme, id(&answer), "cancel").await.expect(200);
    until_batch(&hub, &acme, id(&answer), "Cancelled").await;
    assert_eq!((hub.balance(&acme).await, hub.messages("").await.len()), (10_000, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_keeps_the_number_at_which_its_author_finds_it() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let file = format!(
        "phone,instruction,channel\n{},\"Say\nhello.\",sms\n\n12,Hello,sms\n,,\n{},Hello,sms\n",
        number(1),
        number(2)
    );
    let answer = upload(&hub, &acme, &ACME, "gaps.csv", file).await.expect(200);
    assert!(errors(&answer)[0].starts_with("Row 3: skipped — phone_number must be"), "{answer}");
    let numbers: Vec<Value> = rows(&hub, &acme, id(&answer)).await.iter().map(|row| row["row"].clone()).collect();
    assert_eq!(numbers, [1, 5]);
}
