use hub_fixture::TestHub;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_email_goes_out() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, json!({"channel": "email", "phone_number": "customer@example.com", "domain_name": "acme",
        "source_record_id": "1", "source_org_id": "acme", "instruction": "Say hello."})).await;
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(hub.messages("").await.len(), 1);
}
