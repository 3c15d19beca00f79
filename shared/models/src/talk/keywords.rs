//! What a contact means, told by single words: enough to serve every purpose of the hub without a model.

mod lists;

use super::words::{has, plain};
use crate::channel::Language;

/// What a contact means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Agreed.
    Yes,
    /// Not agreed, or nothing more.
    No,
    /// To be connected to a person.
    Agent,
    /// Not to be contacted again.
    Stop,
    /// That the conversation is over.
    Bye,
    /// Not now.
    Later,
    /// One of what was offered, from 1.
    Number(usize),
    /// Something that no word tells.
    Other,
}

/// The words of a language by what they mean. The first of each is the plainest.
pub(super) struct Words {
    yes: &'static [&'static str],
    no: &'static [&'static str],
    agent: &'static [&'static str],
    stop: &'static [&'static str],
    bye: &'static [&'static str],
    later: &'static [&'static str],
    /// One to nine, as they are spoken.
    numbers: [&'static [&'static str]; 9],
}

/// What is meant by something said or written. Who answers a conversation in English is understood as well.
#[must_use]
pub fn understand(text: &str, language: Language) -> Meant {
    let text = plain(text);
    match meant(&text, lists::of(language)) {
        Meant::Other if language != Language::En => meant(&text, lists::of(Language::En)),
        meant => meant,
    }
}

/// What is meant by the answer to a question that takes yes or no: "Yes, see you at 9" tells no number there, and "Yes,
/// see you later" puts nothing off. "No, call me later" does, and so does a "not now" that is made with a no.
pub(super) fn understand_answer(text: &str, language: Language) -> Meant {
    let meant = understand(text, language);
    let text = plain(text);
    let mut answers = [lists::of(language), &lists::EN].into_iter().filter_map(|words| yes_or_no(&text, words));
    match (meant, answers.next()) {
        (Meant::Later | Meant::Number(_), Some(Meant::Yes)) => Meant::Yes,
        (Meant::Number(_), Some(Meant::No)) => Meant::No,
        (meant, _) => meant,
    }
}

/// Whether a text agrees or does not; nothing where it does neither, or both.
fn yes_or_no(text: &str, words: &Words) -> Option<Meant> {
    match (any(text, words.yes), any(text, words.no)) {
        (true, false) => Some(Meant::Yes),
        (false, true) => Some(Meant::No),
        _ => None,
    }
}

fn any(text: &str, list: &[&str]) -> bool {
    list.iter().any(|word| has(text, &plain(word)))
}

fn meant(text: &str, words: &Words) -> Meant {
    let any = |list: &[&str]| any(text, list);
    if any(words.stop) {
        return Meant::Stop;
    }
    if any(words.agent) {
        return Meant::Agent;
    }
    // "I must look first, call me later" means later, and no number.
    if any(words.later) {
        return Meant::Later;
    }
    if let Some(number) = number(text, words) {
        return Meant::Number(number);
    }
    let is_neither = !any(words.yes) && !any(words.no);
    match yes_or_no(text, words) {
        Some(answer) => answer,
        None if is_neither && any(words.bye) => Meant::Bye,
        None => Meant::Other,
    }
}

/// The one number in a text; none where it has several.
fn number(text: &str, words: &Words) -> Option<usize> {
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    match digits.as_slice() {
        [run] if run.len() == 1 => return run.parse().ok().filter(|number| *number > 0),
        [] => {}
        _ => return None,
    }
    let spoken = |list: &[&str]| list.iter().any(|word| has(text, &plain(word)));
    let found: Vec<usize> =
        (1..=9).zip(words.numbers).filter(|(_, list)| spoken(list)).map(|(number, _)| number).collect();
    match found.as_slice() {
        // "The second one" is the second.
        [number] | [1, number] => Some(*number),
        _ => None,
    }
}

/// The plainest word for something, as a contact who speaks this language says it.
#[must_use]
pub fn word_for(meant: Meant, language: Language) -> &'static str {
    let words = lists::of(language);
    let list = match meant {
        Meant::Yes => words.yes,
        Meant::No => words.no,
        Meant::Agent => words.agent,
        Meant::Stop => words.stop,
        Meant::Bye => words.bye,
        Meant::Later => words.later,
        Meant::Number(number) => words.numbers[number.clamp(1, 9) - 1],
        Meant::Other => &[],
    };
    list.first().copied().unwrap_or("…")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEANT: [Meant; 9] = [
        Meant::Yes,
        Meant::No,
        Meant::Agent,
        Meant::Stop,
        Meant::Bye,
        Meant::Later,
        Meant::Number(1),
        Meant::Number(2),
        Meant::Number(3),
    ];

    #[test]
    fn the_plainest_word_of_each_language_is_understood() {
        for language in Language::ALL.iter().copied() {
            for meant in MEANT {
                let word = word_for(meant, language);
                assert_eq!(understand(word, language), meant, "{language}: {word}");
            }
        }
    }

    #[test]
    fn whole_sentences_are_understood() {
        for (language, text, meant) in [
            (Language::En, "Yes, I will be there. Goodbye!", Meant::Yes),
            (Language::En, "Thank you for telling me. I have no questions.", Meant::No),
            (Language::En, "Could I talk to a real person please?", Meant::Agent),
            (Language::En, "Please do not call me again.", Meant::Stop),
            (Language::En, "the second one", Meant::Number(2)),
            (Language::En, "I have to look at my calendar first, call me later.", Meant::Later),
            (Language::En, "How much does it cost?", Meant::Other),
            (Language::En, "yes and no", Meant::Other),
            (Language::En, "at 10 or 11", Meant::Other),
            (Language::De, "Ja, gerne", Meant::Yes),
            (Language::De, "yes", Meant::Yes),
            (Language::Ar, "نعم، سأكون هناك", Meant::Yes),
            (Language::Ar, "الثاني", Meant::Number(2)),
            (Language::Fa, "۲", Meant::Number(2)),
            (Language::Hi, "२", Meant::Number(2)),
            (Language::Ja, "はい、お願いします", Meant::Yes),
            (Language::Ko, "아니요", Meant::No),
            (Language::Zh, "不是", Meant::No),
        ] {
            assert_eq!(understand(text, language), meant, "{text}");
        }
    }

    #[test]
    fn an_answer_to_a_question_is_yes_or_no_whatever_else_is_in_it() {
        for (language, text, meant) in [
            (Language::En, "Yes, see you at 9", Meant::Yes),
            (Language::En, "Yes, see you later!", Meant::Yes),
            (Language::En, "Yes, thank you, bye", Meant::Yes),
            (Language::En, "No, I cannot come at 9", Meant::No),
            (Language::En, "not now", Meant::Later),
            (Language::En, "No, call me later", Meant::Later),
            (Language::En, "at 9", Meant::Number(9)),
            (Language::En, "Yes, but let me talk to an agent", Meant::Agent),
            (Language::En, "Yes, and do not call me again", Meant::Stop),
            (Language::De, "Ja, um 9", Meant::Yes),
            (Language::De, "Yes, at 9", Meant::Yes),
            (Language::Ar, "نعم، في الساعة 9", Meant::Yes),
            (Language::Ja, "はい、9時に", Meant::Yes),
        ] {
            assert_eq!(understand_answer(text, language), meant, "{text}");
        }
    }

    #[test]
    fn to_put_off_is_no_answer_in_any_language() {
        for language in Language::ALL.iter().copied() {
            for later in lists::of(language).later {
                assert_eq!(understand_answer(later, language), Meant::Later, "{language}: {later}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            for language in Language::ALL {
                let _ = understand(&text, *language);
            }
        }
    }
}
