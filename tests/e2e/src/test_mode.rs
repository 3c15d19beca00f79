//! Test mode (checklist H1).

use hub_fixture::TestHub;

use crate::anywhere::test_mode::test;
use crate::requests::{OPTS_OUT, integration};

// H1: a test changes nothing for real engagements.
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_opts_out_of_a_test_can_still_be_contacted() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, contact) in [("sms", OPTS_OUT), ("email", "bounce@simulator.amazonses.com")] {
        let id = hub.started(&acme, test(integration(&acme, channel, contact))).await;
        hub.until_status(&acme, &id, "Completed").await;
        hub.started(&acme, integration(&acme, channel, contact)).await;
    }
}
