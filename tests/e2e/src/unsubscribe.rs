//! Ending the emails by the link in one of them, by hand or by one click (checklist E13; RFC 8058).

use hub_auth::LinkKey;
use hub_engagements::Hub;
use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::anywhere::unsubscribe::{CUSTOMER, assert_not_listed, link, listed, mail, one_click, sent, shown, token};
use crate::requests::{integration, with};
use crate::setup::outbound_email;

#[tokio::test(flavor = "multi_thread")]
async fn the_link_leads_to_the_address_that_the_hub_is_reached_at() {
    let address = "https://hub.example.com".parse().expect("an address");
    let hub = TestHub::start_with(|options| options.public_url = Some(address)).await;
    let acme = hub.demo();
    let link = link(&mail(&hub, &acme, json!({})).await);
    assert!(link.starts_with("https://hub.example.com/contacts/unsubscribe/eng_"), "{link}");
    let fields = json!({"domain_name": "acme", "to": CUSTOMER, "html": "<p>Hello</p>"});
    let preview = hub.post(&acme, "/account-settings/email-preview", fields).await.expect(200);
    let link = "<a href=\"https://hub.example.com/contacts/unsubscribe/preview\"";
    assert!(preview["html"].as_str().is_some_and(|html| html.contains(link)), "{preview}");
}

/// API Gateway decodes a path before it is routed, so this is a question for the hub on one machine alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_encoded_characters_is_404() {
    let hub = TestHub::start().await;
    for token in ["%20", "..%2Fcheck"] {
        for page in [shown(&hub, token).await, one_click(&hub, token).await] {
            assert_eq!(page.status, 404, "{token}");
            assert!(page.html.contains("This link does not work any more."), "{token}: {}", page.html);
        }
    }
}

/// The token in an email of test mode, which nobody is shown: it is made as the hub makes it.
async fn token_of_a_test(hub: &TestHub, acme: &Caller) -> String {
    let id = hub.started(acme, with(integration(acme, "email", CUSTOMER), json!({"test_mode": true}))).await;
    hub.until_status(acme, &id, "Completed").await;
    let Hub { secrets, settings, .. } = &*hub.local.hub;
    let key = LinkKey::new(secrets.get(&settings.link_key_secret).await.expect("the key"));
    key.unsubscribe_token(id.parse().expect("an id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn doing_it_twice_is_doing_it_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let token = sent(&hub, &acme, json!({})).await;
    one_click(&hub, &token).await;
    let first = listed(&hub, &acme).await;
    hub.advance(SignedDuration::from_hours(1));
    assert_eq!(one_click(&hub, &token).await.status, 200);
    assert_eq!(listed(&hub, &acme).await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_outlives_a_restart_of_the_hub() {
    let hub = TestHub::start().await;
    let token = sent(&hub, &hub.demo(), json!({})).await;
    let hub = hub.restart().await;
    assert_eq!(one_click(&hub, &token).await.status, 200);
    assert_eq!(listed(&hub, &hub.demo()).await["listed"], true);
}

/// The contact of an email of test mode did not get it: whoever follows its link is someone else.
#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_an_email_of_test_mode_says_what_it_is_and_changes_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let token = token_of_a_test(&hub, &acme).await;
    for page in [shown(&hub, &token).await, one_click(&hub, &token).await] {
        assert_eq!(page.status, 200);
        assert!(page.html.contains("This is only a preview") && !page.html.contains("<form"), "{}", page.html);
        assert!(!page.html.contains("example.com"), "{}", page.html);
    }
    assert_not_listed(&hub, &acme).await;
    mail(&hub, &acme, json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_that_was_scheduled_before_is_not_sent_any_more() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let token = sent(&hub, &acme, json!({})).await;
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let id = hub.started(&acme, with(integration(&acme, "email", CUSTOMER), json!({"scheduled_time": at}))).await;
    one_click(&hub, &token).await;
    hub.advance(SignedDuration::from_hours(2));
    let report = hub.until_status(&acme, &id, "Failed").await;
    assert_eq!(report["outcome"], "do_not_contact", "{report}");
    assert_eq!(hub.messages(&format!("engagement_id={id}")).await, Vec::<Value>::new());
}

/// What a short row of a campaign says lies beside it, and not where that of a single start does.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_campaigns_email_has_its_language_and_its_users_name() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    outbound_email(&hub, &acme, json!({"outbound_email_user_overrides_enabled": true})).await;
    let own = json!({"domain_name": "acme", "external_user_id": "user-7", "organization_name": "Büro Sieben"});
    hub.put(&acme, "/account-settings/outbound-email", own).await.expect(200);
    let row = json!({"channel": "email", "email": CUSTOMER, "instruction": "Wir ziehen um.", "language": "de",
        "external_user_id": "user-7"});
    hub.post(&acme, "/bulk-calls/submit", json!({"domain_name": "acme", "rows": [row]})).await.expect(200);
    let mail = hub
        .until("the mail is there", || async {
            hub.messages(&format!("channel=email&contact={CUSTOMER}")).await.pop().ok_or("nothing".to_owned())
        })
        .await;
    for page in [shown(&hub, &token(&mail)).await, one_click(&hub, &token(&mail)).await] {
        assert!(page.html.contains("<html lang=\"de\"") && page.html.contains("Büro Sieben"), "{}", page.html);
    }
    assert_eq!(listed(&hub, &acme).await["listed"], true);
}
