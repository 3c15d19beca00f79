//! A hub that dies while it deals with a carrier: nobody is called or written to twice, and nothing is lost (DESIGN §4).

mod calls;
mod line;
mod messages;
mod sending;

pub(crate) use line::Line;
