//! Makes plain text of what a model writes: models add markup however often they are told not to.

/// The most characters that are taken of an answer.
const LONGEST: usize = 4_000;

/// The text without HTML tags, Markdown or quotation marks around it.
pub(super) fn of(written: &str) -> String {
    let without_tags = without_tags(written);
    let lines: Vec<_> = without_tags.lines().filter(|line| !is_fence(line)).map(plain_line).collect();
    let text: String = lines.join("\n").chars().take(LONGEST).collect();
    unquoted(text.trim()).to_owned()
}

/// The text to the end of its last whole sentence; nothing where there is none.
pub(super) fn whole_sentences(text: &str) -> &str {
    const ENDS: [char; 9] = ['.', '!', '?', '。', '！', '？', '।', '؟', '۔'];
    match text.rmatch_indices(ENDS).next() {
        Some((at, end)) => &text[..at + end.len()],
        None => "",
    }
}

/// Drops `<p>` and `</p>` and keeps `a < b`.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        rest = match after.split_once('>') {
            Some((_, after)) if tag => after,
            _ => {
                plain.push('<');
                after
            }
        };
    }
    plain.push_str(rest);
    plain
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}

/// A line without the marks of headings, emphasis and code.
fn plain_line(line: &str) -> String {
    let line = line.trim_end();
    let line = match line.trim_start_matches('#') {
        heading if heading.len() < line.len() && heading.starts_with(' ') => heading.trim_start(),
        _ => line,
    };
    line.replace("**", "").replace("__", "").replace('`', "")
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_taken_off_and_words_stay() {
        for (written, text) in [
            ("<p>Dear Ann, 1 < 2 and 3 > 2.</p>", "Dear Ann, 1 < 2 and 3 > 2."),
            ("# News\n\n**All** is `well`.", "News\n\nAll is well."),
            ("```text\nHello.\n```", "Hello."),
            ("\"Hello.\"", "Hello."),
            ("\"A\" and \"B\"", "\"A\" and \"B\""),
            ("<b", "<b"),
            (" \n ", ""),
            ("#1 of 3", "#1 of 3"),
        ] {
            assert_eq!(of(written), text, "{written}");
        }
    }

    #[test]
    fn what_was_cut_off_ends_with_its_last_sentence() {
        assert_eq!(whole_sentences("One. Two! Thr"), "One. Two!");
        assert_eq!(whole_sentences("一。二"), "一。");
        assert_eq!(whole_sentences("no end"), "");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[<>/a#*`\"é \n]{0,40}") {
            let _ = whole_sentences(&of(&text));
        }
    }
}
