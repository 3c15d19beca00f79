//! How fast rows are accepted, for a time at which the benchmark is long over: nothing but accepting is measured.

use std::time::Instant;

use hub_bench::{Connection, Error, Request, RunningHub};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::emails::{When, start, submit, upload};

const SUBMITTED: usize = 1_000;
const UPLOADED: usize = 10_000;
const ONE_BY_ONE: usize = 1_000;

/// What accepting rows took.
pub struct Accepted {
    pub rows: usize,
    /// Until the answer, or the last one.
    pub seconds: f64,
    /// What the hub spent in this time.
    pub core_seconds: f64,
}

impl Accepted {
    pub fn per_core_second(&self) -> f64 {
        self.rows as f64 / self.core_seconds
    }
}

/// The figures of all three ways.
pub struct AllAccepted {
    pub submit: Accepted,
    pub upload: Accepted,
    pub one_by_one: Accepted,
    /// The hub's peak memory: when fresh, after the submitted rows, after the uploaded ones.
    pub peaks_mib: [f64; 3],
}

/// Has a fresh hub accept campaigns. What comes first leaves the least behind in its memory.
pub async fn accept() -> Result<AllAccepted, Error> {
    let hub = RunningHub::start().await?;
    let tomorrow = tomorrow()?;
    let fresh = hub.usage().peak_mib()?;
    let submit = accept_batch(&hub, SUBMITTED, &submit(&hub, SUBMITTED, When::At(&tomorrow))).await?;
    let after_submit = hub.usage().peak_mib()?;
    let upload = accept_batch(&hub, UPLOADED, &upload(&hub, UPLOADED, &tomorrow)).await?;
    let after_upload = hub.usage().peak_mib()?;
    let one_by_one = accept_one_by_one(&hub, &tomorrow).await?;
    Ok(AllAccepted { submit, upload, one_by_one, peaks_mib: [fresh, after_submit, after_upload] })
}

fn tomorrow() -> Result<String, Error> {
    Ok(Timestamp::now().checked_add(SignedDuration::from_hours(24))?.to_string())
}

async fn accept_batch(hub: &RunningHub, rows: usize, request: &Request) -> Result<Accepted, Error> {
    let (accepted, answers) = measure(hub, rows, std::slice::from_ref(request)).await?;
    let answer: Value = serde_json::from_slice(&answers)?;
    if answer["queued_calls"] != rows {
        return Err(format!("not all {rows} rows were accepted: {answer}").into());
    }
    Ok(accepted)
}

async fn accept_one_by_one(hub: &RunningHub, time: &str) -> Result<Accepted, Error> {
    let requests: Vec<Request> = (0..ONE_BY_ONE).map(|number| start(hub, number, When::At(time))).collect();
    Ok(measure(hub, ONE_BY_ONE, &requests).await?.0)
}

/// Sends requests one after the other, and gives the last answer.
async fn measure(hub: &RunningHub, rows: usize, requests: &[Request]) -> Result<(Accepted, Vec<u8>), Error> {
    let mut connection = Connection::open(hub.address).await?;
    let (began, spent) = (Instant::now(), hub.usage().core_seconds()?);
    let mut answer = Vec::new();
    for request in requests {
        answer = connection.call(request).await?;
    }
    let (seconds, core_seconds) = (began.elapsed().as_secs_f64(), hub.usage().core_seconds()? - spent);
    Ok((Accepted { rows, seconds, core_seconds }, answer))
}
