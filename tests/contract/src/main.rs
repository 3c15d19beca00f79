//! What the hub promises in writing, held against the code: the API's description, the template, the events.

mod events;
mod openapi;
mod readme;
mod repository;
mod template;
