//! What a user's emails have in place of the domain's settings, where the domain allows it (checklist E9).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_fixture::{Caller, Hub};
use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::mails::structure;
use crate::problem::problem;
use crate::requests::{direct, integration, with};
use crate::setup::{outbound_email, png};

const PATH: &str = "/account-settings/outbound-email";

const CUSTOMER: &str = "customer@example.com";

/// The settings of a domain whose users may have their own, or may not.
async fn domains(hub: &Hub, acme: &Caller, overrides: bool) {
    let settings = json!({
        "organization_name": "Acme",
        "from": "Acme <hello@acme.example>",
        "reply_to": "support@acme.example",
        "header_html": "<p>Header of the domain</p>",
        "footer_html": "<p>Footer of the domain for {{ORGANIZATION_NAME}}</p>",
        "logo": {"data": STANDARD.encode(png(10, 10))},
        "outbound_email_user_overrides_enabled": overrides,
    });
    outbound_email(hub, acme, settings).await;
}

async fn set_user(hub: &Hub, acme: &Caller, user: &str, settings: Value) -> Value {
    let body = with(json!({"domain_name": acme.domain_name, "external_user_id": user}), settings);
    hub.put(acme, PATH, body).await.expect(200)
}

async fn mail(hub: &Hub, acme: &Caller, user: &str) -> Value {
    let fields = json!({"external_user_id": user, "email_body_html": "<p>Body</p>"});
    let id = hub.started(acme, with(integration(acme, "email", CUSTOMER), fields)).await;
    hub.until_status(acme, &id, "Completed").await;
    hub.message(&id).await
}

fn parsed(mail: &Value) -> Message<'_> {
    MessageParser::default().parse(mail["raw"].as_str().expect("the mail")).expect("a mail")
}

/// The addresses that a mail is from and is answered to.
fn addresses(mail: &Value) -> [Option<String>; 2] {
    let mail = parsed(mail);
    let address = |list: Option<&mail_parser::Address<'_>>| Some(list?.first()?.address()?.to_owned());
    [address(mail.from()), address(mail.reply_to())]
}

fn some(addresses: [&str; 2]) -> [Option<String>; 2] {
    addresses.map(|address| Some(address.to_owned()))
}

/// What stands in the words of a mail.
fn says(mail: &Value, words: &str) -> bool {
    mail["text"].as_str().expect("text").contains(words)
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_users_settings_stand_in_place_of_the_domains() {
    let (hub, acme) = acme().await;
    domains(&hub, &acme, true).await;
    let own = json!({
        "organization_name": "Acme North",
        "from": "Jamie <jamie@acme.example>",
        "reply_to": "north@acme.example",
        "header_html": "<p>Header of Jamie</p>",
        "footer_html": "<p>Footer of Jamie for {{ORGANIZATION_NAME}}</p>",
        "logo": {"data": STANDARD.encode(png(20, 20))},
    });
    let set = set_user(&hub, &acme, "agent-7", own).await;
    let mail = mail(&hub, &acme, "agent-7").await;
    assert_eq!(addresses(&mail), some(["jamie@acme.example", "north@acme.example"]));
    assert!(says(&mail, "Header of Jamie") && says(&mail, "Footer of Jamie for Acme North"), "{mail}");
    let logo = format!("logo-{}@hub", set["logo"]["digest"].as_str().expect("a digest"));
    assert!(structure(mail["raw"].as_str().expect("the mail")).contains(&logo), "{mail}");
    assert!(parsed(&mail).attachment(0).is_some_and(|part| part.contents() == png(20, 20)));
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_the_domains_settings_field_by_field_where_it_has_none_of_its_own() {
    let (hub, acme) = acme().await;
    domains(&hub, &acme, true).await;
    let of_domain = ["hello@acme.example", "support@acme.example"];
    for (number, (own, expected, words, logo)) in [
        (json!({}), of_domain, ["Header of the domain", "domain for Acme"], png(10, 10)),
        (
            json!({"from": "jamie@acme.example"}),
            ["jamie@acme.example", "support@acme.example"],
            ["Header of the domain", "domain for Acme"],
            png(10, 10),
        ),
        (json!({"header_html": "<p>Own</p>"}), of_domain, ["Own", "domain for Acme"], png(10, 10)),
        (json!({"organization_name": "North"}), of_domain, ["Header of the domain", "domain for North"], png(10, 10)),
        (
            json!({"logo": STANDARD.encode(png(20, 20))}),
            of_domain,
            ["Header of the domain", "domain for Acme"],
            png(20, 20),
        ),
        (
            json!({"reply_to": "own@acme.example", "logo": null}),
            ["hello@acme.example", "own@acme.example"],
            ["Header of the domain", "domain for Acme"],
            png(10, 10),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let user = format!("agent-{number}");
        let own = match own.get("logo").and_then(Value::as_str) {
            Some(data) => with(own.clone(), json!({"logo": {"data": data}})),
            None => own,
        };
        set_user(&hub, &acme, &user, own.clone()).await;
        let mail = mail(&hub, &acme, &user).await;
        assert_eq!(addresses(&mail), some(expected), "{own}");
        assert!(words.iter().all(|words| says(&mail, words)), "{own} made {mail}");
        assert!(parsed(&mail).attachment(0).is_some_and(|part| part.contents() == logo), "{own}");
    }
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_users_settings_are_that_users_alone_and_count_only_where_the_domain_allows_them() {
    let (hub, acme) = acme().await;
    domains(&hub, &acme, true).await;
    set_user(&hub, &acme, "agent-7", json!({"from": "jamie@acme.example", "header_html": "<p>Of Jamie</p>"})).await;
    let of_domain = some(["hello@acme.example", "support@acme.example"]);
    assert_eq!(addresses(&mail(&hub, &acme, "agent-8").await), of_domain);
    let body = with(direct(&acme, "email", CUSTOMER), json!({"user_id": "agent-7", "email_body_html": "<p>Body</p>"}));
    hub.post(&acme, "/start", body).await.expect(200);
    let direct = hub.messages_of(&acme).await.remove(0);
    assert!(addresses(&direct)[0].as_deref() == Some("jamie@acme.example") && says(&direct, "Of Jamie"), "{direct}");
    let second = hub.second_domain(&acme).await;
    domains(&hub, &second, true).await;
    set_user(&hub, &second, "agent-7", json!({"from": "jamie@acme.example", "header_html": "<p>Of Jamie</p>"})).await;
    domains(&hub, &second, false).await;
    let mail = mail(&hub, &second, "agent-7").await;
    assert!(addresses(&mail) == of_domain && says(&mail, "Header of the domain"), "{mail}");
}

// D2, E9
#[tokio::test(flavor = "multi_thread")]
async fn a_users_sender_is_enough_where_the_domain_has_none() {
    let (hub, acme) = acme().await;
    let second = hub.second_domain(&acme).await;
    let of_domain = async |domain: &Caller, overrides: bool| {
        let settings = json!({"domain_name": domain.domain_name, "outbound_email_user_overrides_enabled": overrides});
        hub.put(domain, PATH, settings).await.expect(200);
    };
    for domain in [&acme, &second] {
        of_domain(domain, true).await;
        set_user(&hub, domain, "agent-7", json!({"from": "jamie@acme.example"})).await;
    }
    of_domain(&second, false).await;
    let sent = mail(&hub, &acme, "agent-7").await;
    assert_eq!(addresses(&sent), [Some("jamie@acme.example".to_owned()), None]);
    let fields = |of: &Caller, user: &str| with(integration(of, "email", CUSTOMER), json!({"external_user_id": user}));
    problem(&hub.post(&acme, "/integration/start", fields(&acme, "agent-8")).await, 400);
    problem(&hub.post(&acme, "/integration/start", integration(&acme, "email", CUSTOMER)).await, 400);
    let answer = hub.post(&second, "/integration/start", fields(&second, "agent-7")).await;
    assert!(problem(&answer, 400).contains("PUT /account-settings/outbound-email"));
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_domain_has_is_refused_for_a_user() {
    let (hub, acme) = acme().await;
    for field in ["outbound_email_user_overrides_enabled", "unsubscribe_link"] {
        for value in [true, false] {
            let body = json!({"domain_name": acme.domain_name, "external_user_id": "agent-7", field: value});
            let answer = hub.put(&acme, PATH, body).await;
            assert!(problem(&answer, 400).contains("is a setting of the domain"));
            assert_eq!(answer.faulty_fields(), [field]);
        }
    }
}

// E9
#[tokio::test(flavor = "multi_thread")]
async fn a_users_settings_are_shown_without_the_domains() {
    let (hub, acme) = acme().await;
    domains(&hub, &acme, true).await;
    let path = acme.at(&format!("{PATH}?external_user_id=agent-7"));
    let unset = json!({"domain_name": acme.domain_name, "external_user_id": "agent-7", "organization_name": null, "from": null,
        "reply_to": null, "header_html": null, "footer_html": null, "logo": null, "updated_at": null});
    assert_eq!(hub.get(&acme, &path).await.expect(200), unset);
    let set = set_user(&hub, &acme, "agent-7", json!({"reply_to": "own@acme.example"})).await;
    let expected = with(unset, json!({"reply_to": "own@acme.example", "updated_at": set["updated_at"]}));
    assert_eq!(set, expected);
    assert_eq!(hub.get(&acme, &path).await.expect(200), expected);
}
