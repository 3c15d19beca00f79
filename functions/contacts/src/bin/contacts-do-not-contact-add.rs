//! The Lambda function `contacts-do-not-contact-add`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_contacts::do_not_contact_add::endpoint()).await
}
