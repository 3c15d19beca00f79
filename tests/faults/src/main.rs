//! What the hub does when its parts fail, when it is killed, and when many ask at once.

mod at_once;
mod costs;
mod providers;
mod support;
mod unconfirmed;
mod webhooks;
