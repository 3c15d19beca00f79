//! The first email: started once, and followed until it has left or failed.

use std::time::Duration;

use hub_models::contact::EmailAddress;
use hub_models::domain::DomainName;
use hub_models::engagement::WireStatus;
use hub_models::id::EngagementId;
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};

use super::Ended;
use crate::arguments::SetUp;
use crate::console::Console;
use crate::error::SetUpError;
use crate::hub_api::{HubApi, HubError, Report};
use crate::kept::{FirstEmail, Kept};

/// How often it is asked for.
const INTERVAL: Duration = Duration::from_millis(500);

/// How long it is followed. On AWS it leaves within seconds, unless it has to be tried again.
const PATIENCE: Duration = Duration::from_secs(180);

/// Starts the first email to the recipient and follows it, or goes on with that of an earlier run. One that failed
/// then is followed by another.
pub(super) async fn first_email(
    wanted: &SetUp,
    hub: &HubApi,
    api_key: &SecretString,
    kept: &mut Kept,
    console: &mut Console<'_>,
) -> Result<Ended, SetUpError> {
    if let Some(earlier) = earlier(kept, &wanted.send_to) {
        let report = follow(hub, api_key, earlier).await?;
        if !is_lost(report.status) {
            return told(earlier, report, console);
        }
    }
    let engagement_id = start(wanted, hub, api_key, kept).await?;
    console.step("First email", format_args!("{engagement_id} to {}, accepted", wanted.send_to))?;
    told(engagement_id, follow(hub, api_key, engagement_id).await?, console)
}

/// The email that an earlier run started to this recipient.
fn earlier(kept: &Kept, to: &EmailAddress) -> Option<EngagementId> {
    kept.made.first_email.as_ref().filter(|email| email.to == *to).map(|email| email.engagement_id)
}

/// Starts the next attempt. Its idempotency key is the same until its answer is kept, so that it starts once.
async fn start(
    wanted: &SetUp,
    hub: &HubApi,
    api_key: &SecretString,
    kept: &mut Kept,
) -> Result<EngagementId, SetUpError> {
    let (domain, to) = (&wanted.domain, &wanted.send_to);
    let before = kept.made.first_email.as_ref().filter(|email| email.to == *to);
    let attempt = before.map_or(1, |email| email.attempt + 1);
    let body = email(wanted);
    let engagement_id = hub.start(api_key, &idempotency_key(domain, to, attempt), &body).await?;
    kept.made.first_email = Some(FirstEmail { to: to.clone(), attempt, engagement_id });
    kept.save()?;
    Ok(engagement_id)
}

fn idempotency_key(domain: &DomainName, to: &EmailAddress, attempt: u32) -> String {
    // Hashed, because an address may be longer than a key, and not in ASCII.
    format!("set-up-{}", hex::encode(Sha256::digest(format!("{domain} {to} {attempt}"))))
}

fn email(wanted: &SetUp) -> Value {
    json!({
        "channel": "email",
        "phone_number": wanted.send_to,
        "domain_name": wanted.domain,
        "source_record_id": "set-up",
        "source_org_id": wanted.domain,
        "email_subject": "The first email of {{ORGANIZATION}}",
        "email_body_html": "<p>Hello,</p><p>this is the first email that the engagement hub sends for \
                            <strong>{{ORGANIZATION}}</strong>. What is set up works.</p>",
        "email_template_params": {"organization": wanted.organization},
    })
}

/// The report of the email when it has ended, or when it takes too long.
async fn follow(hub: &HubApi, api_key: &SecretString, id: EngagementId) -> Result<Report, HubError> {
    let end = Instant::now() + PATIENCE;
    loop {
        let report = hub.report(api_key, id).await?;
        if report.completed_at.is_some() || Instant::now() > end {
            return Ok(report);
        }
        sleep(INTERVAL).await;
    }
}

fn is_lost(status: WireStatus) -> bool {
    matches!(status, WireStatus::Failed | WireStatus::Cancelled)
}

fn told(id: EngagementId, report: Report, console: &mut Console<'_>) -> Result<Ended, SetUpError> {
    let Report { status, summary, .. } = report;
    let summary = summary.unwrap_or_default();
    match status {
        WireStatus::Completed => {
            console.step("First email", format_args!("{id} is Completed: {summary}"))?;
            Ok(Ended::Done)
        }
        WireStatus::Failed | WireStatus::Cancelled => Err(SetUpError::NotSent { engagement_id: id, status, summary }),
        WireStatus::Scheduled | WireStatus::Queued | WireStatus::InProgress | WireStatus::Paused => {
            console.step("First email", format_args!("{id} is still {status}. {summary}"))?;
            console.more("Run the same command again to follow it further; it is not sent twice")?;
            Ok(Ended::Waiting)
        }
    }
}
