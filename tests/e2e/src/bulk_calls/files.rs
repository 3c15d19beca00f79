//! Files as Excel, LibreOffice and Google Sheets make them (checklist I4).

use encoding_rs::WINDOWS_1252;
use hub_fixture::{Caller, TestHub};
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};

use super::campaigns::{errors, id, rows, upload};
use crate::setup::template;

const ACME: [(&str, &str); 1] = [("domain_name", "acme")];

/// What of a row a file decides.
async fn seen(hub: &TestHub, caller: &Caller, answer: &Value) -> Vec<String> {
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let shown = rows(hub, caller, id(answer)).await;
    shown
        .iter()
        .map(|row| [text(row, "contact_identifier"), text(row, "name"), text(row, "channel")].join(" | "))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_programs_csv_is_the_same_campaign() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let table = [
        ["Phone Number", "Name", "Channel", "Instruction"],
        ["+14165550001", "Zoë Köhler", "sms", "Say \"hello\", please.\nThen goodbye; that is all."],
        ["(416) 555-0002", "François", "SMS", "Say hello."],
    ];
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let csv = |separator: &str, end: &str| -> String {
        table.iter().map(|row| row.map(quoted).join(separator) + end).collect()
    };
    let utf16: Vec<u8> = csv("\t", "\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (program, file) in [
        ("Google Sheets", csv(",", "\r\n").into_bytes()),
        ("LibreOffice", csv(",", "\n").into_bytes()),
        ("LibreOffice with tabs", csv("\t", "\n").into_bytes()),
        ("Excel, CSV UTF-8", format!("\u{feff}{}", csv(",", "\r\n")).into_bytes()),
        ("Excel in Europe, CSV", WINDOWS_1252.encode(&csv(";", "\r\n")).0.into_owned()),
        ("Excel in Europe, CSV UTF-8", format!("\u{feff}{}", csv(";", "\r\n")).into_bytes()),
        ("Excel, Unicode text", [b"\xff\xfe".to_vec(), utf16].concat()),
        ("Excel with a line for itself", format!("sep=;\r\n{}", csv(";", "\r\n")).into_bytes()),
        ("an old Macintosh", csv(",", "\r").into_bytes()),
    ] {
        let answer = upload(&hub, &acme, &ACME, "contacts.csv", file).await.expect(200);
        let expected = ["+14165550001 | Zoë Köhler | sms", "+14165550002 | François | sms"];
        assert_eq!(seen(&hub, &acme, &answer).await, expected, "{program}");
    }
    let said = |text: String| text == "Say \"hello\", please.\nThen goodbye; that is all.";
    hub.until("the first message of each file is there", || async {
        let messages = hub.messages("contact=%2B14165550001&limit=100").await;
        let right =
            messages.iter().filter(|message| message["text"].as_str().is_some_and(|text| said(text.to_owned())));
        if right.count() == 9 { Ok(()) } else { Err(format!("{messages:?}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_may_stand_in_any_order_and_those_that_are_not_known_fill_placeholders() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let html = "<p>{{CUSTOMER_NAME}}: {{POLICY_NUMBER}}, {{RENEWAL_DATE}}, {{CODE}}</p>";
    template(&hub, &acme, json!({"name": "Renewal", "subjectTemplate": "Renewal", "bodyHtml": html})).await;
    let file = "Policy Number,EMAIL ADDRESS,renewal-date,Prénom,template_params,Customer Name,channel\n\
                POL-1,a@example.com,June 15,Zoë,\"{\"\"code\"\": 7}\",Alex & Co,email\n";
    let fields = [("domain_name", "acme"), ("email_template_name", "Renewal")];
    let answer = upload(&hub, &acme, &fields, "renewals.csv", file).await.expect(200);
    assert_eq!(seen(&hub, &acme, &answer).await, ["a@example.com | Alex & Co | email"]);
    let mail = hub
        .until("the mail is there", || async { hub.messages("channel=email").await.pop().ok_or("nothing".to_owned()) })
        .await;
    let html = mail["html"].as_str().unwrap_or_default();
    assert!(html.contains("Alex &amp; Co: POL-1, June 15, 7"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_of_a_file_are_told_so_that_its_author_can_mend_them() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let file = "phone_number,instruction,channel,scheduled_time,test_mode,email_template_params,note\n\
                1.41656E+10,Hello,sms,,,,\n\
                #N/A,Hello,sms,,,,\n\
                442071838750,Hello,sms,,,,\n\
                4165550004,Hello,sms,46192,,,\n\
                4165550005,Hello, please,sms,,,,\n\
                4165550006,Hello,sms,,maybe,,\n\
                4165550007,Hello,sms,,,code 7,\n\
                4165550008,,sms,,,,\n\
                4165550009,Hello,sms,,no,,ok\n";
    let answer = upload(&hub, &acme, &ACME, "contacts.csv", file).await.expect(200);
    assert_eq!(answer["queued_calls"], 1);
    assert_json_snapshot!("bad_rows_of_a_file", errors(&answer));
}

/// A workbook as a person fills it: numbers as numbers, dates as dates, formulas, a hidden sheet before.
fn workbook(at: DateTime) -> Vec<u8> {
    let date = ExcelDateTime::from_ymd(at.year().unsigned_abs(), at.month().unsigned_abs(), at.day().unsigned_abs());
    let date = date.and_then(|date| date.and_hms(at.hour().unsigned_abs().into(), at.minute().unsigned_abs(), 0));
    let when = Format::new().set_num_format("d mmm yyyy h:mm AM/PM");
    let mut workbook = Workbook::new();
    let hidden = workbook.add_worksheet().set_hidden(true);
    hidden.write(0, 0, "Nothing of this is read").expect("a cell");
    let sheet = workbook.add_worksheet().set_active(true);
    for (column, name) in
        (0..).zip(["PHONE NUMBER", "Name", "Channel", "Instruction", "Scheduled time", "Email", "Amount"])
    {
        sheet.write_with_format(1, column, name, &Format::new().set_bold()).expect("a cell");
    }
    sheet.write(2, 0, 14_165_550_001.0).and_then(|sheet| sheet.write(2, 1, "山田太郎")).expect("cells");
    sheet.write(2, 2, "sms").and_then(|sheet| sheet.write(2, 3, "Say hello.")).expect("cells");
    sheet.write_with_format(2, 4, date.expect("a date"), &when).expect("a cell");
    sheet.write(3, 0, "+1 416 555 0002").and_then(|sheet| sheet.write(3, 1, "سارة")).expect("cells");
    sheet
        .write(3, 2, "sms")
        .and_then(|sheet| sheet.write(3, 3, Formula::new("=D3").set_result("Say bye.")))
        .expect("cells");
    sheet.write(5, 2, "email").and_then(|sheet| sheet.write(5, 5, "a@example.com")).expect("cells");
    sheet.write(5, 3, "Say {{AMOUNT}}.").and_then(|sheet| sheet.write(5, 6, 1250.5)).expect("cells");
    sheet
        .write(6, 0, Formula::new("=1/0").set_result("#DIV/0!"))
        .and_then(|sheet| sheet.write(6, 3, "Hi"))
        .expect("cells");
    workbook.save_to_buffer().expect("a workbook")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_read_as_its_author_sees_it() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"time_zone": "Europe/Berlin"})).await;
    let in_two_days = (hub.clock.now() + SignedDuration::from_hours(48)).timestamp();
    let at = in_two_days.in_tz("Europe/Berlin").expect("a zone").date().at(14, 30, 0, 0);
    let answer = upload(&hub, &acme, &ACME, "contacts.xlsx", workbook(at)).await.expect(200);
    assert_eq!(errors(&answer), ["Row 5: skipped — phone_number shows #DIV/0!; mend its formula."]);
    let expected = ["+14165550002 | سارة | sms", "a@example.com |  | email", "+14165550001 | 山田太郎 | sms"];
    assert_eq!(seen(&hub, &acme, &answer).await, expected);
    let scheduled = rows(&hub, &acme, id(&answer)).await.remove(2);
    let time: jiff::Timestamp = scheduled["scheduled_time"].as_str().unwrap_or_default().parse().expect("a time");
    assert_eq!(time, at.in_tz("Europe/Berlin").expect("a time").timestamp());
    assert_eq!(scheduled["row"], 1);
    let message = hub
        .until("the message is there", || async {
            hub.messages("contact=%2B14165550002").await.pop().ok_or("nothing".to_owned())
        })
        .await;
    assert_eq!(message["text"], "Say bye.");
}
