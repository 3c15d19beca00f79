//! Twilio as the carrier of a domain, with a Twilio of the test's own on this machine (checklist M1, M2).

mod bookings;
mod calls;
mod cancelling;
mod configuration;
mod conversations;
mod dialects;
mod direct;
mod endings;
mod every_conversation;
mod faults;
mod forged;
mod messages;
mod pacing;
mod several;
mod support;
mod talks;
