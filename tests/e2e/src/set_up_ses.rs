//! `engagement-hub set-up` of a hub on AWS: the operator key from its secret, and what SES must know first.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hub_fixture::TestHub;
use hub_operator::Ended;
use insta::assert_snapshot;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::command_line::{NORTHWIND, set_up_on};

const SECRET: &str = "--operator-key-secret=arn:aws:secretsmanager:eu-west-1:000000000000:secret:operator-AbCdEf";

/// An AWS account that holds the operator's key, and whose SES knows these identities and whether each is verified.
#[derive(Clone)]
struct AwsAccount {
    operator_key: String,
    sandbox: bool,
    identities: Arc<Mutex<BTreeMap<String, bool>>>,
    /// Each change that was asked for: `POST /v2/email/identities {…}`.
    changes: Arc<Mutex<Vec<String>>>,
}

impl AwsAccount {
    fn of(hub: &TestHub, sandbox: bool) -> Self {
        let operator_key = hub.local.credentials.operator_key.clone();
        Self { operator_key, sandbox, identities: Arc::default(), changes: Arc::default() }
    }

    async fn serve(&self) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(self.clone()).mount(&server).await;
        server
    }

    fn set(&self, identity: &str, verified: bool) {
        self.identities.lock().unwrap_or_else(PoisonError::into_inner).insert(identity.to_owned(), verified);
    }

    fn changes(&self) -> Vec<String> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn get(&self, name: &str) -> ResponseTemplate {
        match self.identities.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            Some(verified) => ResponseTemplate::new(200).set_body_json(identity(name, *verified)),
            None => error(404, "NotFoundException"),
        }
    }

    fn change(&self, request: &Request, body: &Value) -> ResponseTemplate {
        let change = format!("{} {} {body}", request.method, request.url.path());
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
        match body["EmailIdentity"].as_str() {
            Some(name) => {
                self.set(name, false);
                self.get(name)
            }
            None => ResponseTemplate::new(200).set_body_json(json!({})),
        }
    }
}

fn identity(name: &str, verified: bool) -> Value {
    let tokens = if name.contains('@') { json!([]) } else { json!(["one", "two", "three"]) };
    json!({"VerifiedForSendingStatus": verified, "DkimAttributes": {"Tokens": tokens}})
}

fn error(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("x-amzn-errortype", code).set_body_json(json!({"message": "no"}))
}

impl Respond for AwsAccount {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let path = request.url.path();
        match (request.method.as_str(), path.strip_prefix("/v2/email/identities/")) {
            ("POST", None) if path == "/" && body["SecretId"].as_str().is_some_and(|id| SECRET.ends_with(id)) => {
                ResponseTemplate::new(200).set_body_json(json!({ "SecretString": self.operator_key }))
            }
            ("GET", None) if path == "/v2/email/account" => {
                ResponseTemplate::new(200).set_body_json(json!({ "ProductionAccessEnabled": !self.sandbox }))
            }
            ("GET", Some(name)) => self.get(&name.replace("%40", "@")),
            ("POST" | "PUT", _) if path.starts_with("/v2/email/identities") => self.change(request, &body),
            _ => error(403, "AccessDeniedException"),
        }
    }
}

/// The arguments for a hub on AWS.
fn on_aws<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    NORTHWIND.iter().copied().chain([url, SECRET]).chain(more.iter().copied()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_ses_does_not_know_gets_its_dns_records_and_no_email_leaves_before_they_are_set() {
    let hub = TestHub::start().await;
    let account = AwsAccount::of(&hub, false);
    let (aws, url) = (account.serve().await, format!("--url=http://{}", hub.local.address));
    let told = set_up_on(&aws, &hub, &on_aws(&url, &[])).await.expect(Ended::Waiting);
    assert_snapshot!("set_up_sender_pending", told);
    assert_snapshot!("set_up_ses_changes", account.changes().join("\n"));
    assert_eq!(hub.messages("").await.len(), 0);

    let told = set_up_on(&aws, &hub, &on_aws(&url, &[])).await.expect(Ended::Waiting);
    assert!(told.contains("CNAME  one._domainkey.northwind.example    one.dkim.amazonses.com"), "{told}");
    assert!(account.changes().iter().filter(|change| change.starts_with("POST")).count() == 1);

    account.set("northwind.example", true);
    let told = set_up_on(&aws, &hub, &on_aws(&url, &[])).await.expect(Ended::Done);
    assert!(told.contains("northwind.example is verified in SES in eu-west-1"), "{told}");
    assert_eq!(hub.messages("contact=you@example.com").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_domain_above_the_senders_speaks_for_it_and_stays_as_it_is() {
    let hub = TestHub::start().await;
    let account = AwsAccount::of(&hub, false);
    account.set("northwind.example", true);
    let (aws, url) = (account.serve().await, format!("--url=http://{}", hub.local.address));
    let [organization, domain, _, to] = NORTHWIND;
    let arguments = [organization, domain, "--email-from=hello@news.northwind.example", to, &url, SECRET];
    set_up_on(&aws, &hub, &arguments).await.expect(Ended::Done);
    assert_eq!(account.changes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_sandbox_a_recipient_is_verified_first_where_that_is_wanted() {
    let hub = TestHub::start().await;
    let account = AwsAccount::of(&hub, true);
    account.set("northwind.example", true);
    let (aws, url) = (account.serve().await, format!("--url=http://{}", hub.local.address));
    let told = set_up_on(&aws, &hub, &on_aws(&url, &[])).await.expect(Ended::Waiting);
    assert_snapshot!("set_up_sandbox", told);
    assert_eq!(account.changes(), Vec::<String>::new());

    let told = set_up_on(&aws, &hub, &on_aws(&url, &["--verify-recipient"])).await.expect(Ended::Waiting);
    assert!(told.contains("SES sends it a mail now"), "{told}");
    assert_eq!(account.changes(), [r#"POST /v2/email/identities {"EmailIdentity":"you@example.com"}"#]);

    let told = set_up_on(&aws, &hub, &on_aws(&url, &["--verify-recipient"])).await.expect(Ended::Waiting);
    assert!(told.contains("SES has sent it a mail: press the link in it."), "{told}");
    assert_eq!(account.changes().len(), 1);

    account.set("you@example.com", true);
    let told = set_up_on(&aws, &hub, &on_aws(&url, &[])).await.expect(Ended::Done);
    assert!(told.contains("you@example.com may get mail: SES has this account in its sandbox"), "{told}");
    assert_eq!(hub.messages("contact=you@example.com").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_sandbox_the_mailbox_simulator_may_get_mail() {
    let hub = TestHub::start().await;
    let account = AwsAccount::of(&hub, true);
    account.set("hello@northwind.example", true);
    let (aws, url) = (account.serve().await, format!("--url=http://{}", hub.local.address));
    let [organization, domain, from, _] = NORTHWIND;
    let to = "--send-to=success@simulator.amazonses.com";
    set_up_on(&aws, &hub, &[organization, domain, from, to, &url, SECRET]).await.expect(Ended::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_does_not_allow_is_told_with_the_right_that_is_missing() {
    let hub = TestHub::start().await;
    let url = format!("--url=http://{}", hub.local.address);
    let aws = MockServer::start().await;
    Mock::given(any()).respond_with(error(400, "AccessDeniedException")).mount(&aws).await;
    let told = set_up_on(&aws, &hub, &on_aws(&url, &[])).await.expect_error();
    assert!(told.contains("secretsmanager:GetSecretValue"), "{told}");

    let aws = MockServer::start().await;
    let key = json!({ "SecretString": hub.local.credentials.operator_key });
    let secret = Mock::given(wiremock::matchers::path("/")).respond_with(ResponseTemplate::new(200).set_body_json(key));
    secret.mount(&aws).await;
    Mock::given(any()).respond_with(error(403, "AccessDeniedException")).mount(&aws).await;
    let told = set_up_on(&aws, &hub, &on_aws(&url, &[])).await.expect_error();
    assert!(told.contains("Use AWS credentials that have the right ses:GetEmailIdentity, or"), "{told}");
}
