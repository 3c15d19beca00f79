//! What the model is told about talking, a file for each purpose.

use hub_models::channel::EngagementType;

const CONVERSATIONAL: &str = include_str!("prompts/conversational.md");
const CONFIRMATIONAL: &str = include_str!("prompts/confirmational.md");
const APPOINTMENT_BOOKING: &str = include_str!("prompts/appointment_booking.md");

/// The version of the prompt of a purpose, which its first line gives in a comment, and what is sent of it.
pub(super) fn of(engagement_type: EngagementType) -> (&'static str, &'static str) {
    let file = match engagement_type {
        EngagementType::Informational | EngagementType::Conversational => CONVERSATIONAL,
        EngagementType::Confirmational => CONFIRMATIONAL,
        EngagementType::AppointmentBooking => APPOINTMENT_BOOKING,
    };
    let commented = file.strip_prefix("<!--").and_then(|file| file.split_once("-->"));
    let (version, text) = commented.unwrap_or(("without a version", file));
    (version.trim(), text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_prompt_has_a_version_and_names_every_field_of_the_situation() {
        for engagement_type in EngagementType::ALL.iter().skip(1) {
            let (version, text) = of(*engagement_type);
            assert!(version.starts_with(&format!("{engagement_type} prompt, version ")), "{version}");
            for field in ["instruction", "language", "spoken", "customer_name", "offered", "transcript", "heard"] {
                assert!(text.contains(&format!("- `{field}`: ")), "{engagement_type}: {field}");
            }
        }
    }
}
