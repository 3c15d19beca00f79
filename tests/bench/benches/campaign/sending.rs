//! How fast emails leave, as a batch and started one by one: each on a hub of its own, from the first request until the
//! last email is recorded.

use std::time::{Duration, Instant, SystemTime};

use hub_bench::{Connection, Error, Request, RunningHub, load};
use serde_json::Value;

use crate::emails::{When, start, submit};

const EMAILS: usize = 1_000;

/// More rows a minute than a machine sends.
const RATE_LIMIT: (&str, &str) = ("HUB_BULK_CALL_RATE_LIMIT", "6000000");

/// Over so many connections at once emails are started one by one.
const CONNECTIONS: usize = 8;

/// How long the emails may take.
const PATIENCE: Duration = Duration::from_secs(120);

const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A hub that spends no more than this between two looks only ticks.
const CORE_SECONDS_AT_REST: f64 = 0.01;

/// What sending emails took.
pub struct Sent {
    pub emails: usize,
    /// From the first email sent to the last.
    pub seconds: f64,
    /// What the hub spent on accepting, sending and recording them.
    pub core_seconds: f64,
}

impl Sent {
    pub fn per_core_second(&self) -> f64 {
        self.emails as f64 / self.core_seconds
    }
}

/// Sends emails as one batch.
pub async fn send_batch() -> Result<Sent, Error> {
    let hub = RunningHub::start_with(&[RATE_LIMIT]).await?;
    let spent = hub.usage().core_seconds()?;
    Connection::open(hub.address).await?.call(&submit(&hub, EMAILS, When::Now)).await?;
    sent(&hub, spent).await
}

/// Sends the same emails as engagements of their own.
pub async fn send_one_by_one() -> Result<Sent, Error> {
    let hub = RunningHub::start().await?;
    let spent = hub.usage().core_seconds()?;
    load(hub.address, CONNECTIONS, EMAILS, |number| start(&hub, number, When::Now)).await?;
    sent(&hub, spent).await
}

/// Waits for the emails without asking the hub, which would have to answer then: their files tell when they left.
async fn sent(hub: &RunningHub, spent: f64) -> Result<Sent, Error> {
    let began = Instant::now();
    while std::fs::read_dir(hub.mail_folder())?.count() < EMAILS {
        if began.elapsed() > PATIENCE {
            return Err("the emails do not leave".into());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let core_seconds = until_at_rest(hub, began).await? - spent;
    let recorded = completed(hub).await?;
    if recorded != EMAILS {
        return Err(format!("{recorded} of {EMAILS} emails are recorded as sent").into());
    }
    Ok(Sent { emails: EMAILS, seconds: first_to_last(hub)?.as_secs_f64(), core_seconds })
}

/// What the hub has spent in all when it has nothing more to do.
async fn until_at_rest(hub: &RunningHub, began: Instant) -> Result<f64, Error> {
    let mut before = hub.usage().core_seconds()?;
    while began.elapsed() < PATIENCE {
        tokio::time::sleep(LOOK_EVERY * 3).await;
        let spent = hub.usage().core_seconds()?;
        if spent - before <= CORE_SECONDS_AT_REST {
            return Ok(spent);
        }
        before = spent;
    }
    Err("the hub does not come to rest".into())
}

/// How many engagements are recorded as completed.
async fn completed(hub: &RunningHub) -> Result<usize, Error> {
    let mut connection = Connection::open(hub.address).await?;
    let (mut completed, mut cursor) = (0, String::new());
    loop {
        let path =
            format!("/integration/engagements?domain_name={}&status=Completed&limit=100{cursor}", hub.domain_name);
        let page: Value = serde_json::from_slice(&connection.call(&Request::get_as(&path, &hub.api_key)).await?)?;
        completed += page["engagements"].as_array().map_or(0, Vec::len);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(completed),
        }
    }
}

fn first_to_last(hub: &RunningHub) -> Result<Duration, Error> {
    let files = std::fs::read_dir(hub.mail_folder())?;
    let left = files.map(|file| Ok(file?.metadata()?.modified()?)).collect::<Result<Vec<SystemTime>, Error>>()?;
    let (first, last) = (left.iter().min().ok_or("no mail")?, left.iter().max().ok_or("no mail")?);
    Ok(last.duration_since(*first)?)
}
