//! The phrases around an instruction that nobody but the hub makes a paragraph of (checklist E4).

mod phrases;

use super::{fill, phrases_in};
use crate::channel::Language;
use crate::text::{closes, ends_sentence, on_one_line};

/// What a paragraph says before and after what the reader is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// With `{name}`.
    greeting: &'static str,
    greeting_without_name: &'static str,
    /// With `{organization}`. It follows the greeting, and what is told follows it.
    opening: &'static str,
    opening_without_organization: &'static str,
    closing: &'static str,
    /// What a sentence ends with that has no mark of its own.
    full_stop: char,
    /// What stands between sentences.
    blank: &'static str,
}

impl Letter {
    /// The phrases of a language.
    #[must_use]
    pub const fn of(language: Language) -> &'static Self {
        phrases_in!(language)
    }

    /// One paragraph of plain text, on one line, with `told` in it as it is.
    #[must_use]
    pub fn paragraph(&self, told: &str, name: Option<&str>, organization: Option<&str>) -> String {
        let greeting = match name {
            Some(name) => fill(self.greeting, &[("name", name)]),
            None => self.greeting_without_name.to_owned(),
        };
        let opening = match organization {
            Some(organization) => fill(self.opening, &[("organization", organization)]),
            None => self.opening_without_organization.to_owned(),
        };
        [greeting, opening, self.sentence(told), self.closing.to_owned()].join(self.blank)
    }

    /// The text on one line, with an end mark.
    fn sentence(&self, text: &str) -> String {
        let mut sentence = on_one_line(text);
        if !sentence.trim_end_matches(closes).ends_with(ends_sentence) {
            sentence.push(self.full_stop);
        }
        sentence
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::wording::slots;

    fn phrases(letter: &Letter) -> [&'static str; 5] {
        let Letter { greeting, greeting_without_name, opening, opening_without_organization, closing, .. } = *letter;
        [greeting, greeting_without_name, opening, opening_without_organization, closing]
    }

    #[test]
    fn every_language_greets_and_opens_and_closes_in_its_own_words() {
        for index in 0..5 {
            let said: BTreeSet<_> =
                Language::ALL.iter().map(|language| phrases(Letter::of(*language))[index]).collect();
            assert_eq!(said.len(), Language::ALL.len(), "{said:?}");
            assert!(said.iter().all(|phrase| !phrase.is_empty()));
        }
    }

    #[test]
    fn every_phrase_has_the_slots_that_are_filled() {
        for language in Language::ALL {
            let slots = phrases(Letter::of(*language)).map(slots);
            assert_eq!(slots, [vec!["name"], vec![], vec!["organization"], vec![], vec![]], "{language}");
        }
    }

    #[test]
    fn the_closing_ends_like_any_sentence_of_its_language() {
        for language in Language::ALL {
            let letter = Letter::of(*language);
            assert!(letter.closing.ends_with(letter.full_stop), "{language}");
            assert!(ends_sentence(letter.full_stop), "{language}");
        }
    }

    #[test]
    fn a_paragraph_is_polite_around_what_it_tells() {
        let written = Letter::of(Language::En).paragraph("We move\nto Oslo", Some("Alex Morgan"), Some("Acme"));
        let expected = "Dear Alex Morgan, this is a message from Acme: We move to Oslo. \
            If you have any questions, simply reply to this email.";
        assert_eq!(written, expected);
        let written = Letter::of(Language::Zh).paragraph("我们搬家了", Some("王芳"), Some("Acme"));
        assert_eq!(written, "尊敬的王芳，您好！以下是来自Acme的消息：我们搬家了。如有任何疑问，请直接回复此邮件。");
        let written = Letter::of(Language::Hi).paragraph("हम जा रहे हैं", None, None);
        assert!(written.contains(": हम जा रहे हैं। "), "{written}");
    }

    #[test]
    fn a_sentence_that_has_an_end_gets_no_other() {
        let letter = Letter::of(Language::De);
        for text in ["Ja.", "Ja!", "Ja?", "Ja…", "„Ja.“", "(Ja.)", "是。"] {
            assert_eq!(letter.sentence(text), text);
        }
        for (text, sentence) in [("Ja", "Ja."), ("„Ja“", "„Ja“."), ("5 €", "5 €.")] {
            assert_eq!(letter.sentence(text), sentence);
        }
    }

    #[test]
    fn a_stranger_hears_from_nobody_in_particular() {
        let written = Letter::of(Language::En).paragraph("Hello.", None, None);
        assert!(written.starts_with("Dear Customer, we have a message for you: Hello. "), "{written}");
    }

    proptest::proptest! {
        #[test]
        fn what_is_told_is_told_as_it_is(text in "[^\\p{Cc}\\u{2028}\\u{2029}]{0,40}", name in "[a-z{} ]{0,20}") {
            let organization = "{name} & {text}";
            for language in Language::ALL {
                let written = Letter::of(*language).paragraph(&text, Some(&name), Some(organization));
                for told in [text.trim(), name.as_str(), organization] {
                    proptest::prop_assert!(written.contains(told), "{}", written);
                }
            }
        }
    }
}
