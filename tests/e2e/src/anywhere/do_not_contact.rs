//! Who must not be contacted (checklist N2, M3).

use hub_fixture::{Answer, Caller, Hub};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{ALEX, JORDAN, integration, with};

const LIST: &str = "/contacts/do-not-contact";

const BOUNCES: &str = "bounce@simulator.amazonses.com";

const COMPLAINS: &str = "complaint@simulator.amazonses.com";

/// Puts a contact of the caller's domain on the list.
pub(crate) async fn add(hub: &Hub, acme: &Caller, contact: &str, fields: Value) -> Value {
    let body = with(json!({"domain_name": acme.domain_name, "contact": contact}), fields);
    hub.post(acme, LIST, body).await.expect(200)
}

pub(crate) async fn add_file(hub: &Hub, acme: &Caller, file: impl Into<reqwest::Body>) -> Answer {
    add_file_as(hub, acme, "text/csv", file).await
}

async fn add_file_as(hub: &Hub, acme: &Caller, media_type: &str, file: impl Into<reqwest::Body>) -> Answer {
    let request = hub.request(Method::POST, &acme.at("/contacts/do-not-contact")).bearer_auth(&acme.api_key);
    hub.send(request.header("Content-Type", media_type).body(file)).await
}

async fn remove(hub: &Hub, acme: &Caller, query: &str) -> Answer {
    hub.call(Method::DELETE, &acme.at(&format!("{LIST}?{query}")), &acme.api_key, None, &[]).await
}

pub(crate) async fn check(hub: &Hub, acme: &Caller, query: &str) -> Value {
    hub.get(acme, &acme.at(&format!("{LIST}/check?{query}"))).await.expect(200)
}

/// The status that a start over this channel is answered with.
async fn starting(hub: &Hub, acme: &Caller, channel: &str, contact: &str) -> u16 {
    let body = with(integration(acme, channel, contact), json!({"test_mode": true}));
    hub.post(acme, "/integration/start", body).await.status
}

/// The channels that an answer shows as closed.
pub(crate) fn closed(answer: &Value) -> Vec<&str> {
    let closed = answer["closed"].as_array().expect("closed");
    closed.iter().map(|one| one["channel"].as_str().expect("a channel")).collect()
}

/// Every contact of the list, page by page.
async fn walked(hub: &Hub, acme: &Caller, query: &str) -> Vec<String> {
    let (mut contacts, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hub.get(acme, &acme.at(&format!("{LIST}?{query}{cursor}"))).await.expect(200);
        let listed = page["contacts"].as_array().expect("contacts");
        contacts.extend(listed.iter().map(|one| one["contact"].as_str().expect("a contact").to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return contacts,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_on_the_list_is_403_with_the_reason() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, ALEX, json!({"reason": "Asked by phone."})).await;
    let answer = hub.post(&acme, "/integration/start", integration(&acme, "phone", ALEX)).await;
    assert!(problem(&answer, 403).ends_with("Asked by phone."), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_closed_on_the_named_channels_only() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, ALEX, json!({"channel": "sms", "channels": ["wmsg"]})).await;
    for (channel, status) in [("phone", 200), ("sms", 403), ("wmsg", 403), ("wvoice", 200)] {
        assert_eq!(starting(&hub, &acme, channel, ALEX).await, status, "{channel}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_closed_on_every_channel_where_none_is_named() {
    let (hub, acme) = acme_in_test_mode().await;
    assert_eq!(closed(&add(&hub, &acme, ALEX, json!({})).await), ["all"]);
    for channel in ["phone", "sms", "wmsg", "wvoice"] {
        assert_eq!(starting(&hub, &acme, channel, ALEX).await, 403, "{channel}");
    }
    assert_eq!(starting(&hub, &acme, "phone", JORDAN).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contact_may_come_under_each_of_its_names() {
    let (hub, acme) = acme_in_test_mode().await;
    for (field, contact) in
        [("phone_number", "416-555-1234"), ("email", "a@example.com"), ("email_address", "b@example.com")]
    {
        hub.post(&acme, LIST, json!({"domain_name": acme.domain_name, field: contact})).await.expect(200);
    }
    assert_eq!(walked(&hub, &acme, "limit=10").await, [ALEX, "a@example.com", "b@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_who_added_it_when_and_why() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, ALEX, json!({"channel": "sms", "reason": "Asked\nby phone."})).await;
    add(&hub, &acme, ALEX, json!({})).await;
    let list = hub.get(&acme, &acme.at(LIST)).await.expect(200);
    insta::assert_json_snapshot!("do_not_contact", list, {
        ".contacts[].closed[].api_key_id" => "[id]", ".contacts[].closed[].added_at" => "[time]",
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_size_show_every_contact_once_and_in_order() {
    let (hub, acme) = acme_in_test_mode().await;
    let mut contacts: Vec<String> = (0..40).map(|n| format!("+1416555{:04}", n * 37)).collect();
    contacts.extend((0..30).map(|n| format!("customer{n:02}@example.com")));
    let imported = add_file(&hub, &acme, contacts.join("\n")).await.expect(200);
    assert_eq!(imported, json!({"added": 70, "already_listed": 0, "errors": [], "more_errors": 0}));
    for limit in [1, 7, 70, 100] {
        assert_eq!(walked(&hub, &acme, &format!("limit={limit}")).await, contacts, "limit {limit}");
    }
    assert!(walked(&hub, &acme, "limit=7&channel=all").await == contacts);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_a_channel_shows_those_whom_it_is_closed_to() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, ALEX, json!({"channel": "sms"})).await;
    add(&hub, &acme, JORDAN, json!({})).await;
    for (channel, contacts) in [("sms", &[ALEX, JORDAN][..]), ("phone", &[JORDAN]), ("all", &[JORDAN])] {
        let mut contacts = contacts.to_vec();
        contacts.sort_unstable();
        assert_eq!(walked(&hub, &acme, &format!("channel={channel}&limit=1")).await, contacts, "{channel}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_good_rows_of_a_file_are_added_and_the_bad_ones_named() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, JORDAN, json!({})).await;
    let file = "Name,Phone,Channels,Reason\nAlex,416-555-1234,sms wmsg,Asked\nJo,12,,\nJordan,'+14165554321,,\nEm,+14165550000,fax,\n";
    let imported = add_file(&hub, &acme, file).await.expect(200);
    assert_eq!((&imported["added"], &imported["already_listed"]), (&json!(1), &json!(1)));
    let errors: Vec<&str> = imported["errors"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(errors.len() == 2 && errors[0].starts_with("Row 2: ") && errors[1].starts_with("Row 4: "), "{errors:?}");
    let listed = check(&hub, &acme, "contact=%2B14165551234").await;
    assert_eq!((closed(&listed), &listed["closed"][0]["reason"]), (vec!["sms", "wmsg"], &json!("Asked")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_be_written_as_spreadsheet_programs_do() {
    let (hub, acme) = acme_in_test_mode().await;
    add_file(&hub, &acme, "\u{feff}reason;CONTACT\r\nZoë;a@example.com\r\n").await.expect(200);
    let western = &b"name;reason;contact\r\nZo\xeb;M\xfcde;b@example.com\r\n"[..];
    add_file_as(&hub, &acme, "application/csv", western).await.expect(200);
    add_file(&hub, &acme, "contact\treason\nc@example.com\tZoë\n").await.expect(200);
    for (contact, reason) in [("a@example.com", "Zoë"), ("b@example.com", "Müde"), ("c@example.com", "Zoë")] {
        assert_eq!(check(&hub, &acme, &format!("contact={contact}")).await["closed"][0]["reason"], reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_taken_is_told_so_and_changes_nothing() {
    let (hub, acme) = acme_in_test_mode().await;
    for file in
        ["", "name,age\nAlex,7\n", "email,email\na@example.com,b@example.com\n", &"a@example.com\n".repeat(10_001)]
    {
        let answer = add_file(&hub, &acme, file.to_owned()).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["body"]);
    }
    problem(&add_file(&hub, &acme, "a@example.com\n".repeat(100_000)).await, 413);
    let request = hub.request(Method::POST, LIST).bearer_auth(&acme.api_key).header("Content-Type", "text/plain");
    let detail = problem(&hub.send(request.body(ALEX)).await, 415);
    assert!(detail.contains("application/json") && detail.contains("text/csv"), "{detail}");
    assert!(walked(&hub, &acme, "limit=10").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_is_told_at_once() {
    let (hub, acme) = acme_in_test_mode().await;
    let wrong = json!({
        "email": "nobody", "channel": "fax", "channels": ["sms", "smoke"], "reason": "x".repeat(301),
    });
    let answer = hub.post(&acme, LIST, wrong).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["domain_name", "email", "channel", "channels", "reason"]);
    let answer = hub.get(&acme, &format!("{LIST}?channel=fax&limit=0&cursor=%21")).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["domain_name", "channel", "limit", "cursor"]);
    for (method, path) in [(Method::GET, format!("{LIST}/check")), (Method::DELETE, LIST.to_owned())] {
        let answer = hub.call(method, &format!("{path}?contact=nobody&channel=fax"), &acme.api_key, None, &[]).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["domain_name", "contact", "channel"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_gets_an_entry_beside_the_one_for_all_and_keeps_its_reason() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, ALEX, json!({"reason": "First."})).await;
    let file = format!("contact,channel,reason\n{ALEX},sms,Second.\n");
    for (added, already_listed) in [(1, 0), (0, 1)] {
        let imported = add_file(&hub, &acme, file.clone()).await.expect(200);
        assert_eq!((&imported["added"], &imported["already_listed"]), (&json!(added), &json!(already_listed)));
    }
    assert_eq!(closed(&check(&hub, &acme, "contact=%2B14165551234").await), ["all", "sms"]);
    remove(&hub, &acme, "contact=%2B14165551234&channel=phone").await.expect(200);
    let left = check(&hub, &acme, "contact=%2B14165551234").await;
    let sms = left["closed"].as_array().expect("closed").iter().find(|entry| entry["channel"] == "sms");
    assert_eq!(sms.expect("an entry")["reason"], "Second.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_is_removed_can_be_engaged_again() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, ALEX, json!({})).await;
    add(&hub, &acme, ALEX, json!({"channel": "sms"})).await;
    let removed = remove(&hub, &acme, "contact=+14165551234").await.expect(200);
    assert_eq!(removed, json!({"ok": true, "contact": ALEX, "closed": []}));
    assert_eq!(starting(&hub, &acme, "sms", ALEX).await, 200);
    assert!(walked(&hub, &acme, "limit=10").await.is_empty());
    assert!(problem(&remove(&hub, &acme, "contact=+14165551234").await, 404).contains(ALEX));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_channel_removed_out_of_all_leaves_the_others_closed() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = add(&hub, &acme, ALEX, json!({"reason": "Asked."})).await;
    let removed = remove(&hub, &acme, "contact=4165551234&channel=sms").await.expect(200);
    assert_eq!(closed(&removed), ["phone", "wmsg", "wvoice", "email"]);
    assert_eq!(removed["closed"][0]["added_at"], before["closed"][0]["added_at"]);
    assert_eq!(check(&hub, &acme, "contact=4165551234").await["closed"], removed["closed"]);
    assert_eq!(starting(&hub, &acme, "sms", ALEX).await, 200);
    assert_eq!(starting(&hub, &acme, "phone", ALEX).await, 403);
    assert!(problem(&remove(&hub, &acme, "contact=4165551234&channel=sms").await, 404).contains("sms"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_whose_last_channel_is_opened_leaves_the_list() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, ALEX, json!({"channels": ["sms", "wmsg"]})).await;
    assert_eq!(closed(&remove(&hub, &acme, "contact=4165551234&channel=wmsg").await.expect(200)), ["sms"]);
    assert_eq!(walked(&hub, &acme, "limit=10").await, [ALEX]);
    assert!(closed(&remove(&hub, &acme, "contact=4165551234&channel=sms").await.expect(200)).is_empty());
    assert!(walked(&hub, &acme, "limit=10").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_channels_are_closed_and_opened_at_once() {
    let (hub, acme) = acme_in_test_mode().await;
    for _ in 0..10 {
        add(&hub, &acme, ALEX, json!({"channel": "sms"})).await;
        let (added, removed) = futures::join!(
            add(&hub, &acme, ALEX, json!({"channel": "phone"})),
            remove(&hub, &acme, "contact=4165551234&channel=sms"),
        );
        removed.expect(200);
        assert!(closed(&added).contains(&"phone"));
        assert_eq!(closed(&check(&hub, &acme, "contact=4165551234").await), ["phone"]);
        remove(&hub, &acme, "contact=4165551234").await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_of_one_channel_or_of_any() {
    let (hub, acme) = acme_in_test_mode().await;
    let open = json!({"contact": ALEX, "listed": false, "closed": []});
    assert_eq!(check(&hub, &acme, "contact=+14165551234").await, open);
    add(&hub, &acme, ALEX, json!({"channel": "sms"})).await;
    for (channel, listed) in [("", true), ("&channel=sms", true), ("&channel=phone", false), ("&channel=all", false)] {
        let answer = check(&hub, &acme, &format!("contact=+14165551234{channel}")).await;
        assert_eq!((&answer["listed"], closed(&answer)), (&json!(listed), vec!["sms"]), "{channel}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_another_account_is_not_found_and_its_contacts_are_not_seen() {
    let (hub, acme) = acme_in_test_mode().await;
    let globex = hub.tenant("globex", 10).await;
    let intruder = Caller { domain_name: acme.domain_name.clone(), ..globex.clone() };
    add(&hub, &acme, ALEX, json!({})).await;
    problem(&hub.get(&intruder, &intruder.at(LIST)).await, 404);
    problem(&hub.get(&intruder, &intruder.at(&format!("{LIST}/check?contact=4165551234"))).await, 404);
    let domain_unknown = problem(&hub.get(&globex, "/calls?domain_name=nobody").await, 404).replace("nobody", "…");
    let refused = problem(&remove(&hub, &intruder, "contact=4165551234").await, 404);
    assert_eq!(refused.replace(&acme.domain_name, "…"), domain_unknown);
    problem(&hub.post(&intruder, LIST, json!({"domain_name": acme.domain_name, "contact": JORDAN})).await, 404);
    problem(&add_file(&hub, &intruder, JORDAN).await, 404);
    let own = hub.get(&globex, &globex.at(LIST)).await.expect(200);
    assert_eq!(own, json!({"contacts": [], "next_cursor": null}));
    assert_eq!(walked(&hub, &acme, "limit=10").await, [ALEX]);
    assert_eq!(starting(&hub, &globex, "phone", ALEX).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_account_settings_cannot_see_or_change_the_list() {
    let (hub, acme) = acme_in_test_mode().await;
    let key = json!({"name": "one", "permissions": ["engagements", "call_management"]});
    let caller = hub.with_key(&acme, key).await;
    let answers = [
        hub.get(&caller, &acme.at(LIST)).await,
        hub.get(&caller, &acme.at(&format!("{LIST}/check?contact=4165551234"))).await,
        hub.post(&caller, LIST, json!({"domain_name": acme.domain_name, "contact": ALEX})).await,
        remove(&hub, &caller, "contact=4165551234").await,
    ];
    for answer in answers {
        assert!(problem(&answer, 403).contains("permission account_settings"), "{}", answer.body);
    }
}

// M3
#[tokio::test(flavor = "multi_thread")]
async fn a_hard_bounce_and_a_complaint_close_email_on_the_word_of_the_mail_service() {
    let (hub, acme) = acme().await;
    for (contact, reason) in [(BOUNCES, "Hard bounce: "), (COMPLAINS, "Reported as spam.")] {
        let before = hub.now().to_string();
        hub.started(&acme, integration(&acme, "email", contact)).await;
        let listed = hub
            .until(&format!("{contact} is closed"), async || {
                let listed = check(&hub, &acme, &format!("contact={contact}")).await;
                if listed["listed"] == true { Ok(listed) } else { Err(listed.to_string()) }
            })
            .await;
        assert_eq!(closed(&listed), ["email"]);
        let entry = &listed["closed"][0];
        assert!(entry["reason"].as_str().is_some_and(|text| text.starts_with(reason)), "{entry}");
        assert_eq!((&entry["added_by"], &entry["api_key_id"]), (&json!("mail_service"), &json!(null)));
        assert!(entry["added_at"].as_str().is_some_and(|at| *at >= *before), "{entry}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letter_case_of_an_address_does_not_matter() {
    let (hub, acme) = acme_in_test_mode().await;
    add(&hub, &acme, "Alex.Morgan@Example.com", json!({})).await;
    for address in ["alex.morgan@example.com", "ALEX.MORGAN@EXAMPLE.COM"] {
        assert_eq!(starting(&hub, &acme, "email", address).await, 403, "{address}");
        assert_eq!(check(&hub, &acme, &format!("contact={address}")).await["listed"], true, "{address}");
    }
    add(&hub, &acme, "ALEX.morgan@example.com", json!({})).await;
    assert_eq!(walked(&hub, &acme, "limit=10").await, ["Alex.Morgan@example.com"]);
}
