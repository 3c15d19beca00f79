//! Calls that an IVR project triggers, and how they went (checklist K1, K2). What the scenario and the destination of the
//! result are told is in `ivr` above.

use futures::future::join_all;
use hub_fixture::{Answer, AnyHub, Caller, Hub};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme_in_test_mode;
use crate::problem::{problem, state};
use crate::requests::{ALEX, TALKER, with, without};

pub(crate) const CALL: &str = "/v2/call";
pub(crate) const RESULT: &str = "/v2/callresult";

/// Is refused wherever the hub runs, before anything is connected to.
const INSIDE: &str = "https://10.0.0.1/scenarios";

/// What a project sends to have this number called.
pub(crate) fn trigger(caller: &Caller, number: &str) -> Value {
    json!({
        "Project": caller.domain_name,
        "Tenant": "Default",
        "ConversationId": "conversation-1",
        "AccessToken": caller.api_key,
        "ScenarioPath": "renewal/start",
        "OrchestratorUrl": INSIDE,
        "ScenarioInputParameters": parameters(number),
    })
}

/// The parameters that every project sends.
pub(crate) fn parameters(number: &str) -> Value {
    json!([{"Name": "_DisplayNumber", "Value": "200"}, {"Name": "_Destination", "Value": number}])
}

/// The answer to a request without an `Authorization` header, as projects send them.
pub(crate) async fn post(hub: &Hub, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
    let request = hub.request(Method::POST, path).header("Content-Type", "application/json").body(body.to_string());
    hub.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// The `UniqueId` of a call that was triggered.
pub(crate) async fn triggered(hub: &Hub, body: Value) -> String {
    let answer = post(hub, CALL, &body, &[]).await.expect(200);
    answer["UniqueId"].as_str().expect("a UniqueId").to_owned()
}

/// How these calls went, so far.
pub(crate) async fn results(hub: &Hub, ids: &[&str]) -> Vec<Value> {
    let answer = post(hub, RESULT, &json!({"UniqueIds": ids}), &[]).await.expect(200);
    answer["CallResults"].as_array().expect("results").clone()
}

/// How a call went, as soon as it has ended.
pub(crate) async fn until_ended(hub: &Hub, id: &str) -> Value {
    hub.until(&format!("{id} has ended"), || async {
        let result = results(hub, &[id]).await.remove(0);
        if result["CallState"] == "" { Err(result.to_string()) } else { Ok(result) }
    })
    .await
}

/// The report of the only engagement of a project's domain.
pub(crate) async fn only_report(hub: &Hub, caller: &Caller) -> Value {
    let list = hub.get(caller, &caller.at("/integration/engagements")).await.expect(200);
    let [one] = list["engagements"].as_array().expect("engagements").as_slice() else { panic!("{list}") };
    hub.report(caller, one["engagement_id"].as_str().expect("an id")).await
}

// K2
#[tokio::test(flavor = "multi_thread")]
async fn each_of_the_seven_states_is_told() {
    let (hub, acme) = acme_in_test_mode().await;
    let calls = [
        (ALEX, "Answered"),
        ("+15005550006", "Answered"),
        ("+15005550007", "Answered"),
        ("+15005550002", "Busy"),
        ("+15005550012", "Error"),
        ("+15005550001", "Invalid Number"),
        ("+15005550003", "No Answer"),
        ("+15005550004", "Rejected"),
        ("+15005550005", "Temporarily Unavailable"),
    ];
    let ended = calls.map(async |(number, state)| {
        let id = triggered(&hub, trigger(&acme, number)).await;
        let expected = json!({"UniqueId": id, "CallRequestId": "", "CallState": state});
        assert_eq!(until_ended(&hub, &id).await, expected, "{number}");
    });
    join_all(ended).await;
}

// K1, K2
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_has_not_ended_has_no_state_and_a_cancelled_one_is_an_error() {
    let (hub, acme) = acme_in_test_mode().await;
    let id = triggered(&hub, trigger(&acme, TALKER)).await;
    assert!(id.len() == 56 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    let pending = json!({"UniqueId": id, "CallRequestId": "", "CallState": ""});
    assert_eq!(results(&hub, &[&id]).await, [pending]);
    let engagement = only_report(&hub, &acme).await["engagement_id"].clone();
    hub.post(&acme, "/integration/cancel", json!({"engagement_id": engagement})).await.expect(200);
    assert_eq!(until_ended(&hub, &id).await["CallState"], "Error");
}

// K2
#[tokio::test(flavor = "multi_thread")]
async fn results_are_told_to_whoever_knows_the_whole_id_and_all_others_are_left_out() {
    let (hub, acme) = acme_in_test_mode().await;
    let (first, second) =
        (triggered(&hub, trigger(&acme, TALKER)).await, triggered(&hub, trigger(&acme, TALKER)).await);
    let guessed = format!("{}{}", &first[..24], "0".repeat(32));
    let swapped = format!("{}{}", &first[..24], &second[24..]);
    let upper = first.to_uppercase();
    let plain = hub.started(&acme, crate::requests::integration(&acme, "phone", TALKER)).await;
    let plain = format!("{}{}", plain.trim_start_matches("eng_"), "0".repeat(32));
    let asked = [second.as_str(), "nonsense", &guessed, &swapped, &plain, "", &upper, &first, &second];
    let told = results(&hub, &asked).await;
    let ids: Vec<&str> = told.iter().map(|result| result["UniqueId"].as_str().expect("an id")).collect();
    assert_eq!(ids, [second.as_str(), &first, &second]);
    assert_eq!(results(&hub, &[]).await, [] as [Value; 0]);
}

// K2, A3
#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_is_a_list_of_at_most_a_hundred() {
    let hub = AnyHub::reach().await;
    for body in [json!({}), json!({"UniqueIds": null}), json!({"UniqueIds": "x"}), json!({"UniqueIds": vec!["x"; 101]})]
    {
        let answer = post(&hub, RESULT, &body, &[]).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["UniqueIds"], "{body}");
    }
    assert_eq!(results(&hub, &["x"; 100]).await, [] as [Value; 0]);
}

// K1
#[tokio::test(flavor = "multi_thread")]
async fn a_triggered_call_is_an_engagement_like_any_other() {
    let (hub, acme) = acme_in_test_mode().await;
    let end_user = json!({"Name": "John Doe", "Phone": "5xxxxxxxxx", "Email": "johndoe@example.com"});
    let body = with(trigger(&acme, "(416) 555-1234"), json!({"EndUser": end_user, "Locale": "fr-CA", "Unknown": 1}));
    until_ended(&hub, &triggered(&hub, body).await).await;
    let report = only_report(&hub, &acme).await;
    for (field, value) in [
        ("channel", "phone"),
        ("type", "informational"),
        ("contact_identifier", "+14165551234"),
        ("client_name", "John Doe"),
        ("source_record_id", "conversation-1"),
        ("source_org_id", "Default"),
        ("outcome", "answered"),
        ("status", "Completed"),
    ] {
        assert_eq!(report[field], value, "{field}");
    }
}

// K1
#[tokio::test(flavor = "multi_thread")]
async fn the_project_may_be_in_a_header_which_may_be_empty() {
    let (hub, acme) = acme_in_test_mode().await;
    let body = trigger(&acme, TALKER);
    post(&hub, CALL, &body, &[("Project", "")]).await.expect(200);
    post(&hub, CALL, &body, &[("Project", "something else")]).await.expect(200);
    let without_project = without(body, "Project");
    post(&hub, CALL, &without_project, &[("Project", &acme.domain_name)]).await.expect(200);
    let answer = post(&hub, CALL, &without_project, &[("Project", "")]).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["Project"]);
}

// K1, A3
#[tokio::test(flavor = "multi_thread")]
async fn every_field_that_is_missing_is_named() {
    let hub = AnyHub::reach().await;
    let answer = post(&hub, CALL, &json!({}), &[]).await;
    problem(&answer, 400);
    let required = [
        "Project",
        "Tenant",
        "ConversationId",
        "AccessToken",
        "OrchestratorUrl",
        "ScenarioPath",
        "ScenarioInputParameters",
    ];
    assert_eq!(answer.faulty_fields(), required);
    let answer = post(&hub, CALL, &json!({"ScenarioInputParameters": []}), &[]).await;
    let named = answer.faulty_fields();
    assert!(named.ends_with(&["_DisplayNumber".to_owned(), "_Destination".to_owned()]), "{named:?}");
}

// K1, A3, A5
#[tokio::test(flavor = "multi_thread")]
async fn what_is_optional_may_be_empty_and_every_field_of_a_wrong_type_is_named() {
    let (hub, acme) = acme_in_test_mode().await;
    let empty = json!({"EndUser": {"Name": "", "Phone": null}, "Locale": "", "ResultDestination": "", "Else": [1]});
    post(&hub, CALL, &with(trigger(&acme, TALKER), empty), &[]).await.expect(200);
    let wrong = json!({
        "Project": 1, "Tenant": 1, "ConversationId": [], "AccessToken": {}, "ScenarioPath": 1, "OrchestratorUrl": true,
        "EndUser": [], "Locale": 1, "ScenarioInputParameters": "text", "ResultDestination": 1, "SendResultImmediately": "no",
    });
    let answer = post(&hub, CALL, &wrong, &[]).await;
    problem(&answer, 400);
    let mut faulty = answer.faulty_fields();
    faulty.sort();
    assert_eq!(faulty, wrong.as_object().expect("an object").keys().cloned().collect::<Vec<_>>());
}

// K1, A3
#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_cannot_be_taken_is_named_and_nobody_is_called() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = state(&hub, &acme).await;
    let list = |entry: Value| json!({"ScenarioInputParameters": [{"Name": "_DisplayNumber", "Value": 200}, entry]});
    for (changes, field) in [
        (json!({"ScenarioInputParameters": parameters("05321112233")}), "_Destination"),
        (json!({"ScenarioInputParameters": parameters("+12")}), "_Destination"),
        (list(json!({"Name": "_Destination", "Value": ""})), "_Destination"),
        (list(json!("_Destination")), "ScenarioInputParameters.1"),
        (list(json!({"Value": "x"})), "ScenarioInputParameters.1.Name"),
        (list(json!({"Name": "_Destination", "Value": ["+14165551234"]})), "ScenarioInputParameters.1.Value"),
        (list(json!({"Name": "_DisplayNumber", "Value": "201"})), "ScenarioInputParameters.1"),
        (json!({"ScenarioInputParameters": {"_Destination": ALEX}}), "ScenarioInputParameters"),
        (json!({"OrchestratorUrl": "http://ivr.example.com"}), "OrchestratorUrl"),
        (json!({"OrchestratorUrl": "https://ivr.example.com?x=1"}), "OrchestratorUrl"),
        (json!({"ResultDestination": "ftp://ivr.example.com"}), "ResultDestination"),
        (json!({"SendResultImmediately": "yes"}), "SendResultImmediately"),
        (json!({"EndUser": "John"}), "EndUser"),
        (json!({"EndUser": {"Name": 7}}), "EndUser.Name"),
        (json!({"Project": "No Slug"}), "Project"),
    ] {
        let answer = post(&hub, CALL, &with(trigger(&acme, ALEX), changes.clone()), &[]).await;
        problem(&answer, 400);
        assert!(answer.faulty_fields().contains(&field.to_owned()), "{changes}: {}", answer.body);
    }
    let national = with(trigger(&acme, ALEX), json!({"ScenarioInputParameters": parameters("05321112233")}));
    assert!(problem(&post(&hub, CALL, &national, &[]).await, 400).contains("E.164"));
    assert_eq!(state(&hub, &acme).await, before);
}

// K1, A1, A2
#[tokio::test(flavor = "multi_thread")]
async fn the_access_token_is_a_key_of_the_projects_account_that_may_start_engagements() {
    let (hub, acme) = acme_in_test_mode().await;
    let other = hub.tenant("other", 10).await;
    let manager = hub.with_key(&acme, json!({"name": "batches", "permissions": ["call_management"]})).await;
    let trigger_with =
        async |token: &str| post(&hub, CALL, &with(trigger(&acme, ALEX), json!({"AccessToken": token})), &[]).await;
    for token in ["nonsense", hub.operator_key.as_str()] {
        assert!(problem(&trigger_with(token).await, 403).contains("API key"));
    }
    assert!(problem(&trigger_with(&manager.api_key).await, 403).contains("engagements"));
    let detail = problem(&trigger_with(&other.api_key).await, 404);
    assert!(detail.contains("check Project") && !detail.contains("domain_name"), "{detail}");
}

// K1, A1
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_strangers_call_is_told_but_that_the_key_is_none() {
    let (hub, acme) = acme_in_test_mode().await;
    let wrong = json!({"AccessToken": "nonsense", "OrchestratorUrl": 1, "ScenarioInputParameters": vec![1; 1_000]});
    let answer = post(&hub, CALL, &with(trigger(&acme, ALEX), wrong), &[]).await;
    assert!(problem(&answer, 403).contains("API key"));
    assert_eq!(answer.faulty_fields(), [] as [&str; 0]);
}

// K1, A3
#[tokio::test(flavor = "multi_thread")]
async fn the_parameters_of_a_call_have_a_limit_and_of_many_faults_a_hundred_are_told() {
    let (hub, acme) = acme_in_test_mode().await;
    let with_list = |list: Value| with(trigger(&acme, ALEX), json!({"ScenarioInputParameters": list}));
    let answer = post(&hub, CALL, &with_list(json!(vec![1; 40_000])), &[]).await;
    assert!(problem(&answer, 400).contains("65536 bytes"));
    assert_eq!(answer.faulty_fields(), ["ScenarioInputParameters"]);
    let answer = post(&hub, CALL, &with_list(json!(vec![1; 1_000])), &[]).await;
    assert!(problem(&answer, 400).ends_with("And 902 more."), "{}", answer.body);
    assert_eq!(answer.faulty_fields().len(), 100);
}

// K1, A4
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_who_does_not_want_to_be() {
    let (hub, acme) = acme_in_test_mode().await;
    let settings = hub.with_key(&acme, json!({"name": "settings"})).await;
    let listed =
        json!({"domain_name": acme.domain_name, "contact": ALEX, "channel": "phone", "reason": "Asked by mail."});
    hub.post(&settings, "/contacts/do-not-contact", listed).await.expect(200);
    assert!(problem(&post(&hub, CALL, &trigger(&acme, ALEX), &[]).await, 403).contains("do-not-contact"));
}

// K1, A6
#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_with_the_same_key_is_the_same_call() {
    let (hub, acme) = acme_in_test_mode().await;
    let key = [("Idempotency-Key", "conversation-1")];
    let body = trigger(&acme, TALKER);
    let first = post(&hub, CALL, &body, &key).await.expect(200);
    assert_eq!(post(&hub, CALL, &body, &key).await.expect(200), first);
    let another = with(body, json!({"ConversationId": "conversation-2"}));
    problem(&post(&hub, CALL, &another, &key).await, 422);
    assert_eq!(only_report(&hub, &acme).await["source_record_id"], "conversation-1");
}
