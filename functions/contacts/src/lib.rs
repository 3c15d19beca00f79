//! `/contacts/*`: who must not be contacted, and where contacts say so themselves (checklist N2, E13).
//!
//! | function | route |
//! |---|---|
//! | contacts-do-not-contact-list | `GET /contacts/do-not-contact` |
//! | contacts-do-not-contact-add | `POST /contacts/do-not-contact` |
//! | contacts-do-not-contact-remove | `DELETE /contacts/do-not-contact` |
//! | contacts-do-not-contact-check | `GET /contacts/do-not-contact/check` |
//! | contacts-unsubscribe-show | `GET /contacts/unsubscribe/{token}` |
//! | contacts-unsubscribe | `POST /contacts/unsubscribe/{token}` |

mod contacts;
pub mod do_not_contact_add;
pub mod do_not_contact_check;
pub mod do_not_contact_list;
pub mod do_not_contact_remove;
mod import;
mod listed;
mod named;
pub mod unsubscribe;
mod unsubscribe_page;
pub mod unsubscribe_show;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        do_not_contact_list::endpoint(),
        do_not_contact_add::endpoint(),
        do_not_contact_remove::endpoint(),
        do_not_contact_check::endpoint(),
        unsubscribe_show::endpoint(),
        unsubscribe::endpoint(),
    ]
}
