//! Makes plain text of what a model writes: models add markup however often they are told not to.

/// The text without HTML tags, Markdown or quotation marks around it.
pub(crate) fn of(written: &str) -> String {
    let without_tags = without_tags(written);
    let lines: Vec<_> = without_tags.lines().filter(|line| !is_fence_or_rule(line)).map(plain_line).collect();
    unquoted(lines.join("\n").trim()).to_owned()
}

/// Drops `<p>` and `</p>`, and keeps `a < b` and an address in angle brackets.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
            && !after.starts_with("http");
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

fn is_fence_or_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("```") || (line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_')))
}

/// A line without the marks of headings, lists, emphasis and code.
fn plain_line(line: &str) -> String {
    let line = line.trim();
    let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line);
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
            ("Bring:\n- one\n * two\n---\n- 5 degrees", "Bring:\none\ntwo\n5 degrees"),
            ("Pay at <https://acme.example/x>.", "Pay at <https://acme.example/x>."),
        ] {
            assert_eq!(of(written), text, "{written}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[<>/a#*`\"é \n]{0,40}") {
            let _ = of(&text);
        }
    }
}
