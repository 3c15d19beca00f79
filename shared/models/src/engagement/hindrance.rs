//! What keeps an engagement from going out now, though nothing is wrong with it.

use serde::{Deserialize, Serialize};

use crate::channel::wire_words;

wire_words! {
    /// Why an attempt is put off. A person reads the reason beside it; these words are for counting.
    Hindrance {
        /// The domain's engagements are paused.
        DomainPaused = "domain_paused",
        /// The domain's quiet hours.
        QuietHours = "quiet_hours",
        /// Its agent is in another engagement.
        AgentBusy = "agent_busy",
        /// The provider takes no more at the moment.
        ProviderBusy = "provider_busy",
        /// The mail service has paused all sending.
        SendingPaused = "sending_paused",
        /// The mail service's quota of the day is used up.
        QuotaUsedUp = "quota_used_up",
        /// Too many emails wait for their turn.
        NoTurn = "no_turn",
    }
}
