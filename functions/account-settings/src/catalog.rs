//! The layouts of the catalog (checklist E11): each body is a file of its own beside this table.
//!
//! A body is content only, since the sender's branding is wrapped around it, and it keeps to what the sanitiser of
//! emails allows, so that a layout arrives as it stands here.

/// A ready layout for one occasion.
pub(crate) struct Layout {
    /// What it is called in a program: words with hyphens, unique, and never changed.
    pub(crate) id: &'static str,
    /// What it is called on a screen.
    pub(crate) name: &'static str,
    /// When to use it, in one sentence.
    pub(crate) description: &'static str,
    /// The subject line, with placeholders.
    pub(crate) subject: &'static str,
    /// The HTML of the body, with placeholders.
    pub(crate) body: &'static str,
    /// A believable value for each custom placeholder, by lower-case key.
    pub(crate) samples: &'static [(&'static str, &'static str)],
}

/// All layouts, in the order in which they are shown.
pub(crate) const LAYOUTS: [Layout; 12] = [
    Layout {
        id: "welcome",
        name: "Welcome",
        description: "Greets a new customer, with the first steps and a person to turn to.",
        subject: "Welcome to {{ORGANIZATION_NAME}}",
        body: include_str!("catalog/welcome.html"),
        samples: &[
            ("account_number", "A-204817"),
            ("account_url", "https://acme.example/account/setup"),
            ("contact_name", "Priya Nair"),
            ("contact_phone", "+1 416 555 0142"),
            ("opening_hours", "Monday to Friday, 9 AM to 6 PM"),
        ],
    },
    Layout {
        id: "quote-ready",
        name: "Quote ready",
        description: "Sends the price that a customer asked for, and how long it stands.",
        subject: "Your quote {{QUOTE_NUMBER}} is ready",
        body: include_str!("catalog/quote-ready.html"),
        samples: &[
            ("agent_name", "Priya Nair"),
            ("agent_phone", "+1 416 555 0142"),
            ("included", "Fire, water and storm damage, theft, personal liability"),
            ("price", "$86.40 a month"),
            ("quote_for", "Home insurance, 48 Maple Street"),
            ("quote_number", "Q-2026-3107"),
            ("quote_url", "https://acme.example/quotes/Q-2026-3107"),
            ("valid_until", "July 18, 2026"),
        ],
    },
    Layout {
        id: "policy-renewal",
        name: "Policy renewal",
        description: "Tells a policyholder that a policy is due for renewal, and on what terms.",
        subject: "Your policy {{POLICY_NUMBER}} renews on {{RENEWAL_DATE}}",
        body: include_str!("catalog/policy-renewal.html"),
        samples: &[
            ("covered_until", "June 14, 2027"),
            ("policy_number", "POL-2026-8842"),
            ("policy_type", "Home insurance"),
            ("premium", "$1,036.80 a year"),
            ("renewal_date", "June 15, 2026"),
            ("renewal_url", "https://acme.example/policies/POL-2026-8842/renewal"),
        ],
    },
    Layout {
        id: "appointment-reminder",
        name: "Appointment reminder",
        description: "Reminds a customer of an appointment: when, where, with whom and what to bring.",
        subject: "Reminder: your appointment on {{APPOINTMENT_DATE}}",
        body: include_str!("catalog/appointment-reminder.html"),
        samples: &[
            ("appointment_date", "Thursday, June 18"),
            ("appointment_time", "2:30 PM, about 45 minutes"),
            ("appointment_url", "https://acme.example/appointments/a7f3"),
            ("host_name", "Daniel Okafor"),
            ("location", "120 King Street West, 4th floor, Toronto"),
            ("please_bring", "A photo ID and your current policy"),
        ],
    },
    Layout {
        id: "callback-requested",
        name: "Callback requested",
        description: "Confirms that someone will call the customer back, and when.",
        subject: "We will call you on {{CALLBACK_DATE}}",
        body: include_str!("catalog/callback-requested.html"),
        samples: &[
            ("agent_name", "Daniel Okafor"),
            ("callback_date", "Wednesday, June 17"),
            ("callback_time", "Between 10 and 11 AM"),
            ("callback_url", "https://acme.example/callbacks/c19d"),
            ("caller_number", "+1 416 555 0100"),
            ("customer_phone", "+1 647 555 0173"),
            ("topic", "Adding a second driver to your policy"),
        ],
    },
    Layout {
        id: "payment-receipt",
        name: "Payment receipt",
        description: "Thanks for a payment, and serves as its receipt.",
        subject: "Receipt for your payment of {{AMOUNT}}",
        body: include_str!("catalog/payment-receipt.html"),
        samples: &[
            ("amount", "$259.20"),
            ("paid_for", "Home insurance, second quarter of 2026"),
            ("payment_date", "June 16, 2026"),
            ("payment_method", "Visa ending in 4242"),
            ("receipt_number", "R-2026-11893"),
            ("receipt_url", "https://acme.example/receipts/R-2026-11893"),
        ],
    },
    Layout {
        id: "overdue-payment",
        name: "Overdue payment",
        description: "Reminds a customer, kindly, of an invoice that is past its due date.",
        subject: "A reminder about invoice {{INVOICE_NUMBER}}",
        body: include_str!("catalog/overdue-payment.html"),
        samples: &[
            ("amount_due", "$259.20"),
            ("due_date", "June 1, 2026"),
            ("invoice_for", "Home insurance, second quarter of 2026"),
            ("invoice_number", "INV-2026-5520"),
            ("payment_url", "https://acme.example/pay/INV-2026-5520"),
        ],
    },
    Layout {
        id: "claim-received",
        name: "Claim received",
        description: "Confirms that a claim has been received, and says what happens next.",
        subject: "We have received your claim {{CLAIM_NUMBER}}",
        body: include_str!("catalog/claim-received.html"),
        samples: &[
            ("claim_number", "CLM-2026-0417"),
            ("claim_url", "https://acme.example/claims/CLM-2026-0417"),
            ("contact_by", "Friday, June 19"),
            ("handler_name", "Sofia Marchetti"),
            ("incident", "Water damage in the kitchen"),
            ("incident_date", "June 14, 2026"),
            ("received_date", "June 16, 2026"),
        ],
    },
    Layout {
        id: "delivery-on-its-way",
        name: "Delivery on its way",
        description: "Tells a customer that an order has left, when it should arrive and how to follow it.",
        subject: "Your order {{ORDER_NUMBER}} is on its way",
        body: include_str!("catalog/delivery-on-its-way.html"),
        samples: &[
            ("carrier", "Northline Parcel"),
            ("delivery_address", "48 Maple Street, Toronto"),
            ("delivery_date", "Tuesday, June 23"),
            ("delivery_window", "Between 9 AM and 1 PM"),
            ("order_contents", "Water leak sensor, set of three"),
            ("order_number", "ORD-78215"),
            ("tracking_number", "NL482207715CA"),
            ("tracking_url", "https://track.example/NL482207715CA"),
        ],
    },
    Layout {
        id: "service-interruption",
        name: "Service interruption notice",
        description: "Announces that a service will be unavailable for a while, and what still works.",
        subject: "Planned interruption of {{SERVICE_NAME}} on {{INTERRUPTION_DATE}}",
        body: include_str!("catalog/service-interruption.html"),
        samples: &[
            ("affected", "Signing in, documents and online payments"),
            ("interruption_date", "Sunday, June 21"),
            ("interruption_time", "2 to 6 AM, Eastern Time"),
            ("reason", "we are moving to newer, faster equipment"),
            ("service_name", "the customer portal"),
            ("status_url", "https://status.acme.example"),
            ("still_available", "Phone, email and the emergency line"),
            ("support_phone", "+1 416 555 0100"),
        ],
    },
    Layout {
        id: "event-invitation",
        name: "Event invitation",
        description: "Invites a customer to an event, with a link to reserve a place.",
        subject: "You are invited: {{EVENT_NAME}}",
        body: include_str!("catalog/event-invitation.html"),
        samples: &[
            ("admission", "Free, with light refreshments"),
            ("event_date", "Thursday, July 9"),
            (
                "event_description",
                "Our specialists show simple ways to protect a home from water, fire and break-ins, and there is plenty \
                 of time for your questions.",
            ),
            ("event_name", "An Evening on Home Safety"),
            ("event_time", "6:30 to 8:30 PM"),
            ("location", "Harbour Hall, 15 Queens Quay, Toronto"),
            ("registration_url", "https://acme.example/events/home-safety"),
            ("reply_by", "July 2, 2026"),
        ],
    },
    Layout {
        id: "review-request",
        name: "Review request",
        description: "Asks a customer, after a service, how it was.",
        subject: "How did we do?",
        body: include_str!("catalog/review-request.html"),
        samples: &[
            ("review_url", "https://acme.example/reviews/new"),
            ("service_date", "June 9, 2026"),
            ("service_name", "Home inspection"),
            ("staff_name", "Daniel Okafor"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hub_models::placeholders::{BUILT_IN, custom_keys};

    use super::*;

    /// What stands between the braces, or after the opening ones where they are never closed.
    fn tags(text: &str) -> impl Iterator<Item = &str> {
        text.split("{{").skip(1).map(|rest| rest.split_once("}}").map_or(rest, |(tag, _)| tag))
    }

    #[test]
    fn ids_and_names_are_unique() {
        let ids: BTreeSet<_> = LAYOUTS.iter().map(|layout| layout.id).collect();
        let names: BTreeSet<_> = LAYOUTS.iter().map(|layout| layout.name).collect();
        assert_eq!((ids.len(), names.len()), (LAYOUTS.len(), LAYOUTS.len()));
    }

    #[test]
    fn every_custom_placeholder_has_a_sample_and_no_sample_is_left_over() {
        for Layout { id, subject, body, samples, .. } in &LAYOUTS {
            let needed: Vec<_> = custom_keys([*subject, *body]).iter().map(|key| key.to_ascii_lowercase()).collect();
            let given: Vec<_> = samples.iter().map(|(key, _)| *key).collect();
            assert_eq!(given, needed, "{id}");
            assert!(samples.iter().all(|(_, value)| !value.is_empty()), "{id}");
        }
    }

    #[test]
    fn every_pair_of_braces_is_a_placeholder_that_has_a_value() {
        for layout in &LAYOUTS {
            let custom = custom_keys([layout.subject, layout.body]);
            for tag in tags(layout.subject).chain(tags(layout.body)) {
                assert!(BUILT_IN.contains(&tag) || custom.contains(tag), "{tag} in {}", layout.id);
            }
        }
    }

    #[test]
    fn every_body_greets_and_signs_and_is_content_only() {
        for Layout { id, body, .. } in &LAYOUTS {
            assert!(
                body.contains("Hello {{CUSTOMER_NAME}},") && body.contains("<br>{{ORGANIZATION_NAME}}</p>"),
                "{id}"
            );
            for outer in ["<!", "<html", "<head", "<body", "<style", "class="] {
                assert!(!body.contains(outer), "{outer} in {id}");
            }
        }
    }

    #[test]
    fn every_body_is_small() {
        for Layout { id, body, .. } in &LAYOUTS {
            assert!(body.len() <= 20_000, "{id} has {} bytes", body.len());
        }
    }
}
