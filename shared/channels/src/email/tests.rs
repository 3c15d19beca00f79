use hub_models::email::Subject;
use hub_models::logo::LogoType;
use hub_models::placeholders::TemplateParams;
use mail_parser::{MessageParser, MimeHeaders, PartType};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// What the parts of a draft are borrowed from.
struct Parts {
    from: Mailbox,
    recipient: EmailAddress,
    client_name: Option<Name>,
    instruction: Option<Instruction>,
    subject: Option<Subject>,
    params: TemplateParams,
    /// HTML, or else a paragraph.
    html: Option<String>,
    paragraph: String,
    header_html: Option<&'static str>,
    footer_html: Option<&'static str>,
    logo: Option<Logo>,
}

impl Parts {
    fn of_html(subject: &str, html: &str) -> Self {
        let params = json!({"policy_number": "POL-7", "url": "javascript:alert(1)", "evil": "<script>{{SUBJECT}}"});
        let mut parts = Self::of_instruction("Tell them all is well.");
        parts.subject = Subject::parse(subject).unwrap();
        parts.html = Some(html.to_owned());
        parts.with_params(params)
    }

    fn of_instruction(instruction: &str) -> Self {
        Self {
            from: "Acme Insurance <hello@acme.example>".parse().unwrap(),
            recipient: "alex@example.com".parse().unwrap(),
            client_name: Name::parse("Alex Morgan").unwrap(),
            instruction: Instruction::parse(instruction).unwrap(),
            subject: None,
            params: TemplateParams::default(),
            html: None,
            paragraph: "Dear Alex,\n\nall is <well>.".to_owned(),
            header_html: None,
            footer_html: None,
            logo: None,
        }
    }

    fn with_params(mut self, params: Value) -> Self {
        self.params = TemplateParams::parse("params", params.as_object().unwrap()).unwrap();
        self
    }

    fn draft(&self) -> Draft<'_> {
        Draft {
            organization_name: "Acme Insurance",
            from: &self.from,
            reply_to: None,
            recipient: &self.recipient,
            client_name: self.client_name.as_ref(),
            language: Language::En,
            instruction: self.instruction.as_ref(),
            subject: self.subject.as_ref(),
            params: &self.params,
            body: self.html.as_deref().map_or(Body::Paragraph(&self.paragraph), Body::Html),
            branding: Branding {
                header_html: self.header_html,
                footer_html: self.footer_html,
                logo: self.logo.as_ref(),
            },
            calendar: None,
            unsubscribe: None,
            message_id: "eng_000000000000000000000001",
            now: Moment::from_millisecond(1_781_600_000_000),
        }
    }

    fn composed(&self) -> Composed {
        compose(&self.draft()).unwrap()
    }
}

/// An image of one pixel, which is as good as any here.
fn logo() -> Logo {
    Logo { media_type: LogoType::Png, bytes: b"\x89PNG\r\n\x1a\n.".to_vec(), width: 400, height: 100 }
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

#[test]
fn header_and_footer_stand_around_the_body_and_are_filled_like_it() {
    let mut parts = Parts::of_html("Hi", "<p>Body</div></p>");
    parts.header_html = Some("<p><b>{{ORGANIZATION_NAME}} {{POLICY_NUMBER}}");
    parts.footer_html = Some("<p>To {{CUSTOMER_NAME}} about {{SUBJECT}} {{MISSING}}</p><script>x</script>");
    let composed = parts.composed();
    let body = "<div dir=\"auto\">\n<p><b>Acme Insurance POL-7</b></p>\n</div>\n<p>Body</p>\n\
        <div dir=\"auto\">\n<p>To Alex Morgan about Hi </p>\n</div>\n</div>";
    assert!(composed.html.contains(body), "{}", composed.html);
    assert_eq!(composed.text, "Acme Insurance POL-7\n\nBody\n\nTo Alex Morgan about Hi\n");
    assert!(composed.missing.iter().eq(["MISSING"]));
}

#[test]
fn branding_stands_around_a_paragraph_too_and_only_it_is_filled() {
    let mut parts = Parts::of_instruction("x").with_params(json!({"a": "1"}));
    parts.paragraph = "{{A}}".to_owned();
    parts.footer_html = Some("<p>{{A}}</p>");
    assert!(parts.composed().html.contains("<p>{{A}}</p>\n<div dir=\"auto\">\n<p>1</p>"));
}

#[test]
fn the_subject_of_a_template_counts_where_the_request_gives_none() {
    let mut parts = Parts::of_html("", "");
    let composed = |parts: &Parts| {
        let body = Body::Template { subject: "{{POLICY_NUMBER}}: {{SUBJECT}}", html: "<p>{{SUBJECT}}</p>" };
        let Composed { subject, text, .. } = compose(&Draft { body, ..parts.draft() }).unwrap();
        (subject, text)
    };
    assert_eq!(composed(&parts), ("POL-7: Tell them all is well.".to_owned(), "Tell them all is well.\n".to_owned()));
    parts.subject = Subject::parse("Given").unwrap();
    assert_eq!(composed(&parts), ("Given".to_owned(), "Given\n".to_owned()));
}

#[test]
fn the_logo_is_shown_by_its_content_id_and_belongs_to_the_html() {
    let mut parts = Parts::of_html("Hi", "<p>Body</p>");
    parts.logo = Some(logo());
    let composed = parts.composed();
    let message = MessageParser::default().parse(&composed.raw).unwrap();
    let types: Vec<_> = message.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
    assert_eq!(types, ["alternative", "plain", "related", "html", "png"]);
    let image = message.attachment(0).unwrap();
    let id = image.content_id().unwrap();
    assert!(composed.html.contains(&format!("src=\"cid:{id}\" alt=\"Acme Insurance\" width=\"200\" height=\"50\"")));
    assert_eq!(image.content_disposition().map(|disposition| disposition.ctype()), Some("inline"));
    assert!(matches!(&image.body, PartType::Binary(bytes) if **bytes == logo().bytes), "{:?}", image.body);
    assert!(!composed.text.contains("logo"));
}

#[test]
fn subjects_and_names_in_every_script_arrive_as_they_were() {
    for text in [
        "Ihre Police läuft ab – jetzt",
        "你的保单即将到期",
        "پیام شما",
        "تجديد وثيقتك",
        "पॉलिसी",
        "保険 😀 更新",
        "보험 갱신",
    ] {
        let mut parts = Parts::of_html(text, "<p>x</p>");
        parts.client_name = Name::parse(text).unwrap();
        let raw = parts.composed().raw;
        assert!(raw.is_ascii());
        let message = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(message.subject(), Some(text));
        assert_eq!(message.to().and_then(|to| to.first()?.name()), Some(text));
    }
}

/// The elements of a page with the names of their attributes, without the values.
fn skeleton(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1).filter_map(|piece| piece.split_once('>'));
    tags.map(|(tag, _)| tag.split('"').step_by(2).collect()).collect()
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

    #[test]
    fn no_value_can_leave_its_attribute_or_its_element(
        html in "(<(p|a|td|img|b|br)( (href|src|style|title|alt|class)=[\"']?(https://x/|color:)?\\{\\{ ?[XY] ?\\}\\}[\"']?)?>|</[pab]>|\\{\\{X\\}\\}|<\\{\\{X\\}\\}|[a \"'>&-]){0,12}",
        value in "([<>\"'&;:/=\\\\ -]|--|script|onclick|\\{\\{Y\\}\\}|https|[a-z]){0,12}",
    ) {
        // A style is read again once it is filled, so there a value may add what any layout may have.
        let html = html.replace("style", "title");
        let with = |value: &str| Parts::of_html("S", &html).with_params(json!({"x": value, "y": "https://y"})).composed().html;
        let (plain, hostile) = (skeleton(&with("https://x")), skeleton(&with(&value)));
        // A link that leads nowhere good is dropped with its attribute.
        let bare = |tags: Vec<String>| tags.iter().map(|tag| tag.replace(" href=", "").replace(" src=", "")).collect::<Vec<_>>();
        prop_assert_eq!(bare(hostile), bare(plain));
    }

    #[test]
    fn no_value_is_ever_expanded_again(value in "(\\{\\{|\\}\\}|SUBJECT|Y|[{} a-z]){0,12}") {
        let params = json!({"x": value, "y": "EXPANDED"});
        let mut parts = Parts::of_html("{{X}}.", "<p title=\"{{X}}\">{{X}}</p>").with_params(params);
        parts.footer_html = Some("<p>{{X}}</p>");
        let composed = parts.composed();
        prop_assert!(!composed.html.contains("EXPANDED") && !composed.subject.contains("EXPANDED"));
        prop_assert!(!composed.text.contains("EXPANDED"));
        let whole = format!("<p>{value}</p>");
        prop_assert!(composed.html.contains(&whole));
    }
}
