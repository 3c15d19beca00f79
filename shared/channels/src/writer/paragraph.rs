//! Makes one paragraph, fit to be sent, of the plain text that a model wrote.

use hub_models::text::{closes, ends_sentence, ends_sentence_anywhere, on_one_line};

use super::links::{self, Known};

/// The most characters of a paragraph: far more than 120 words of any language need.
const LONGEST: usize = 1_500;

/// The text as one paragraph without placeholders and without links that are not known.
///
/// One that is longer than a paragraph may be ends with its last whole sentence; it is empty where it has none.
pub(super) fn of(text: &str, known: &Known) -> String {
    let line = on_one_line(&without_braces(text));
    let paragraph = links::without_unknown(&line, known);
    match paragraph.char_indices().nth(LONGEST) {
        Some((limit, _)) => whole_sentences(&paragraph, limit).to_owned(),
        None => paragraph,
    }
}

/// A text that was cut off, to the end of its last whole sentence; nothing where it has none.
pub(super) fn of_whole_sentences(text: &str) -> &str {
    // A mark after a digit may be the point of a number whose other half is missing.
    let in_doubt = text.strip_suffix('.').filter(|before| before.ends_with(|c: char| c.is_numeric()));
    whole_sentences(in_doubt.unwrap_or(text), text.len())
}

fn whole_sentences(text: &str, limit: usize) -> &str {
    let ends = text.char_indices().filter(|(_, c)| ends_sentence(*c));
    let ends = ends.filter_map(|(at, mark)| end_of_sentence(text, at, mark));
    ends.take_while(|end| *end <= limit).last().map_or("", |end| &text[..end])
}

/// Where a sentence ends that has its mark at `at`, unless the mark is within a word, as in `3.5`.
fn end_of_sentence(text: &str, at: usize, mark: char) -> Option<usize> {
    let after = text[at + mark.len_utf8()..].trim_start_matches(closes);
    let ends = ends_sentence_anywhere(mark) || after.is_empty() || after.starts_with(char::is_whitespace);
    ends.then(|| text.len() - after.len())
}

/// Nothing fills what a model leaves in braces, so the words in them are shown and the braces are not.
fn without_braces(text: &str) -> String {
    text.replace(['{', '}'], "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paragraph(text: &str) -> String {
        of(text, &Known::of(["https://acme.example"]))
    }

    #[test]
    fn several_paragraphs_become_one() {
        assert_eq!(paragraph("Dear Ann,\n\nwe move.\nAll is well. "), "Dear Ann, we move. All is well.");
    }

    #[test]
    fn what_looks_like_a_placeholder_looks_like_one_no_more() {
        assert_eq!(paragraph("Dear {{CUSTOMER_NAME}}, {{ x }}{ok}."), "Dear CUSTOMER_NAME,  x ok.");
    }

    #[test]
    fn an_invented_link_is_not_sent_even_when_braces_hide_it() {
        assert_eq!(paragraph("See https://acme.example or ht{{tps://ev}}il.example."), "See https://acme.example or.");
    }

    #[test]
    fn a_paragraph_that_is_too_long_ends_with_a_whole_sentence() {
        let text = format!("One costs 3.50. {} no end", "Two. ".repeat(1_000));
        let cut = paragraph(&text);
        assert!(cut.ends_with("Two.") && cut.len() > LONGEST - 10 && cut.len() <= LONGEST, "{}", cut.len());
        assert_eq!(paragraph(&format!("One. {}.", "x".repeat(LONGEST))), "One.");
        assert_eq!(paragraph(&"x".repeat(LONGEST + 1)), "");
        assert_eq!(paragraph(&"一。".repeat(LONGEST)).chars().count(), LONGEST);
    }

    #[test]
    fn what_was_cut_off_ends_with_its_last_sentence() {
        for (text, whole) in [
            ("One. Two! Thr", "One. Two!"),
            ("One. Two!", "One. Two!"),
            ("One. It costs 3.5", "One."),
            ("One. It costs 3.", "One."),
            ("She said \"yes.\" An", "She said \"yes.\""),
            ("一。二", "一。"),
            ("एक। दो", "एक।"),
            ("no end", ""),
        ] {
            assert_eq!(of_whole_sentences(text), whole, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_paragraph_is_one_line_without_braces_and_not_too_long(text in "([{}a.。 \n\"]|www|\\PC){0,40}") {
            let made = paragraph(&text);
            prop_assert!(made.chars().count() <= LONGEST);
            prop_assert!(!made.contains(['{', '}', '\n']), "{:?}", made);
            prop_assert!(made.trim() == made, "{:?}", made);
        }

        #[test]
        fn what_was_cut_off_begins_like_the_text(text in "[a1.!?。।\"” ]{0,30}") {
            prop_assert!(text.starts_with(of_whole_sentences(&text)));
        }
    }
}
