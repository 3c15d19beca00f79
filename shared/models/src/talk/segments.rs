//! How many segments a text message takes, which is what carriers count and a contact's network charges for.
//!
//! A message of letters of the GSM alphabet holds 160 of them in one segment, or 153 in each of several; those of its
//! extension table count twice and are never torn apart. Any other letter makes it UCS-2: 70, or 67 (3GPP TS 23.038).

/// The way in which a text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// The GSM alphabet, seven bits a letter.
    Gsm7,
    /// Unicode, sixteen bits a letter, and thirty-two for those beyond the first plane.
    Ucs2,
}

/// How a text travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    /// Its encoding.
    pub encoding: Encoding,
    /// How many segments it takes; an empty text takes one.
    pub count: u64,
}

/// The segments of a text.
#[must_use]
pub fn segments(text: &str) -> Segments {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    match septets {
        Some(units) => Segments { encoding: Encoding::Gsm7, count: count(&units, 160, 153) },
        None => {
            let units: Vec<usize> = text.chars().map(char::len_utf16).collect();
            Segments { encoding: Encoding::Ucs2, count: count(&units, 70, 67) }
        }
    }
}

/// How many parts hold letters of these sizes, none of which is torn apart.
fn count(units: &[usize], alone: usize, together: usize) -> u64 {
    if units.iter().sum::<usize>() <= alone {
        return 1;
    }
    let (mut parts, mut used) = (1, 0);
    for unit in units {
        if used + unit > together {
            parts += 1;
            used = 0;
        }
        used += unit;
    }
    parts
}

/// How many places a letter takes in the GSM alphabet; nothing for one that it does not have.
fn septets(c: char) -> Option<usize> {
    match c {
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' | '\u{c}' => Some(2),
        'A'..='Z' | 'a'..='z' | '0'..='9' | ' ' | '\n' | '\r' => Some(1),
        '!' | '"' | '#' | '%' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | '-' | '.' | '/' | ':' | ';' | '<' | '=' => {
            Some(1)
        }
        '>' | '?' | '@' | '_' | '$' | '£' | '¥' | '¤' | '§' | '¡' | '¿' => Some(1),
        'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' | 'Æ' | 'æ' | 'ß' | 'É' => Some(1),
        'Ä' | 'Ö' | 'Ñ' | 'Ü' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> (Encoding, u64) {
        let Segments { encoding, count } = segments(text);
        (encoding, count)
    }

    #[test]
    fn a_full_segment_is_one_and_a_letter_more_is_two() {
        assert_eq!(of(""), (Encoding::Gsm7, 1));
        assert_eq!(of(&"a".repeat(160)), (Encoding::Gsm7, 1));
        assert_eq!(of(&"a".repeat(161)), (Encoding::Gsm7, 2));
        assert_eq!(of(&"a".repeat(306)), (Encoding::Gsm7, 2));
        assert_eq!(of(&"a".repeat(307)), (Encoding::Gsm7, 3));
        assert_eq!(of(&"م".repeat(70)), (Encoding::Ucs2, 1));
        assert_eq!(of(&"م".repeat(71)), (Encoding::Ucs2, 2));
        assert_eq!(of(&"م".repeat(135)), (Encoding::Ucs2, 3));
    }

    #[test]
    fn letters_of_the_extension_table_count_twice_and_stay_whole() {
        assert_eq!(of(&"€".repeat(80)), (Encoding::Gsm7, 1));
        assert_eq!(of(&"€".repeat(81)), (Encoding::Gsm7, 2));
        // 76 of them fill 152 of 153 places, so the 77th begins the next part.
        assert_eq!(of(&"€".repeat(152)), (Encoding::Gsm7, 2));
        assert_eq!(of(&"€".repeat(153)), (Encoding::Gsm7, 3));
    }

    #[test]
    fn a_letter_of_two_halves_is_not_torn_apart() {
        assert_eq!(of(&"😀".repeat(35)), (Encoding::Ucs2, 1));
        assert_eq!(of(&"😀".repeat(36)), (Encoding::Ucs2, 2));
        assert_eq!(of(&"😀".repeat(67)), (Encoding::Ucs2, 3));
    }

    #[test]
    fn one_foreign_letter_changes_the_encoding_of_all() {
        assert_eq!(of(&format!("{}ç", "a".repeat(100))), (Encoding::Ucs2, 2));
        assert_eq!(of(&format!("{}Ç", "a".repeat(100))), (Encoding::Gsm7, 1));
        assert_eq!(of("`"), (Encoding::Ucs2, 1));
    }

    proptest! {
        #[test]
        fn there_are_neither_too_few_nor_too_many(text in "\\PC{0,400}") {
            let Segments { encoding, count } = segments(&text);
            let (units, alone, together): (usize, usize, usize) = match encoding {
                Encoding::Gsm7 => (text.chars().filter_map(septets).sum(), 160, 153),
                Encoding::Ucs2 => (text.encode_utf16().count(), 70, 67),
            };
            let count = usize::try_from(count).unwrap();
            prop_assert_eq!(count == 1, units <= alone);
            prop_assert!(count * together >= units || count == 1);
            // A part may lack one place at its end, where a letter of two did not fit.
            prop_assert!(count == 1 || (count - 1) * (together - 1) < units);
        }

        #[test]
        fn a_longer_text_takes_no_fewer(text in "[a-z€é ]{0,400}", more in "[a-z€é ]{0,20}") {
            let longer = [text.as_str(), more.as_str()].concat();
            prop_assert!(segments(&longer).count >= segments(&text).count);
        }
    }
}
