//! What the hub does when its parts fail, when it is killed, and when many ask at once.

mod at_once;
mod bookings;
mod bulk;
mod carrier;
mod conversations;
mod costs;
mod crash;
mod do_not_contact;
mod json_api;
mod providers;
mod scenario;
mod support;
mod unconfirmed;
mod unsubscribe;
mod webhooks;
