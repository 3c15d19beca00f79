use hub_models::email::{Html, Subject};
use hub_models::id::AccountId;
use hub_models::placeholders::TemplateParams;
use mail_parser::MessageParser;
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// What the parts of a draft are borrowed from.
struct Parts {
    domain: Domain,
    from: Mailbox,
    recipient: EmailAddress,
    client_name: Option<Name>,
    instruction: Option<Instruction>,
    email: EmailContent,
    paragraph: Option<String>,
}

impl Parts {
    fn of_html(subject: &str, html: &str) -> Self {
        let params = json!({"policy_number": "POL-7", "url": "javascript:alert(1)", "evil": "<script>{{SUBJECT}}"});
        let mut parts = Self::of_instruction("Tell them all is well.");
        parts.paragraph = None;
        parts.email = EmailContent {
            subject: Subject::parse(subject).unwrap(),
            body: Html::parse(html).unwrap().map_or(EmailBody::Instruction, EmailBody::Html),
            params: TemplateParams::parse("params", params.as_object().unwrap()).unwrap(),
        };
        parts
    }

    fn of_instruction(instruction: &str) -> Self {
        let now = Moment::from_millisecond(0);
        Self {
            domain: Domain::new("acme".parse().unwrap(), AccountId::random(), now),
            from: "Acme Insurance <hello@acme.example>".parse().unwrap(),
            recipient: "alex@example.com".parse().unwrap(),
            client_name: Name::parse("Alex Morgan").unwrap(),
            instruction: Instruction::parse(instruction).unwrap(),
            email: EmailContent { subject: None, body: EmailBody::Instruction, params: TemplateParams::default() },
            paragraph: Some("Dear Alex,\n\nall is <well>.".to_owned()),
        }
    }

    fn draft(&self) -> Draft<'_> {
        Draft {
            domain: &self.domain,
            organization_name: "Acme Insurance",
            from: &self.from,
            reply_to: None,
            recipient: &self.recipient,
            client_name: self.client_name.as_ref(),
            language: Language::En,
            instruction: self.instruction.as_ref(),
            email: &self.email,
            paragraph: self.paragraph.as_deref(),
            unsubscribe: None,
            message_id: "eng_000000000000000000000001",
            now: Moment::from_millisecond(1_781_600_000_000),
        }
    }

    fn composed(&self) -> Composed {
        compose(&self.draft()).unwrap()
    }
}

/// The message with the one thing in it that is random made equal.
fn with_one_boundary(raw: &[u8]) -> String {
    let raw = String::from_utf8(raw.to_vec()).unwrap();
    let (_, after) = raw.split_once("boundary=\"").unwrap();
    let (boundary, _) = after.split_once('"').unwrap();
    raw.replace(boundary, "BOUNDARY").replace('\r', "")
}

#[test]
fn a_renewal_letter_looks_like_this() {
    let parts = Parts::of_html(
        "Renewal of {{policy_number}} – {{ORGANIZATION_NAME}}",
        "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews {{WHEN}}. \
         <a href=\"https://acme.example/pay\">Pay now</a>, or ask us – we are glad to help.</p>\
         <ul><li>Online</li><li>By phone</li></ul><p>{{SUBJECT}}</p>",
    );
    let reply_to = "service@acme.example".parse().unwrap();
    let unsubscribe = "https://hub.example/unsubscribe/abc".parse().unwrap();
    let draft = Draft { reply_to: Some(&reply_to), unsubscribe: Some(&unsubscribe), ..parts.draft() };
    let composed = compose(&draft).unwrap();
    assert!(composed.missing.iter().eq(["WHEN"]));
    insta::assert_snapshot!("renewal_subject", composed.subject);
    insta::assert_snapshot!("renewal_html", composed.html);
    insta::assert_snapshot!("renewal_text", composed.text);
    insta::assert_snapshot!("renewal_raw", with_one_boundary(&composed.raw));
}

#[test]
fn a_paragraph_is_escaped_and_its_subject_is_the_instruction() {
    let composed = Parts::of_instruction("Tell them\nall is {{WELL}}.").composed();
    assert_eq!(composed.subject, "Tell them all is {{WELL}}.");
    assert!(composed.html.contains("<p>Dear Alex,</p>\n<p>all is &lt;well&gt;.</p>"));
    assert_eq!(composed.text, "Dear Alex,\n\nall is <well>.\n");
    assert!(composed.missing.is_empty());
}

#[test]
fn an_instruction_without_a_paragraph_makes_no_email() {
    let mut parts = Parts::of_instruction("x");
    parts.paragraph = None;
    assert_eq!(compose(&parts.draft()), Err(ComposeError::NoParagraph));
}

#[test]
fn a_link_made_of_a_value_cannot_run() {
    let composed = Parts::of_html("x", "<a href=\"{{URL}}\">a</a> <a href={{URL}}>b</a> {{EVIL}}").composed();
    assert!(!composed.html.contains("javascript"), "{}", composed.html);
    assert!(composed.html.contains("&lt;script&gt;{{SUBJECT}}"), "{}", composed.html);
}

#[test]
fn the_subject_of_missing_values_falls_back_and_names_itself_once() {
    let subject = |given| Parts::of_html(given, "<p>x</p>").composed().subject;
    assert_eq!(subject("{{NONE}}"), "Tell them all is well.");
    assert_eq!(subject("Re: {{SUBJECT}}"), "Re: Tell them all is well.");
    assert_eq!(subject("{{EVIL}}"), "<script>{{SUBJECT}}");
}

#[test]
fn a_contact_without_a_name_is_called_by_the_address() {
    let mut parts = Parts::of_html("x", "<p>{{CUSTOMER_NAME}}</p>");
    parts.client_name = None;
    let composed = parts.composed();
    assert!(composed.html.contains("<p>alex@example.com</p>"));
    assert!(with_one_boundary(&composed.raw).contains("\nTo: alex@example.com\n"));
}

#[test]
fn every_attempt_has_the_same_message_id() {
    let parts = Parts::of_instruction("x");
    let later = Draft { now: Moment::from_millisecond(1_781_700_000_000), ..parts.draft() };
    for raw in [parts.composed().raw, compose(&later).unwrap().raw] {
        let message = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(message.message_id(), Some("eng_000000000000000000000001@acme.example"));
    }
}

/// The names of the headers that a message has.
fn header_names(raw: &[u8]) -> Vec<String> {
    let message = MessageParser::default().parse(raw).unwrap();
    let mut names: Vec<_> = message.headers().iter().map(|header| header.name().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn nothing_that_a_caller_gives_makes_another_header() {
    let mut parts = Parts::of_html("Hi\r\nBcc: a@b.example\u{2028}X: y {{EVIL}}", "<p>\r\n.\r\nBcc: c</p>");
    let plain = header_names(&parts.composed().raw);
    parts.client_name = Name::parse("\"Alex\"\r\nBcc: d@e.example, <f@g.example>").unwrap();
    let raw = parts.composed().raw;
    assert_eq!(header_names(&raw), plain);
    let expected = ["Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"];
    assert_eq!(plain, expected);
    let message = MessageParser::default().parse(&raw).unwrap();
    let to = message.to().and_then(|to| to.first()).unwrap();
    assert_eq!(to.address(), Some("alex@example.com"));
    assert_eq!(to.name(), Some("\"Alex\" Bcc: d@e.example, <f@g.example>"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn composing_anything_keeps_its_words_and_runs_nothing(
        subject in "\\PC{0,60}",
        html in "(<[/a-zA-Z!-]{1,7}( [a-z]{1,6}=[\"']?[a-z:{}URLEVI.]{0,9}[\"']?)?>?|\\{\\{[A-Z_]{1,6}\\}\\}|[^<]{1,4}|<script>){0,12}",
        name in "\\PC{0,30}",
    ) {
        let mut parts = Parts::of_html(&subject, &html);
        parts.client_name = Name::parse(&name).unwrap();
        parts.paragraph = Some(html.clone());
        let composed = parts.composed();
        prop_assert!(!composed.html.to_lowercase().contains("<script"));
        prop_assert!(!composed.html.to_lowercase().contains("href=\"javascript"));
        let message = MessageParser::default().parse(&composed.raw).unwrap();
        let shown = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(message.subject().map(shown), Some(shown(&composed.subject)));
        let to = message.to().and_then(|to| to.first()).unwrap();
        prop_assert_eq!(to.address(), Some("alex@example.com"));
        prop_assert_eq!(to.name().map(shown), parts.client_name.as_ref().map(|name| shown(name.as_str())));
        prop_assert_eq!(header_names(&composed.raw).len(), 7);
    }
}
