//! What the hub promises in writing, held against the code: the API's description, the template, the events.

mod documents;
mod events;
mod json_api;
mod openapi;
mod privileges;
mod readme;
mod repository;
mod rollout;
mod schema;
mod template;
mod watching;
