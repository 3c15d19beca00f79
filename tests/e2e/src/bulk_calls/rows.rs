//! What rows say (checklist I2).

use hub_fixture::TestHub;
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::campaigns::{SUBMIT, campaign, errors, id, number, rows, sms, submitted, until_batch};
use crate::requests::{ALEX, JORDAN, with};
use crate::setup::{booking, template};

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_row_is_named_with_all_that_is_wrong_and_the_others_go_on() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let email = |changes| with(json!({"channel": "email", "email": "customer@example.com"}), changes);
    let answer = submitted(
        &hub,
        &acme,
        [
            sms("416555"),
            sms("1.41656E+10"),
            json!({"phone_number": ALEX, "channel": "sms"}),
            json!({"instruction": "Say hello."}),
            with(sms(ALEX), json!({"channel": "e-mail"})),
            with(sms(ALEX), json!({"call_type": "survey", "language": "xx"})),
            email(json!({})),
            email(json!({"email": "nobody", "instruction": "Say hello."})),
            email(json!({"email_body_html": "<p>Hello</p>", "email_template_name": "Renewal"})),
            email(json!({"instruction": "Say hello.", "email_template_params": {"1st": "x", "list": []}})),
            email(json!({"instruction": "Say hello.", "call_type": "conversational"})),
            email(json!({"email_template_name": "Nothing like it"})),
            with(sms(ALEX), json!({"scheduled_time": "tomorrow"})),
            with(sms(ALEX), json!({"scheduled_time": "2026-12-24"})),
            with(sms(ALEX), json!({"scheduled_time": "24/12/2026 14:30"})),
            with(sms(ALEX), json!({"scheduled_time": "2100-12-24 14:30"})),
            with(sms(ALEX), json!({"call_type": "confirmational"})),
            with(sms(ALEX), json!({"instruction": 7, "name": "x".repeat(400), "user_phone_number": "12"})),
            json!("Alex"),
            sms(JORDAN),
        ],
    )
    .await;
    assert_eq!(answer["queued_calls"], 1);
    assert_json_snapshot!("bad_rows", errors(&answer));
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_read_as_people_and_programs_write_them() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let written = [
        "4165550001",
        "(416) 555-0002",
        "1-416-555-0003",
        "14165550004",
        "'+14165550005",
        "+1 416 555 0006",
        "416.555.0007",
        "416\u{2011}555\u{2013}0008",
        "\u{202a}+14165550009\u{202c}",
        "’4165550010",
    ];
    let answer = submitted(&hub, &acme, written.map(sms)).await;
    assert_eq!(errors(&answer), Vec::<String>::new());
    let shown = rows(&hub, &acme, id(&answer)).await;
    let contacts: Vec<Value> = shown.iter().map(|row| row["contact_identifier"].clone()).collect();
    assert_eq!(contacts, (1..=10).map(|row| json!(number(row))).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_every_script_are_kept() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let names = ["Zoë Köhler", "山田太郎", "سارة أحمد", "Иван Петров", "राम", "O'Brien 🙂", "김민준", "Nguyễn Ánh"];
    let named = (1..).zip(names).map(|(row, name)| with(sms(&number(row)), json!({"name": name})));
    let answer = submitted(&hub, &acme, named).await;
    let shown = rows(&hub, &acme, id(&answer)).await;
    assert_eq!(shown.iter().map(|row| row["name"].as_str().unwrap_or_default()).collect::<Vec<_>>(), names);
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_types_and_languages_are_the_rows_own_or_the_campaigns() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = json!({
        "domain_name": "acme",
        "channel": "SMS",
        "call_type": "conversational",
        "language": "fr",
        "instruction": "Say hello.",
        "rows": [
            {"phone_number": number(1)},
            {"phone_number": number(2), "channel": "phone", "call_type": "informational"},
            {"phone_number": number(3), "channel": "WhatsApp"},
            {"phone_number": number(3), "channel": "wmsg", "instruction": "Say goodbye."},
            {"email": "a@example.com", "phone_number": number(5), "channel": "email", "call_type": "informational",
                "language": "ja"},
            {"email_address": "b@example.com", "channel": "Email", "call_type": "Informational"},
        ],
    });
    let answer = hub.post(&acme, SUBMIT, body).await.expect(200);
    assert_eq!(errors(&answer).len(), 1, "{answer}");
    assert!(errors(&answer)[0].starts_with("Row 3: skipped — channel \"whatsapp\" is not known"), "{answer}");
    let shown = rows(&hub, &acme, id(&answer)).await;
    let seen: Vec<String> = shown
        .iter()
        .map(|row| {
            let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
            [row["row"].to_string(), text("channel"), text("call_type"), text("contact_identifier")].join(" ")
        })
        .collect();
    assert_eq!(
        seen,
        [
            "1 sms conversational +14165550001",
            "2 phone informational +14165550002",
            "4 wmsg conversational +14165550003",
            "5 email informational a@example.com",
            "6 email informational b@example.com",
        ]
    );
    for (contact, language) in [("a@example.com", "ja"), ("b@example.com", "fr")] {
        let html = mail_to(&hub, contact).await["html"].as_str().unwrap_or_default().to_owned();
        assert!(html.contains(&format!("lang=\"{language}\"")), "{contact}: {html}");
    }
    hub.until("the message is there", || async {
        let messages = hub.messages("channel=wmsg").await;
        let told = messages.last().and_then(|message| message["text"].as_str());
        told.filter(|text| text.starts_with("Say goodbye. ")).map(|_| ()).ok_or(format!("{messages:?}"))
    })
    .await;
}

async fn mail_to(hub: &TestHub, contact: &str) -> Value {
    hub.until(&format!("{contact} has a mail"), || async {
        hub.messages(&format!("channel=email&contact={contact}")).await.pop().ok_or("nothing".to_owned())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_email_has_its_own_template_html_or_instruction() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let saved = template(&hub, &acme, json!({"name": "Renewal", "subjectTemplate": "Policy {{POLICY_NUMBER}}"})).await;
    let other = template(&hub, &acme, json!({"name": "Other", "bodyHtml": "<p>Other for {{CUSTOMER_NAME}}</p>"})).await;
    let email = |row: usize, changes| {
        let contact = format!("row{row}@example.com");
        with(json!({"channel": "email", "email": contact, "name": "Zoë & Co"}), changes)
    };
    let body = with(
        campaign([
            email(1, json!({"email_template_params": {"policy_number": "POL-1"}})),
            email(2, json!({"email_template_id": other["id"]})),
            email(3, json!({"email_template_name": "Other", "email_subject": "Row three"})),
            email(
                4,
                json!({"email_body_html": "<p>{{CODE}} for {{CUSTOMER_NAME}}</p>", "template_params": {"code": 7}}),
            ),
            email(5, json!({"email_template_id": "550e8400-e29b-41d4-a716-446655440000", "instruction": "Say hello."})),
        ]),
        json!({"email_template_name": saved["name"]}),
    );
    let answer = hub.post(&acme, SUBMIT, body).await.expect(200);
    assert_eq!(errors(&answer), Vec::<String>::new());
    until_batch(&hub, &acme, id(&answer), "Completed").await;
    for (row, subject, text) in [
        (1, "Policy POL-1", "Policy POL-1 renews soon."),
        (2, "Your policy renewal", "Other for Zoë &amp; Co"),
        (3, "Row three", "Other for Zoë &amp; Co"),
        (4, "Message from your provider", "7 for Zoë &amp; Co"),
        (5, "Say hello.", "hello"),
    ] {
        let mail = mail_to(&hub, &format!("row{row}@example.com")).await;
        assert_eq!(mail["subject"], subject, "row {row}");
        assert!(mail["html"].as_str().is_some_and(|html| html.contains(text)), "row {row}: {mail}");
    }
}

// I2: a file of several channels has the columns of emails in every row.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_an_email_has_does_not_matter_for_other_channels() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let email = json!({
        "email": "nobody", "email_body_html": "<p>Hello</p>", "email_template_name": "Renewal",
        "email_template_params": {"notes": "x".repeat(20_000), "1st": []},
    });
    let answer = submitted(&hub, &acme, [with(sms(ALEX), email.clone())]).await;
    assert_eq!(errors(&answer), Vec::<String>::new());
    let answer = hub.post(&acme, SUBMIT, campaign([with(email, json!({"channel": "email"}))])).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
}

// I6: rows are listed in the order in which they go out.
#[tokio::test(flavor = "multi_thread")]
async fn emails_pass_the_calls_whose_turn_comes_in_quiet_hours() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let [start, end] = [10, 600].map(|minutes| {
        let time = hub.clock.now() + SignedDuration::from_mins(minutes);
        time.timestamp().strftime("%H:%M").to_string()
    });
    let settings = json!({"time_zone": "UTC", "bulk_call_rate_limit": 1, "quiet_hours": {"start": start, "end": end}});
    hub.set_domain("acme", settings).await;
    let calls = (1..=20).map(|row| with(sms(&number(row)), json!({"channel": "phone"})));
    let email = json!({"email": "customer@example.com", "channel": "email", "instruction": "Say hello."});
    let answer = submitted(&hub, &acme, calls.chain([email])).await;
    let shown = rows(&hub, &acme, id(&answer)).await;
    let order: Vec<u64> = shown.iter().filter_map(|row| row["row"].as_u64()).collect();
    let place = |row| order.iter().position(|number| *number == row).expect("the row is there");
    assert!(place(1) < place(21) && place(21) < place(12), "{order:?}");
    let calls: Vec<u64> = order.iter().copied().filter(|row| *row <= 20).collect();
    assert_eq!(calls, (1..=20).collect::<Vec<u64>>());
}

// I2: a time that names no zone is in the domain's.
#[tokio::test(flavor = "multi_thread")]
async fn times_are_read_in_the_domains_zone_in_every_usual_form() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"time_zone": "America/Toronto"})).await;
    let zone = TimeZone::get("America/Toronto").expect("a zone");
    let tomorrow = (hub.clock.now() + SignedDuration::from_hours(24)).timestamp().to_zoned(zone);
    let at = tomorrow.date().at(14, 30, 0, 0).to_zoned(tomorrow.time_zone().clone()).expect("a time");
    let written = [
        "%Y-%m-%dT%H:%M:%S%:z",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%m/%d/%Y %I:%M %p",
        "%d.%m.%Y %H:%M",
        "%B %d, %Y at %I:%M %p",
        "%d-%b-%y %H:%M",
    ];
    let scheduled = (1..)
        .zip(written)
        .map(|(row, form)| with(sms(&number(row)), json!({"scheduled_time": at.strftime(form).to_string()})));
    let past = with(sms(ALEX), json!({"scheduled_time": "2020-01-01 10:00"}));
    let answer = submitted(&hub, &acme, scheduled.chain([past])).await;
    assert_eq!(errors(&answer), Vec::<String>::new());
    let shown = rows(&hub, &acme, id(&answer)).await;
    // What has passed goes out at its turn, which is before all that is for later.
    assert_eq!((&shown[0]["row"], &shown[0]["scheduled_time"]), (&json!(8), &json!(null)));
    for row in &shown[1..] {
        let scheduled: jiff::Timestamp = row["scheduled_time"].as_str().unwrap_or_default().parse().expect("a time");
        assert_eq!((scheduled, &row["status"]), (at.timestamp(), &json!("Scheduled")), "{row}");
    }
    hub.advance(SignedDuration::from_hours(48));
    until_batch(&hub, &acme, id(&answer), "Completed").await;
    assert_eq!(hub.messages("channel=sms").await.len(), 8);
}

// D1: what a single start can be for, a row can.
#[tokio::test(flavor = "multi_thread")]
async fn rows_confirm_bookings_and_make_appointments() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = booking(&hub, &acme).await;
    let confirming = json!({"channel": "phone", "call_type": "confirmational", "booking_id": booking_id});
    let making = json!({"channel": "phone", "call_type": "appointment_booking"});
    for (fields, outcome) in [(confirming, "confirmed"), (making, "booked")] {
        let answer = submitted(&hub, &acme, [with(sms("+15005550011"), fields)]).await;
        let batch = until_batch(&hub, &acme, id(&answer), "Completed").await;
        assert_eq!((&batch["counts"]["completed"], &batch["rows"][0]["outcome"]), (&json!(1), &json!(outcome)));
    }
}
