//! `engagement-hub set-up`: a customer from nothing to the first email, and all that can be wrong with it.

use hub_fixture::TestHub;
use hub_local::aws::{Kind, Rule, Service};
use hub_operator::Ended;
use insta::assert_snapshot;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::command_line::{NORTHWIND, set_up};

/// Everything of the customer that a run could make twice.
async fn made(hub: &TestHub) -> Value {
    let domain = hub.admin(Method::GET, "/admin/domains/northwind", None).await.expect(200);
    let account = format!("/admin/accounts/{}", domain["account_id"].as_str().expect("an account"));
    let [account, keys, credits] = ["", "/api-keys", "/credits"].map(|of| format!("{account}{of}"));
    json!({
        "domain": domain,
        "account": hub.admin(Method::GET, &account, None).await.expect(200),
        "keys": hub.admin(Method::GET, &keys, None).await.expect(200),
        "credits": hub.admin(Method::GET, &credits, None).await.expect(200),
        "mails": hub.messages("contact=you@example.com").await,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_set_up_and_its_first_email_leaves() {
    let hub = TestHub::start().await;
    let told = set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    assert_snapshot!("set_up", told);
    let made = made(&hub).await;
    assert_eq!(made["domain"]["email_from"], "Northwind <hello@northwind.example>");
    assert_eq!(made["account"]["organization_name"], "Northwind");
    assert_eq!(made["credits"]["balance"], 999);
    assert_eq!(made["mails"].as_array().map(Vec::len), Some(1));
    assert_eq!(made["mails"][0]["subject"], "The first email of Northwind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_makes_nothing_twice() {
    let hub = TestHub::start().await;
    set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    let before = made(&hub).await;
    let told = set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    assert_snapshot!("set_up_again", told);
    assert_eq!(made(&hub).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_broke_off_is_completed_by_the_next() {
    let hub = TestHub::start().await;
    let is_domain = |body: &Value| body.to_string().contains("DOMAIN#northwind");
    let down = || Rule::new(Kind::ServerError).on(Service::DynamoDb, "TransactWriteItems").when(is_domain);
    let struck = hub.local.embedded.faults().inject(down());
    let told = set_up(&hub, &NORTHWIND).await.expect_error();
    assert!(told.starts_with("POST /admin/accounts/") && told.contains("was answered 503"), "{told}");
    assert!(struck.hits() > 0);
    hub.local.embedded.faults().clear();
    let told = set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    assert!(told.contains("Account      acc_… of Northwind, is there\nDomain       northwind, made;"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_whose_answer_was_lost_is_not_made_again() {
    let hub = TestHub::start().await;
    set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    let before = made(&hub).await["mails"].clone();
    // As if the program had ended between the start and its answer, and the key were still known.
    let file = hub.folder().join(format!("set-up/northwind@127.0.0.1_{}.json", hub.local.address.port()));
    let mut kept: Value = serde_json::from_slice(&std::fs::read(&file).expect("it is kept")).expect("JSON");
    kept.as_object_mut().expect("an object").remove("first_email").expect("the first email is kept");
    std::fs::write(&file, kept.to_string()).expect("it is written");
    set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    assert_eq!(made(&hub).await["mails"], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_kept_or_revoked_is_followed_by_another() {
    let hub = TestHub::start().await;
    set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    std::fs::remove_dir_all(hub.folder().join("set-up")).expect("it was there");
    let told = set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    assert!(told.contains("An earlier run made key_…, which is not kept here."), "{told}");
    for key in made(&hub).await["keys"]["api_keys"].as_array().expect("keys") {
        let id = key["api_key_id"].as_str().expect("an id");
        hub.admin(Method::DELETE, &format!("/admin/api-keys/{id}"), None).await.expect(200);
    }
    let told = set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    assert!(told.contains("API key      hub_live_…") && !told.contains("An earlier run"), "{told}");
    assert_eq!(made(&hub).await["mails"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sender_and_another_recipient_are_taken_by_a_later_run() {
    let hub = TestHub::start().await;
    set_up(&hub, &NORTHWIND).await.expect(Ended::Done);
    let [organization, domain, ..] = NORTHWIND;
    let other = [organization, domain, "--email-from=news@northwind.example", "--send-to=they@example.com"];
    let told = set_up(&hub, &other).await.expect(Ended::Done);
    assert!(told.contains("its emails are from news@northwind.example now"), "{told}");
    assert_eq!(made(&hub).await["domain"]["email_from"], "news@northwind.example");
    assert_eq!(hub.messages("contact=they@example.com").await.len(), 1);
}

/// The address of a mail server that takes no mail.
async fn refusing_mail_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.write_all(b"554 No mail is taken here\r\n").await;
        }
    });
    format!("smtp://{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_that_failed_is_told_with_its_reason_and_followed_by_another() {
    let relay = refusing_mail_server().await;
    let hub = TestHub::start_with(|options| options.smtp_url = Some(relay)).await;
    let first = set_up(&hub, &NORTHWIND).await.expect_error();
    assert!(first.contains(" is Failed: SES refused the email (MessageRejected: "), "{first}");
    assert!(first.ends_with("Mend that; the same command then starts another one"), "{first}");
    let second = set_up(&hub, &NORTHWIND).await.expect_error();
    assert_ne!(first, second, "the same email was reported twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_of_another_customer_is_left_alone() {
    let hub = TestHub::start().await;
    let [organization, _, from, to] = NORTHWIND;
    let told = set_up(&hub, &[organization, "--domain=acme", from, to]).await.expect_error();
    let expected = "the domain acme belongs to Acme Insurance: choose another --domain, or give --organization \
                    \"Acme Insurance\"";
    assert_eq!(told, expected);
    let acme = hub.admin(Method::GET, "/admin/domains/acme", None).await.expect(200);
    assert_eq!(acme["email_from"], "Acme Insurance <hello@acme.example>");
}

/// The arguments with the address of a hub and a key for it.
fn at<'a>(url: &'a str, key: &'a str) -> Vec<&'a str> {
    NORTHWIND.into_iter().chain([url, key]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_operator_key_is_told_with_where_the_right_one_is() {
    let hub = TestHub::start().await;
    let url = format!("--url=http://{}", hub.local.address);
    let told = set_up(&hub, &at(&url, "--operator-key=wrong")).await.expect_error();
    assert!(told.contains("does not take this operator key") && told.contains("OperatorKeySecret"), "{told}");
    let right = format!("--operator-key={}", hub.local.credentials.operator_key);
    set_up(&hub, &at(&url, &right)).await.expect(Ended::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_does_not_answer_or_is_none_is_told() {
    let hub = TestHub::start().await;
    let told = set_up(&hub, &at("--url=http://127.0.0.1:9", "--operator-key=k")).await.expect_error();
    assert!(told.starts_with("the hub does not answer at http://127.0.0.1:9: "), "{told}");
    let website = MockServer::start().await;
    let page = ResponseTemplate::new(200).set_body_string("<html>");
    Mock::given(matchers::any()).respond_with(page).mount(&website).await;
    let told = set_up(&hub, &at(&format!("--url={}", website.uri()), "--operator-key=k")).await.expect_error();
    assert!(told.contains("was answered 200 OK, but not as a hub answers"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_hub_or_a_key_it_says_what_to_give() {
    let hub = TestHub::start().await;
    std::fs::remove_file(hub.folder().join("credentials.json")).expect("it was there");
    let told = set_up(&hub, &NORTHWIND).await.expect_error();
    assert!(told.contains("start one with `cargo run`, or name another by --url"), "{told}");
    let url = format!("--url=http://{}", hub.local.address);
    let arguments: Vec<_> = NORTHWIND.into_iter().chain([url.as_str()]).collect();
    let told = set_up(&hub, &arguments).await.expect_error();
    assert!(told.starts_with("--url needs the operator key"), "{told}");
}
