//! The example of the start API's document whose words can be heard on the way out of the simulator alone. All others are
//! in `anywhere::documents`.

use hub_fixture::TestHub;

use crate::anywhere::documents::example;

#[tokio::test(flavor = "multi_thread")]
async fn the_direct_start_with_fields_under_body() {
    let body = r#"{
      "phone_number": "+14165551234",
      "domain_name": "acme",
      "type": "informational",
      "body": {
        "instruction": "Leave a voicemail about Saturday's open house."
      }
    }"#;
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = hub.post(&acme, "/start", example(&acme, body)).await.expect(200);
    assert_eq!(answer["status"], "call_initiated");
    assert_eq!(hub.messages("").await[0]["text"], "Leave a voicemail about Saturday's open house.");
}
