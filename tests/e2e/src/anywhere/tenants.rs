//! One tenant sees and moves nothing of another's, and cannot tell it from what does not exist (checklist A2, A4).

use hub_fixture::{Caller, Hub};
use reqwest::Method;
use serde_json::json;

use crate::anywhere::acme_in_test_mode;
use crate::problem::problem;
use crate::requests::{ALEX, TALKER, direct, integration, with};

/// An id of each kind that nothing has.
const NO_ENGAGEMENT: &str = "eng_000000000000000000000000";

const NO_CALL: &str = "CA00000000000000000000000000000000";

/// An error without the id that it begins with.
fn last_words(detail: &str) -> &str {
    detail.split_once(" was ").expect("an id").1
}

async fn engagement_is_hidden(hub: &Hub, other: &Caller, id: &str) {
    let mut said = Vec::new();
    for id in [id, NO_ENGAGEMENT] {
        let mut of_this = Vec::new();
        let path = format!("/integration/engagement/{id}");
        of_this.push(problem(&hub.get(other, &path).await, 404).replace(id, "…"));
        for verb in ["pause", "resume", "cancel"] {
            let answer = hub.post(other, &format!("/integration/{verb}"), json!({"engagement_id": id})).await;
            of_this.push(problem(&answer, 404).replace(id, "…"));
        }
        said.push(of_this);
    }
    assert_eq!(said[0], said[1]);
}

// A4, F3
#[tokio::test(flavor = "multi_thread")]
async fn an_engagement_of_another_account_is_not_found_and_not_moved() {
    let (hub, acme) = acme_in_test_mode().await;
    let globex = hub.tenant("globex", 100).await;
    let id = hub.started(&acme, integration(&acme, "phone", TALKER)).await;
    hub.until_status(&acme, &id, "In Progress").await;
    engagement_is_hidden(&hub, &globex, &id).await;
    assert_eq!(hub.report(&acme, &id).await["status"], "In Progress");
}

// A4, E8
#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_another_account_is_not_found() {
    let (hub, acme) = acme_in_test_mode().await;
    let globex = hub.tenant("globex", 100).await;
    let later = with(direct(&acme, "phone", ALEX), json!({"scheduled_time": "2999-01-01T00:00:00Z"}));
    problem(&hub.post(&acme, "/start", later).await, 400);
    let soon = (hub.now() + jiff::SignedDuration::from_hours(1)).to_string();
    let requests = [
        direct(&acme, "phone", ALEX),
        direct(&acme, "email", "customer@example.com"),
        with(direct(&acme, "phone", ALEX), json!({"scheduled_time": soon})),
    ];
    for request in requests {
        let started = hub.post(&acme, "/start", request).await.expect(200);
        let sid = started["call_sid"].as_str().expect("a sid");
        hub.get(&acme, &format!("/calls/{sid}")).await.expect(200);
        let hidden = problem(&hub.get(&globex, &format!("/calls/{sid}")).await, 404);
        let unknown = problem(&hub.get(&globex, &format!("/calls/{NO_CALL}")).await, 404);
        assert_eq!(last_words(&hidden), last_words(&unknown));
        let path = globex.at(&format!("/integration/engagements?call_sid={sid}"));
        assert_eq!(hub.get(&globex, &path).await.expect(200)["engagements"], json!([]));
    }
}

// A4, F4
#[tokio::test(flavor = "multi_thread")]
async fn lists_show_nothing_of_another_account() {
    let (hub, acme) = acme_in_test_mode().await;
    let globex = hub.tenant("globex", 100).await;
    hub.started(&acme, integration(&acme, "phone", ALEX)).await;
    let own = hub.get(&globex, &globex.at("/integration/engagements")).await.expect(200);
    assert_eq!(own, json!({"engagements": [], "next_cursor": null}));
    let own = hub.get(&globex, &globex.at("/calls")).await.expect(200);
    assert_eq!(own, json!({"calls": [], "next_cursor": null}));
}

// A4: a cursor carries no tenant.
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_one_account_shows_another_only_its_own() {
    let (hub, acme) = acme_in_test_mode().await;
    let globex = hub.tenant("globex", 100).await;
    for _ in 0..2 {
        hub.started(&acme, integration(&acme, "phone", ALEX)).await;
    }
    let page = hub.get(&acme, &acme.at("/integration/engagements?limit=1")).await.expect(200);
    let cursor = page["next_cursor"].as_str().expect("a second page");
    let path = globex.at(&format!("/integration/engagements?cursor={cursor}"));
    let answer = hub.get(&globex, &path).await;
    assert!(!answer.body.to_string().contains("contact-1"), "{}", answer.body);
}

// A4, G1
#[tokio::test(flavor = "multi_thread")]
async fn webhook_deliveries_of_another_account_are_not_found() {
    let (hub, acme) = acme_in_test_mode().await;
    let globex = hub.tenant("globex", 100).await;
    let webhook = json!({"domain_name": acme.domain_name, "url": "https://hooks.example.com/nobody-listens"});
    hub.put(&acme, "/account-settings/webhook", webhook).await.expect(200);
    let id = hub.started(&acme, integration(&acme, "phone", ALEX)).await;
    hub.until_status(&acme, &id, "Completed").await;
    let list = |of: &Caller| of.at(&format!("/account-settings/webhook/deliveries?engagement_id={id}"));
    let own = hub.get(&acme, &list(&acme)).await.expect(200);
    let delivery = own["deliveries"][0]["delivery_id"].as_str().expect("a delivery").to_owned();
    assert_eq!(hub.get(&globex, &list(&globex)).await.expect(200)["deliveries"], json!([]));
    problem(&hub.get(&globex, &list(&acme)).await, 404);
    let path = format!("/account-settings/webhook/deliveries/{delivery}/redeliver");
    problem(&hub.call(Method::POST, &path, &globex.api_key, None, &[]).await, 404);
}
