//! The examples of the dialects' documents run as they are written there, with their placeholders filled in, and their answers
//! are what the API's description says.

mod voice;

use std::process::Command;

use hub_fixture::{Caller, TestHub};
use jsonwebtoken::{EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::schema::Description;

/// outbound-call-trigger.md, "Here's an example of a request". A brace that the document lacks after `value2` is added.
const TRIGGER: &str = r#"curl --location 'https://{{baseUrl}}:22222/v2/call' \
--header 'Content-Type: application/json' \
--header 'Project;' \
--data-raw '{
"Project": "{{project_name}}",
"ConversationId": "{{conversation_Id}}",
"AccessToken": "{{token}}",
"ScenarioPath": "{{scenario_path}}",
"OrchestratorUrl": "{{orchestrator_url}}",
"Tenant": "Default",
"EndUser": {
"Name": "John Doe",
"Phone": "5xxxxxxxxx",
"Email": "johndoe@xxx.com"
},
"Locale": "{{locale}}",
"ScenarioInputParameters": [
{
"Name": "_DisplayNumber",
"Value": "200"
},
{
"Name": "_Destination",
"Value": "{{DestinationNumber}}"
},
{
"Name": "{{variable1}}",
"Value": "{{value1}}"
},
{
"Name": "{{variable2}}",
"Value": "{{value2}}"
}
],
"ResultDestination": "{{result_destination_address}}",
"SendResultImmediately": false
}'"#;

/// outbound-call-trigger.md, "Get Call Results".
const CALL_RESULT: &str = r#"curl --location 'https://{{baseUrl}}:22222/v2/callresult' \
--header 'Content-Type: application/json' \
--data '{
"UniqueIds": [
"{{Unique_Id}}"
]
}'"#;

/// The answer to a command with these values in place of its placeholders.
fn run(hub: &TestHub, command: &str, values: &[(&str, &str)]) -> Value {
    let mut command = command.replace("https://{{baseUrl}}:22222", &hub.base_url);
    for (name, value) in values {
        command = command.replace(&format!("{{{{{name}}}}}"), value);
    }
    assert!(!command.contains("{{"), "a placeholder is left: {command}");
    let script = command.replacen("curl", "curl --silent --show-error --fail-with-body", 1);
    let output = tokio::task::block_in_place(|| Command::new("bash").args(["-c", &script]).output()).unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

async fn description(hub: &TestHub) -> Description {
    Description(hub.send(hub.request(Method::GET, "/openapi.json")).await.expect(200))
}

// K1, K2
#[tokio::test(flavor = "multi_thread")]
async fn the_call_trigger_and_its_result() {
    let hub = TestHub::start().await;
    let (description, acme) = (description(&hub).await, hub.demo());
    let values = [
        ("project_name", acme.domain_name.as_str()),
        ("conversation_Id", "conversation-1"),
        ("token", &acme.api_key),
        ("scenario_path", "renewal/start"),
        ("orchestrator_url", "https://10.0.0.1/scenarios"),
        ("locale", "en-US"),
        ("DestinationNumber", "+15005550004"),
        ("variable1", "PolicyNumber"),
        ("value1", "POL-2026-8842"),
        ("variable2", "RenewalDate"),
        ("value2", "June 15, 2026"),
        ("result_destination_address", "https://10.0.0.1/results"),
    ];
    let triggered = run(&hub, TRIGGER, &values);
    description.holds(description.answer("post", "/v2/call", 200), &triggered);
    let id = triggered["UniqueId"].as_str().expect("a UniqueId").to_owned();
    let result = hub
        .until("the call has ended", async || {
            let result = run(&hub, CALL_RESULT, &[("Unique_Id", &id)]);
            description.holds(description.answer("post", "/v2/callresult", 200), &result);
            if result["CallResults"][0]["CallState"] == "" { Err(result.to_string()) } else { Ok(result) }
        })
        .await;
    let expected = json!({"CallResults": [{"UniqueId": id, "CallRequestId": "", "CallState": "Rejected"}]});
    assert_eq!(result, expected);
}

const SECRET: &str = "the secret with which the CRM signs";

/// The token of a user of a workspace that engages for the caller's domain.
async fn token(hub: &TestHub, caller: &Caller) -> String {
    let workspace = json!({
        "workspace_id": "workspace-1",
        "domain_name": caller.domain_name,
        "jwt": {"alg": "HS256", "secret": SECRET},
    });
    let path = format!("/admin/accounts/{}/workspaces", caller.account_id);
    let made = hub.admin(Method::POST, &path, Some(workspace)).await.expect(201);
    description(hub)
        .await
        .holds(description(hub).await.answer("post", "/admin/accounts/{account_id}/workspaces", 201), &made);
    let claims = json!({"workspaceId": "workspace-1", "exp": hub.now().as_second() + 600});
    encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

/// outbound-email.md, "UI flow": the CRM lists the layouts, and starts with the one that its user chose.
// J2, J3
#[tokio::test(flavor = "multi_thread")]
async fn the_crms_list_of_layouts_and_its_start_with_one() {
    let hub = TestHub::start().await;
    let (description, acme) = (description(&hub).await, hub.demo());
    let token = token(&hub, &acme).await;
    // The body is that of "Example template body snippet".
    let body = "<p>Dear {{CUSTOMER_NAME}},</p>\n<p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p>\n\
                <p>Your advisor {{AGENT_NAME}} can answer any questions.</p>\n<p>Best regards,<br/>{{ORGANIZATION_NAME}}</p>";
    let template =
        json!({"domain_name": "acme", "name": "Renewal", "subjectTemplate": "{{SUBJECT}}", "bodyHtml": body});
    hub.post(&acme, "/account-settings/email-templates", template).await.expect(201);

    let layouts = hub.call(Method::GET, "/rest/aventora/email-templates", &token, None, &[]).await.expect(200);
    description.holds(description.answer("get", "/rest/aventora/email-templates", 200), &layouts);
    let layout = &layouts["templates"][0];
    assert_eq!(layout["customPlaceholderKeys"], json!(["AGENT_NAME", "POLICY_NUMBER", "RENEWAL_DATE"]));

    let chosen = json!({
        "personId": "contact-456",
        "channel": "email",
        "type": "informational",
        "contactIdentifier": "customer@example.com",
        "clientName": "Alex Morgan",
        "emailSubject": "Your policy renewal",
        "emailTemplateId": layout["id"],
        "emailTemplateParams": {"policy_number": "POL-2026-8842", "renewal_date": "June 15, 2026", "agent_name": "Jamie Lee"},
    });
    let path = "/rest/aventora/start-engagement";
    let accepted = hub.call(Method::POST, path, &token, Some(chosen), &[]).await.expect(200);
    description.holds(description.answer("post", path, 200), &accepted);
    let id = accepted["engagement_id"].as_str().expect("an id");
    hub.until_status(&acme, id, "Completed").await;
    let mail = hub.message(id).await;
    assert_eq!(mail["subject"], "Your policy renewal");
    let html = mail["html"].as_str().expect("html");
    assert!(html.contains("Your advisor Jamie Lee can answer any questions."), "{html}");
}
