//! The Lambda function `contacts-do-not-contact-list`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_contacts::do_not_contact_list::endpoint())
}
