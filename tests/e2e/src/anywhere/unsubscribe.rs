//! Ending the emails by the link in one of them, by hand or by one click (checklist E13; RFC 8058).

use hub_fixture::{Caller, Hub};
use insta::assert_snapshot;
use mail_parser::MessageParser;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::{ALEX, integration, with};

pub(crate) const CUSTOMER: &str = "customer@example.com";

const SETTINGS: &str = "/account-settings/outbound-email";

/// Where the pages of links are, below the address of the hub.
const PAGES: &str = "/contacts/unsubscribe/";

/// The mail that a request leads to.
pub(crate) async fn mail(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    let id = hub.started(caller, with(integration(caller, "email", CUSTOMER), changes)).await;
    hub.until_status(caller, &id, "Completed").await;
    hub.message(&id).await
}

fn text<'a>(mail: &'a Value, field: &str) -> &'a str {
    mail[field].as_str().unwrap_or_else(|| panic!("{field} in {mail}"))
}

/// A header of a mail, as it stands there.
fn header(mail: &Value, name: &str) -> Option<String> {
    let parsed = MessageParser::default().parse(text(mail, "raw")).expect("a mail");
    parsed.header_raw(name).map(|value| value.trim().to_owned())
}

/// The link that a mail program finds.
pub(crate) fn link(mail: &Value) -> String {
    let header = header(mail, "List-Unsubscribe").expect("the header");
    let link = header.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    link.unwrap_or_else(|| panic!("no link: {header}")).to_owned()
}

/// The token of the link that a mail program finds.
pub(crate) fn token(mail: &Value) -> String {
    let link = link(mail);
    let (_, token) = link.split_once(PAGES).unwrap_or_else(|| panic!("no page to unsubscribe at: {link}"));
    token.to_owned()
}

/// The token of a mail that was just sent.
pub(crate) async fn sent(hub: &Hub, caller: &Caller, changes: Value) -> String {
    token(&mail(hub, caller, changes).await)
}

/// What a reader sees.
pub(crate) struct Page {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) html: String,
}

async fn page(request: RequestBuilder) -> Page {
    let response = request.send().await.expect("the hub answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Page { status, headers, html: response.text().await.expect("a text") }
}

/// The page that the link leads to.
pub(crate) async fn shown(hub: &Hub, token: &str) -> Page {
    page(hub.request(Method::GET, &format!("{PAGES}{token}"))).await
}

/// What a mail program does when its user unsubscribes.
pub(crate) async fn one_click(hub: &Hub, token: &str) -> Page {
    let request = hub.request(Method::POST, &format!("{PAGES}{token}"));
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    page(request.body("List-Unsubscribe=One-Click")).await
}

/// Whether and how the customer is on the do-not-contact list of the caller's domain.
pub(crate) async fn listed(hub: &Hub, caller: &Caller) -> Value {
    let path = caller.at(&format!("/contacts/do-not-contact/check?contact={CUSTOMER}"));
    hub.get(caller, &path).await.expect(200)
}

pub(crate) async fn assert_not_listed(hub: &Hub, caller: &Caller) {
    let listed = listed(hub, caller).await;
    assert_eq!(listed, json!({"listed": false, "contact": CUSTOMER, "closed": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headers_for_one_click_and_the_last_line_lead_to_the_same_page() {
    let (hub, acme) = acme().await;
    let mail = mail(&hub, &acme, json!({})).await;
    let link = link(&mail);
    assert!(text(&mail, "raw").contains(&format!("\r\nList-Unsubscribe: <{link}>\r\n")), "{}", text(&mail, "raw"));
    assert!(text(&mail, "raw").contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    assert_eq!(text(&mail, "html").matches(&format!("<a href=\"{link}\"")).count(), 1, "{mail}");
    assert!(text(&mail, "text").ends_with(&format!("\nUnsubscribe: {link}\r\n")), "{mail}");
    let page = shown(&hub, &token(&mail)).await;
    assert_eq!((page.status, page.html.matches("<form method=\"post\">").count()), (200, 1), "{}", page.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_leads_to_a_question_and_changes_nothing() {
    let (hub, acme) = acme().await;
    let token = sent(&hub, &acme, json!({})).await;
    for _ in 0..2 {
        let page = shown(&hub, &token).await;
        assert_eq!(page.status, 200);
        assert_snapshot!("unsubscribe_question", page.html);
    }
    assert_not_listed(&hub, &acme).await;
    mail(&hub, &acme, json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_ends_the_emails_and_nothing_else() {
    let (hub, acme) = acme().await;
    let token = sent(&hub, &acme, json!({})).await;
    let before = hub.now().to_string();
    let page = one_click(&hub, &token).await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains("You are unsubscribed") && !page.html.contains("<form"), "{}", page.html);
    let listed = listed(&hub, &acme).await;
    let [entry] = listed["closed"].as_array().expect("closed").as_slice() else { panic!("{listed}") };
    assert_eq!((&entry["channel"], &entry["added_by"]), (&json!("email"), &json!("recipient")));
    assert_eq!(
        (&entry["reason"], &entry["api_key_id"]),
        (&json!("Unsubscribed by the link in an email."), &json!(null))
    );
    assert!(entry["added_at"].as_str().is_some_and(|at| *at >= *before), "{entry}");
    let refused = hub.post(&acme, "/integration/start", integration(&acme, "email", CUSTOMER)).await;
    assert!(problem(&refused, 403).ends_with("Unsubscribed by the link in an email."), "{}", refused.body);
    hub.started(&acme, with(integration(&acme, "phone", ALEX), json!({"test_mode": true}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_says_so_where_the_emails_are_ended_already() {
    let (hub, acme) = acme().await;
    let token = sent(&hub, &acme, json!({})).await;
    one_click(&hub, &token).await;
    let page = shown(&hub, &token).await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains("You have already unsubscribed from the emails of"), "{}", page.html);
    assert!(!page.html.contains("<form"), "{}", page.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_body_may_be_whatever_a_mail_program_or_a_browser_sends() {
    let multipart = "--f\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--f--\r\n";
    for (content_type, body) in [
        (Some("multipart/form-data; boundary=f"), multipart),
        (Some("application/x-www-form-urlencoded"), ""),
        (Some("application/json"), "{"),
        (None, ""),
    ] {
        let (hub, acme) = acme().await;
        let path = format!("{PAGES}{}", sent(&hub, &acme, json!({})).await);
        let request = hub.request(Method::POST, &path).body(body);
        let request = content_type.into_iter().fold(request, |request, kind| request.header("Content-Type", kind));
        assert_eq!(page(request).await.status, 200, "{content_type:?}");
        assert_eq!(listed(&hub, &acme).await["listed"], true, "{content_type:?}");
    }
}

/// The token with another digit in this place.
fn changed(token: &str, place: usize) -> String {
    let other = if &token[place..=place] == "0" { "1" } else { "0" };
    format!("{}{other}{}", &token[..place], &token[place + 1..])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_hub_did_not_make_is_404_and_changes_nothing() {
    let (hub, acme) = acme().await;
    let (token, other) = (sent(&hub, &acme, json!({})).await, sent(&hub, &acme, json!({})).await);
    let ((id, _), (_, code)) = (token.split_once('.').expect("a dot"), other.split_once('.').expect("a dot"));
    let mut wrong: Vec<_> = [4, 27, 29, token.len() - 1].map(|place| changed(&token, place)).into();
    wrong.extend([format!("{id}.{code}"), format!("{token}00"), id.to_owned(), format!("{id}.")]);
    wrong.extend(["nonsense", "Preview"].map(str::to_owned));
    for token in wrong {
        for page in [shown(&hub, &token).await, one_click(&hub, &token).await] {
            assert_eq!(page.status, 404, "{token}");
            assert!(page.html.contains("This link does not work any more."), "{token}: {}", page.html);
            assert!(page.html.contains("<html lang=\"en\"") && !page.html.contains("<form"), "{}", page.html);
        }
    }
    assert_eq!([shown(&hub, "").await.status, one_click(&hub, "").await.status], [404, 404]);
    assert_not_listed(&hub, &acme).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_one_domains_email_ends_the_emails_of_that_domain() {
    let (hub, acme) = acme().await;
    let globex = hub.tenant("globex", 10).await;
    one_click(&hub, &sent(&hub, &globex, json!({})).await).await;
    assert_eq!(listed(&hub, &globex).await["listed"], true);
    assert_not_listed(&hub, &acme).await;
    mail(&hub, &acme, json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_speaks_the_language_of_the_email() {
    let (hub, acme) = acme().await;
    for (language, direction, question, done) in [
        ("fa", "rtl", "لغو اشتراک ایمیل", "اشتراک شما لغو شد"),
        ("de", "ltr", "E-Mails abbestellen", "E-Mails abbestellt"),
    ] {
        let address = format!("{language}@example.com");
        let fields = json!({"language": language, "phone_number": address});
        let token = sent(&hub, &acme, fields).await;
        let html = format!("<html lang=\"{language}\" dir=\"{direction}\">");
        for (page, said) in [(shown(&hub, &token).await, question), (one_click(&hub, &token).await, done)] {
            assert!(page.html.contains(&html) && page.html.contains(said), "{}", page.html);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_masked_and_the_organization_is_shown_by_its_name_whatever_that_is() {
    let (hub, acme) = acme().await;
    let settings =
        json!({"domain_name": acme.domain_name, "from": "hello@acme.example", "organization_name": "<b>Acme & Söhne"});
    hub.put(&acme, SETTINGS, settings).await.expect(200);
    let token = sent(&hub, &acme, json!({})).await;
    let (question, done) = (shown(&hub, &token).await, one_click(&hub, &token).await);
    assert!(question.html.contains("c•••@example.com"), "{}", question.html);
    for page in [question, done, shown(&hub, &token).await] {
        assert!(page.html.contains("&lt;b&gt;Acme &amp; Söhne") && !page.html.contains("<b>"), "{}", page.html);
        assert!(!page.html.contains("customer") && !page.html.contains(&token), "{}", page.html);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_kept_from_caches_frames_search_engines_and_scripts() {
    let (hub, acme) = acme().await;
    let token = sent(&hub, &acme, json!({})).await;
    for page in [
        shown(&hub, &token).await,
        one_click(&hub, &token).await,
        shown(&hub, &token).await,
        shown(&hub, "preview").await,
        one_click(&hub, "nonsense").await,
    ] {
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            (
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; \
                 base-uri 'none'",
            ),
            ("referrer-policy", "no-referrer"),
            ("x-robots-tag", "noindex"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(page.headers[name], value, "{name}");
        }
        assert!(!page.html.contains("<script") && page.html.contains("width=device-width"), "{}", page.html);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_may_send_emails_without_a_link() {
    let (hub, acme) = acme().await;
    let settings = json!({"domain_name": acme.domain_name, "from": "hello@acme.example", "unsubscribe_link": false});
    hub.put(&acme, SETTINGS, settings).await.expect(200);
    let mail = mail(&hub, &acme, json!({})).await;
    assert_eq!([header(&mail, "List-Unsubscribe"), header(&mail, "List-Unsubscribe-Post")], [None, None]);
    for part in ["raw", "html", "text"] {
        assert!(!text(&mail, part).to_lowercase().contains("unsubscribe"), "{}", text(&mail, part));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_preview_says_what_it_is_and_changes_nothing() {
    let (hub, acme) = acme().await;
    let fields = json!({"domain_name": acme.domain_name, "to": CUSTOMER, "html": "<p>Hello</p>"});
    let preview = hub.post(&acme, "/account-settings/email-preview", fields).await.expect(200);
    assert!(text(&preview, "html").contains(&format!("{PAGES}preview\"")), "{preview}");
    for page in [shown(&hub, "preview").await, one_click(&hub, "preview").await] {
        assert_eq!(page.status, 200);
        assert!(page.html.contains("This is only a preview") && !page.html.contains("<form"), "{}", page.html);
    }
    assert_not_listed(&hub, &acme).await;
}
