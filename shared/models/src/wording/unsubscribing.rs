//! The phrases of unsubscribing: the last line of an email, and the small page that its link leads to.

mod phrases;

use super::{fill, phrases_in};
use crate::channel::Language;

/// What is said about ending the emails. All of it is plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscribing {
    /// The text of the link in an email's last line.
    pub link: &'static str,
    /// The title of the page that asks.
    pub title: &'static str,
    question: &'static str,
    /// The button that ends the emails.
    pub button: &'static str,
    /// The title of the page once they are ended.
    pub done_title: &'static str,
    done: &'static str,
    already_done: &'static str,
    /// The title of the page behind a link that is wrong or too old.
    pub invalid_title: &'static str,
    /// What to do about such a link.
    pub invalid: &'static str,
    /// What the link of a previewed email leads to.
    pub preview: &'static str,
    /// The title of the page where the link cannot be followed at this moment.
    pub not_now_title: &'static str,
    /// What to do about that.
    pub not_now: &'static str,
}

impl Unsubscribing {
    /// The phrases of a language.
    #[must_use]
    pub const fn of(language: Language) -> &'static Self {
        phrases_in!(language)
    }

    /// Asks whether the emails of an organization to an address are to end. The caller masks the address.
    #[must_use]
    pub fn question(&self, organization: &str, address: &str) -> String {
        fill(self.question, &[("organization", organization), ("address", address)])
    }

    /// Says that they are ended.
    #[must_use]
    pub fn done(&self, organization: &str) -> String {
        fill(self.done, &[("organization", organization)])
    }

    /// Says that they were ended before.
    #[must_use]
    pub fn already_done(&self, organization: &str) -> String {
        fill(self.already_done, &[("organization", organization)])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::wording::slots;

    fn fixed(of: &Unsubscribing) -> [&'static str; 9] {
        let Unsubscribing { link, title, button, done_title, invalid_title, invalid, preview, .. } = *of;
        [link, title, button, done_title, invalid_title, invalid, preview, of.not_now_title, of.not_now]
    }

    fn phrases(of: &Unsubscribing) -> Vec<&'static str> {
        [&fixed(of)[..], &[of.question, of.done, of.already_done]].concat()
    }

    #[test]
    fn every_language_says_everything_in_its_own_words() {
        for index in 0..12 {
            let said: BTreeMap<_, _> =
                Language::ALL.iter().map(|language| (phrases(Unsubscribing::of(*language))[index], language)).collect();
            assert_eq!(said.len(), Language::ALL.len(), "{said:?}");
            assert!(said.keys().all(|phrase| !phrase.trim().is_empty()), "{said:?}");
        }
    }

    #[test]
    fn every_phrase_has_the_slots_that_are_filled() {
        for language in Language::ALL {
            let of = Unsubscribing::of(*language);
            let asked: BTreeSet<_> = slots(of.question).into_iter().collect();
            assert!(asked.iter().eq(&["address", "organization"]), "{language}");
            assert_eq!([of.done, of.already_done].map(slots), [["organization"], ["organization"]], "{language}");
            assert!(fixed(of).into_iter().all(|phrase| slots(phrase).is_empty()), "{language}");
        }
    }

    #[test]
    fn organization_and_address_are_put_in_as_they_are() {
        for language in Language::ALL {
            let of = Unsubscribing::of(*language);
            let question = of.question("A & {address}", "a***@x.example");
            assert!(question.contains("A & {address}") && question.contains("a***@x.example"), "{question}");
            for said in [of.done("A & B"), of.already_done("A & B")] {
                assert!(said.contains("A & B") && !said.contains('{'), "{said}");
            }
        }
    }

    #[test]
    fn in_english_it_reads_like_this() {
        let of = Unsubscribing::of(Language::En);
        assert_eq!(of.question("Acme", "a***@x.example"), "Stop emails from Acme to a***@x.example?");
        assert_eq!(of.done("Acme"), "You will not get any more emails from Acme.");
    }
}
