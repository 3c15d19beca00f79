//! Reading a text as words that can be compared, whatever keyboard or speech recogniser it came from.

use icu_normalizer::ComposingNormalizerBorrowed;

/// The text in lower case and one normal form (NFKC), with nothing but letters, marks and digits, and single blanks
/// between its words. Vowel signs that Arabic and Persian leave out at will are left out.
pub(super) fn plain(text: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let lower = normal.to_lowercase();
    // Lower case can take a text out of its normal form.
    let lower = ComposingNormalizerBorrowed::new_nfkc().normalize(&lower);
    let spaced: String = lower.chars().filter_map(kept).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn kept(c: char) -> Option<char> {
    match c {
        '\u{64b}'..='\u{652}'
        | '\u{640}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => None,
        '\u{feff}' | '\'' | '’' | '\u{fe0f}' => None,
        // One letter that Persian and Arabic keyboards write differently.
        'ي' | 'ى' => Some('ی'),
        'ك' => Some('ک'),
        // The digits of Arabic, Persian and Hindi.
        '٠'..='٩' => Some(digit(c, '٠')),
        '۰'..='۹' => Some(digit(c, '۰')),
        '०'..='९' => Some(digit(c, '०')),
        c if c.is_alphanumeric() || is_sign(c) => Some(c),
        _ => Some(' '),
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// Vowel signs of Devanagari and the marks that join and shorten its letters, which are no letters of their own.
const fn is_sign(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{951}'..='\u{957}' | '\u{962}'..='\u{963}')
}

/// Whether the text has these words one after the other. Where a language puts no blanks between words, being in it is
/// enough.
pub(super) fn has(text: &str, words: &str) -> bool {
    if words.chars().any(is_unspaced) {
        return text.contains(words);
    }
    format!(" {text} ").contains(&format!(" {words} "))
}

/// Chinese characters, kana and hangul: words of these are written together with others.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_marks_and_blanks_do_not_count() {
        for (text, read) in [
            ("  STOP!! ", "stop"),
            ("ＳＴＯＰ", "stop"),
            ("arre\u{302}t.", "arrêt"),
            ("don't", "dont"),
            ("\u{200f}تَوَقَّفْ", "توقف"),
            ("الغاء\u{640}", "الغاء"),
            ("बंद करें।", "बंद करें"),
            ("opt-out", "opt out"),
            ("２番", "2番"),
        ] {
            assert_eq!(plain(text), read, "{text}");
        }
    }

    #[test]
    fn a_word_is_found_whole() {
        assert!(has("yes please", "yes") && has("please yes", "yes") && !has("yesterday", "yes"));
        assert!(has("はいお願いします", "はい"));
    }

    proptest::proptest! {
        #[test]
        fn reading_twice_is_reading_once(text in "\\PC{0,40}") {
            let once = plain(&text);
            proptest::prop_assert_eq!(plain(&once), once);
        }
    }
}
