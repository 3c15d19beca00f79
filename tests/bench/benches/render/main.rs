//! How many emails one core makes in a second: `cargo bench -p hub-bench --bench render`.
//!
//! Each email is made from its template to the bytes that the mail service is handed: filled, sanitised, with its text
//! alternative, in MIME. The ratio is to the same email without a logo, of the same run.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hub_channels::email::{Body, Branding, Composed, Draft, compose};
use hub_models::channel::Language;
use hub_models::contact::EmailAddress;
use hub_models::email::Mailbox;
use hub_models::logo::{Logo, LogoType};
use hub_models::moment::Moment;
use hub_models::placeholders::TemplateParams;
use hub_models::text::Name;
use serde_json::json;

/// A layout of the catalog, as customers get it.
const LAYOUT: &str = include_str!("../../../../functions/account-settings/src/catalog/policy-renewal.html");
const LETTER: &str = "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on \
    {{RENEWAL_DATE}}.</p><p>Your advisor {{AGENT_NAME}} can answer any questions.</p>\
    <p>Best regards,<br/>{{ORGANIZATION_NAME}}</p>";
const HEADER: &str = "<p><strong>{{ORGANIZATION_NAME}}</strong></p>";
const FOOTER: &str = "<p>Acme Insurance, 1 Main Street, Toronto</p>";

/// How long each kind is made.
const MEASURED: Duration = Duration::from_secs(2);

/// How large the logo is: a small PNG, as most are.
const LOGO_BYTES: usize = 8 * 1024;

type Error = Box<dyn std::error::Error>;

/// What all emails have in common.
struct Customer {
    from: Mailbox,
    recipient: EmailAddress,
    name: Option<Name>,
    params: TemplateParams,
    unsubscribe: url::Url,
}

fn main() -> Result<(), Error> {
    let customer = customer()?;
    let logo = Logo { media_type: LogoType::Png, bytes: vec![0x5a; LOGO_BYTES], width: 400, height: 100 };
    println!("{:<34} {:>9} {:>9} {:>8}", "", "per s", "bytes", "ratio");
    for (name, html) in [("a letter", LETTER), ("a layout of the catalog", LAYOUT)] {
        let plain = measure(&customer, html, None)?;
        print(&format!("{name}, without a logo"), &plain, 1.0);
        let with_logo = measure(&customer, html, Some(&logo))?;
        print(&format!("{name}, with a logo"), &with_logo, with_logo.per_second / plain.per_second);
    }
    Ok(())
}

fn customer() -> Result<Customer, Error> {
    let params = json!({"policy_number": "POL-2026-8842", "renewal_date": "June 15, 2026", "agent_name": "Jamie Lee"});
    let params = params.as_object().ok_or("no object")?;
    Ok(Customer {
        from: "Acme Insurance <hello@acme.example>".parse()?,
        recipient: "customer@example.com".parse()?,
        name: Name::parse("Alex Morgan")?,
        params: TemplateParams::parse("params", params).map_err(|faults| format!("{faults:?}"))?,
        unsubscribe: "https://hub.example.com/contacts/unsubscribe/token".parse()?,
    })
}

struct Figures {
    per_second: f64,
    bytes: usize,
}

fn measure(customer: &Customer, html: &str, logo: Option<&Logo>) -> Result<Figures, Error> {
    let bytes = email(customer, html, logo)?.raw.len();
    let (start, mut made) = (Instant::now(), 0_u32);
    while start.elapsed() < MEASURED {
        black_box(email(customer, html, logo)?);
        made += 1;
    }
    Ok(Figures { per_second: f64::from(made) / start.elapsed().as_secs_f64(), bytes })
}

fn email(customer: &Customer, html: &str, logo: Option<&Logo>) -> Result<Composed, Error> {
    Ok(compose(&Draft {
        organization_name: "Acme Insurance",
        from: &customer.from,
        reply_to: None,
        recipient: &customer.recipient,
        client_name: customer.name.as_ref(),
        language: Language::En,
        instruction: None,
        subject: None,
        params: &customer.params,
        body: Body::Template { subject: "Your policy {{POLICY_NUMBER}} renews", html },
        branding: Branding { header_html: Some(HEADER), footer_html: Some(FOOTER), logo },
        calendar: None,
        unsubscribe: Some(&customer.unsubscribe),
        message_id: "eng_000000000000000000000001",
        now: Moment::from_millisecond(1_781_600_000_000),
    })?)
}

fn print(name: &str, figures: &Figures, ratio: f64) {
    println!("{name:<34} {:>9.0} {:>9} {ratio:>8.2}", figures.per_second, figures.bytes);
}
