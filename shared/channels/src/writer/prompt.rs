//! What the model is told about writing, which has a file of its own because words are all there is to it.

use super::Medium;

const EMAILS: &str = include_str!("email_prompt.md");
const MESSAGES: &str = include_str!("message_prompt.md");
const SPEECH: &str = include_str!("speech_prompt.md");

/// A system prompt and the version of it, which its first line gives in a comment that is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    /// For the log, such as `email prompt, version 2`.
    pub(super) version: &'static str,
    /// What is sent.
    pub(super) text: &'static str,
}

impl Prompt {
    /// The prompt that this is written by.
    pub(super) fn of(medium: Medium) -> Self {
        Self::read(match medium {
            Medium::Email => EMAILS,
            Medium::Message => MESSAGES,
            Medium::Speech => SPEECH,
        })
    }

    fn read(file: &'static str) -> Self {
        let commented = file.strip_prefix("<!--").and_then(|file| file.split_once("-->"));
        let (version, text) = commented.unwrap_or(("without a version", file));
        Self { version: version.trim(), text: text.trim() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_taken_off_what_is_sent() {
        assert_eq!(Prompt::read("<!-- v 7 -->\nWrite.\n"), Prompt { version: "v 7", text: "Write." });
        assert_eq!(Prompt::read("Write.\n").text, "Write.");
    }

    #[test]
    fn each_prompt_has_a_version_and_names_every_field_of_the_brief() {
        for (medium, name) in [(Medium::Email, "email"), (Medium::Message, "message"), (Medium::Speech, "speech")] {
            let prompt = Prompt::of(medium);
            assert!(prompt.version.starts_with(&format!("{name} prompt, version ")), "{}", prompt.version);
            assert!(!prompt.text.contains("<!--"));
            for field in ["instruction", "language", "customer_name", "organization_name", "subject"] {
                assert!(prompt.text.contains(&format!("- `{field}`: ")), "{name}: {field}");
            }
        }
    }
}
