//! The fixed phrases that contacts read, in every language of the hub: polite, and said as its speakers say them.
//!
//! Phrases have `{slots}`. Values are put in as plain text, so escaping is the caller's.

mod appointment;
mod conversing;
mod letter;
mod unsubscribing;

pub use appointment::{Appointment, Told, told, told_moment};
pub use conversing::Conversing;
pub use letter::Letter;
pub use unsubscribing::Unsubscribing;

/// The phrases of a language, each of which has a constant in the module `phrases` of whoever asks.
macro_rules! phrases_in {
    ($language:expr) => {
        match $language {
            Language::En => &phrases::EN,
            Language::Es => &phrases::ES,
            Language::Fr => &phrases::FR,
            Language::De => &phrases::DE,
            Language::Pt => &phrases::PT,
            Language::Zh => &phrases::ZH,
            Language::Fa => &phrases::FA,
            Language::Ar => &phrases::AR,
            Language::Hi => &phrases::HI,
            Language::Ja => &phrases::JA,
            Language::Ko => &phrases::KO,
        }
    };
}

use phrases_in;

/// Fills the slots of a phrase once: a value that looks like a slot stays as it is.
fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(phrase.len());
    let mut rest = phrase;
    while let Some((before, opened)) = rest.split_once('{') {
        let (slot, after) = opened.split_once('}').unwrap_or((opened, ""));
        let value = values.iter().find(|(name, _)| *name == slot).map_or("", |(_, value)| value);
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The slots of a phrase, in the order in which they stand.
#[cfg(test)]
fn slots(phrase: &str) -> Vec<&str> {
    phrase.split('{').skip(1).map(|opened| opened.split_once('}').expect("it is closed").0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_slot_stays_as_it_is() {
        assert_eq!(fill("{a} and {b}.", &[("a", "{b}"), ("b", "<{a}>")]), "{b} and <{a}>.");
        assert_eq!(slots("{a} and {b}."), ["a", "b"]);
    }
}
