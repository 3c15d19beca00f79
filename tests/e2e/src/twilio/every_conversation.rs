//! Every purpose over every channel, in English and in a language that is written from right to left, from its start to its
//! end (checklist M4, M5, M6).

use hub_fixture::twilio::{Replied, Sent};
use serde_json::{Value, json};

use super::support::{Line, TEMPLATE, TEMPLATE_IN_ARABIC, contact};
use crate::requests::{integration, with};
use crate::setup;

/// A language, and what is said in it.
struct Tongue {
    language: &'static str,
    /// How Twilio is told to speak it.
    spoken: &'static str,
    /// How Twilio is told to hear it.
    heard: &'static str,
    /// By which template WhatsApp opens in it.
    template: &'static str,
    instruction: &'static str,
    nothing_more: &'static str,
    agreed: &'static str,
}

const TONGUES: [Tongue; 2] = [
    Tongue {
        language: "en",
        spoken: "en-US",
        heard: "en-US",
        template: TEMPLATE,
        instruction: "Your visit is soon.",
        nothing_more: "No.",
        agreed: "Yes, I will be there.",
    },
    Tongue {
        language: "ar",
        spoken: "arb",
        heard: "ar-EG",
        template: TEMPLATE_IN_ARABIC,
        instruction: "زيارتك قريبة.",
        nothing_more: "لا",
        agreed: "نعم",
    },
];

type Said = fn(&Tongue) -> &'static str;

/// A purpose, what the contact says to it, and how it ends.
const PURPOSES: [(&str, Said, &str); 3] = [
    ("conversational", |tongue| tongue.nothing_more, "conversed"),
    ("confirmational", |tongue| tongue.agreed, "confirmed"),
    ("appointment_booking", |_| "1", "booked"),
];

/// One conversation of the table.
struct Cell<'a> {
    line: &'a Line,
    tongue: &'a Tongue,
    channel: &'static str,
    contact: String,
}

impl Cell<'_> {
    /// Starts it, and gives its id.
    async fn start(&self, kind: &str, place: i64) -> String {
        let (hub, acme) = (&self.line.hub, &self.line.acme);
        let about = json!({"type": kind, "language": self.tongue.language, "instruction": self.tongue.instruction});
        let mut request = with(integration(acme, self.channel, &self.contact), about);
        if kind == "confirmational" {
            let booked = json!({"contact": self.contact, "starts_at": setup::half_hour(hub, place)});
            let booking = hub.post(acme, "/bookings", setup::new_booking(hub, acme, booked)).await.expect(201);
            request["booking_id"] = booking["booking_id"].clone();
        }
        hub.started(acme, request).await
    }

    /// Whether it was told what it is about, in its own script.
    fn is_told(&self, said: &str) {
        assert!(said.starts_with(self.tongue.instruction), "{}: {said}", self.channel);
    }

    /// Whether it is answered in its language and no other.
    fn is_in_its_language(&self, said: &str) {
        let from_right_to_left = said.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        assert!(!said.is_empty(), "{}: nothing is said", self.channel);
        assert_eq!(from_right_to_left, self.tongue.language == "ar", "{}: {said}", self.channel);
    }

    fn is_spoken(&self, reply: &Replied) -> String {
        assert_eq!(reply.attribute("Say", "language").as_deref(), Some(self.tongue.spoken), "{}", reply.body);
        let said = reply.texts("Say").concat();
        self.is_in_its_language(&said);
        said
    }

    /// Led to its end, with this said by the contact where it talks.
    async fn lead(&self, id: &str, says: Option<&str>) {
        match self.channel {
            "phone" | "wvoice" => self.lead_call(id, says).await,
            _ => self.lead_messages(id, says).await,
        }
    }

    async fn lead_call(&self, id: &str, says: Option<&str>) {
        let call = self.line.placed(id, &self.contact).await;
        let opening = self.line.twilio.answer(&call, "human").await;
        self.is_told(&self.is_spoken(&opening));
        let last = match says {
            None => opening,
            Some(text) => {
                assert_eq!(opening.attribute("Gather", "language").as_deref(), Some(self.tongue.heard));
                let last = self.line.twilio.say(&call, &opening, Some(text)).await;
                self.is_spoken(&last);
                last
            }
        };
        assert!(last.body.contains("<Hangup/>") && !last.body.contains("<Gather"), "{}", last.body);
        let human = [("AnsweredBy", "human"), ("SipResponseCode", "200")];
        self.line.twilio.report_call(&call, "completed", &human).await;
    }

    async fn lead_messages(&self, id: &str, says: Option<&str>) {
        let opening = self.line.sent(id, &self.contact).await;
        let told = self.opening(&opening);
        self.is_told(&told);
        let Some(text) = says else {
            self.line.twilio.report_message(&opening, "delivered", &[]).await;
            return;
        };
        let reply = self.line.writes_as(&self.contact, self.channel, &format!("SM{id}"), text).await;
        assert_eq!((reply.status, reply.texts("Message").len()), (200, 0));
    }

    /// What an opening says: by WhatsApp, to who has not written, as the variable of a template.
    fn opening(&self, sent: &Sent) -> String {
        if self.channel == "sms" {
            return sent.form.get("Body").expect("a text").to_owned();
        }
        assert_eq!((sent.form.get("ContentSid"), sent.form.get("Body")), (Some(self.tongue.template), None));
        let variables = sent.form.get("ContentVariables").expect("variables");
        let variables: Value = serde_json::from_str(variables).expect("JSON");
        variables["1"].as_str().expect("a text").to_owned()
    }

    /// Whether it has ended so, and everything that was said is kept.
    async fn has_ended(&self, id: &str, outcome: &str, talked: bool) {
        let report = self.line.until(id, "Completed").await;
        let what = format!("{} {}: {report}", self.channel, self.tongue.language);
        assert_eq!(report["outcome"], outcome, "{what}");
        let said = report["transcript"].as_array().expect("turns");
        let roles: Vec<_> = said.iter().map(|turn| turn["role"].as_str().expect("a role")).collect();
        let expected: &[&str] = if talked { &["assistant", "user", "assistant"] } else { &["assistant"] };
        assert_eq!(roles, expected, "{what}");
        if talked && matches!(self.channel, "sms" | "wmsg") {
            let answer = self.line.sent_to(&self.contact).pop().expect("an answer");
            assert_eq!(answer.form.get("Body"), said[2]["content"].as_str(), "{what}");
            self.is_in_its_language(answer.form.get("Body").unwrap_or_default());
        }
    }
}

/// All conversations over a channel.
async fn each_is_led_to_its_end(channel: &'static str, informed: &str) {
    let line = Line::open().await;
    setup::calendar(&line.hub, &line.acme, json!({})).await;
    let mut place = 0;
    for tongue in &TONGUES {
        let told = [("informational", None, informed)].into_iter();
        let talks = PURPOSES.iter().map(|(kind, says, outcome)| (*kind, Some(says(tongue)), *outcome));
        for (kind, says, outcome) in told.chain(talks) {
            let cell = Cell { line: &line, tongue, channel, contact: contact(place) };
            let id = cell.start(kind, i64::try_from(place).expect("a place")).await;
            cell.lead(&id, says).await;
            cell.has_ended(&id, outcome, says.is_some()).await;
            place += 1;
        }
    }
}

// M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn every_conversation_by_phone_is_led_to_its_end() {
    each_is_led_to_its_end("phone", "answered").await;
}

// M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn every_conversation_by_whatsapp_call_is_led_to_its_end() {
    each_is_led_to_its_end("wvoice", "answered").await;
}

// M4, M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn every_conversation_by_sms_is_led_to_its_end() {
    each_is_led_to_its_end("sms", "delivered").await;
}

// M4, M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn every_conversation_by_whatsapp_message_is_led_to_its_end() {
    each_is_led_to_its_end("wmsg", "delivered").await;
}
