//! The identifiers of the hub: each its own type, with a prefix that says what it names.

mod batch;
mod call_sid;
mod derived;
mod hex;

pub use self::batch::BatchId;
pub use self::call_sid::CallSid;
use self::hex::hex_id;

/// A text that is not the identifier it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not {what}.")]
pub struct IdError {
    what: &'static str,
}

hex_id! {
    /// An engagement: `eng_` and 24 hex digits (checklist B4).
    EngagementId, "eng_", 12, "an engagement id (eng_ and 24 hex digits)"
}

hex_id! {
    /// An account: `acc_` and 24 hex digits.
    AccountId, "acc_", 12, "an account id (acc_ and 24 hex digits)"
}

hex_id! {
    /// An API key's name, not its secret: `key_`, the account's 24 hex digits and 16 of its own.
    ApiKeyId, "key_", 20, "an API key id (key_ and 40 hex digits)"
}

hex_id! {
    /// A webhook delivery: `dlv_`, the engagement's 24 hex digits and the 32 of a UUID v7.
    DeliveryId, "dlv_", 28, "a delivery id (dlv_ and 56 hex digits)"
}

hex_id! {
    /// A triggered call's `UniqueId`: its engagement's 24 hex digits and 32 random ones. Whoever knows it may ask how the
    /// call went (checklist K2).
    UniqueId, "", 28, "a UniqueId (56 hex digits)"
}

hex_id! {
    /// A batch in the making: `draft_` and 32 hex digits. Every try to submit a batch has its own.
    DraftId, "draft_", 16, "a draft id (draft_ and 32 hex digits)"
}

hex_id! {
    /// A booking: `bkg_` and 24 hex digits.
    BookingId, "bkg_", 12, "a booking id (bkg_ and 24 hex digits)"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engagement_id_has_twenty_four_hex_digits() {
        let text = EngagementId::random().to_string();
        assert!(text.starts_with("eng_") && text.len() == 28, "{text}");
        for bad in ["", "eng_", "eng_zz", "ENG_a1b2c3d4e5f6789012345678", "eng_A1B2C3D4E5F6789012345678"] {
            assert!(bad.parse::<EngagementId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_delivery_and_a_key_know_whose_they_are() {
        let (engagement, account) = (EngagementId::random(), AccountId::random());
        assert_eq!(DeliveryId::new(engagement).engagement_id(), engagement);
        assert_eq!(ApiKeyId::random(account).account_id(), account);
        assert_eq!(UniqueId::random(engagement).engagement_id(), engagement);
    }

    #[test]
    fn a_unique_id_is_no_other_of_the_same_engagement() {
        let engagement = EngagementId::random();
        let (one, other) = (UniqueId::random(engagement), UniqueId::random(engagement));
        assert!(one.is(&one) && !one.is(&other));
        assert_eq!(one.to_string().len(), 56);
        assert_eq!(one.to_string().parse(), Ok(one));
    }

    #[test]
    fn a_batch_is_a_uuid_of_this_hub() {
        let text = BatchId::from_bytes([0xab; 12]).to_string();
        assert_eq!(text, "abababab-abab-85ab-a8ab-abababab7562");
        for bad in ["", "abababab-abab-45ab-a8ab-abababab7562", "abababab-abab-85ab-a8ab-abababab0000"] {
            assert!(bad.parse::<BatchId>().is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_batch_id_is_read_back_as_it_was_written(bytes: [u8; 12]) {
            let id = BatchId::from_bytes(bytes);
            proptest::prop_assert_eq!(id.to_string().parse::<BatchId>().ok(), Some(id));
        }

        #[test]
        fn a_call_sid_is_read_back_as_it_was_written(bytes: [u8; 12]) {
            let id = EngagementId::from_bytes(bytes);
            for sid in [CallSid::Queued(id), CallSid::Email(id)] {
                proptest::prop_assert_eq!(sid.to_string().parse::<CallSid>().ok(), Some(sid));
            }
        }
    }
}
