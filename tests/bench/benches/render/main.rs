//! How many emails one core makes in a second: `cargo build --release && cargo bench -p hub-bench --bench render`.
//!
//! Each email is made from its template to the bytes that the mail service would be handed: filled, sanitised, with its text
//! alternative, in MIME. `email-preview` makes it, so its request and its answer are in the figure too. The ratio is to
//! the same email without a logo, of the same run, by what a second of a core does.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_bench::{Connection, Error, Request, RunningHub, load};
use serde_json::{Value, json};

/// A layout of the catalog, as customers get it.
const LAYOUT: &str = include_str!("../../../../functions/account-settings/src/catalog/policy-renewal.html");
const LETTER: &str = "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on \
    {{RENEWAL_DATE}}.</p><p>Your advisor {{AGENT_NAME}} can answer any questions.</p>\
    <p>Best regards,<br/>{{ORGANIZATION_NAME}}</p>";

/// Emails of each kind, and over how many connections they are asked for at once.
const EMAILS: usize = 3_000;
const CONNECTIONS: usize = 4;

/// How large the logo is: a small PNG, as most are.
const LOGO_BYTES: usize = 8 * 1024;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let hub = RunningHub::start().await?;
    println!("{:<34} {:>11} {:>9} {:>8}", "", "per core s", "bytes", "ratio");
    for (name, html) in [("a letter", LETTER), ("a layout of the catalog", LAYOUT)] {
        brand(&hub, &Value::Null).await?;
        let plain = measure(&hub, html).await?;
        print(&format!("{name}, without a logo"), &plain, &plain);
        brand(&hub, &json!({"data": STANDARD.encode(logo())})).await?;
        print(&format!("{name}, with a logo"), &measure(&hub, html).await?, &plain);
    }
    Ok(())
}

/// As much of a PNG as tells its size, and then nothing but its weight.
fn logo() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x90\0\0\0\x64\x08\x06\0\0\0".to_vec();
    png.resize(LOGO_BYTES, 0x5a);
    png
}

/// Puts header, footer and this logo around the domain's emails.
async fn brand(hub: &RunningHub, logo: &Value) -> Result<(), Error> {
    let settings = json!({
        "domain_name": hub.domain_name, "organization_name": "Acme Insurance", "from": "hello@acme.example", "logo": logo,
        "header_html": "<p><strong>{{ORGANIZATION_NAME}}</strong></p>",
        "footer_html": "<p>Acme Insurance, 1 Main Street, Toronto</p>",
    });
    let change = Request::put("/account-settings/outbound-email", &hub.api_key, &settings.to_string());
    Connection::open(hub.address).await?.call(&change).await.map(drop)
}

struct Figures {
    per_core_second: f64,
    bytes: u64,
}

async fn measure(hub: &RunningHub, html: &str) -> Result<Figures, Error> {
    let shown: Value = serde_json::from_slice(&Connection::open(hub.address).await?.call(&email(hub, html)).await?)?;
    let spent = hub.usage().core_seconds()?;
    load(hub.address, CONNECTIONS, EMAILS, |_| email(hub, html)).await?;
    let core_seconds = hub.usage().core_seconds()? - spent;
    Ok(Figures { per_core_second: EMAILS as f64 / core_seconds, bytes: shown["bytes"].as_u64().ok_or("no size")? })
}

fn email(hub: &RunningHub, html: &str) -> Request {
    let email = json!({
        "domain_name": hub.domain_name, "to": "customer@example.com", "client_name": "Alex Morgan",
        "email_subject": "Your policy {{POLICY_NUMBER}} renews", "email_body_html": html,
        "email_template_params":
            {"policy_number": "POL-2026-8842", "renewal_date": "June 15, 2026", "agent_name": "Jamie Lee"},
    });
    Request::post("/account-settings/email-preview", &hub.api_key, &email.to_string())
}

fn print(name: &str, figures: &Figures, plain: &Figures) {
    let Figures { per_core_second, bytes } = figures;
    println!("{name:<34} {per_core_second:>11.0} {bytes:>9} {:>8.2}", per_core_second / plain.per_core_second);
}
