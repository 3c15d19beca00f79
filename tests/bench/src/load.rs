//! Many requests over some connections, one after the other on each.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Error;
use crate::connection::{Connection, Request};

/// How fast requests were answered.
pub struct Figures {
    /// Answers a second, over all connections.
    pub per_second: f64,
    /// Half of the answers took at most so many milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred took at most so many milliseconds.
    pub p99_ms: f64,
}

/// Sends `requests` requests, spread over the connections, each made from its number.
///
/// # Errors
/// When one of them is not answered by a 200.
pub async fn load(
    address: SocketAddr,
    connections: usize,
    requests: usize,
    request: impl Fn(usize) -> Request,
) -> Result<Figures, Error> {
    let each = requests / connections;
    let mut tasks = JoinSet::new();
    let all: Vec<Vec<Request>> =
        (0..connections).map(|c| (0..each).map(|number| request(c * each + number)).collect()).collect();
    let start = Instant::now();
    for requests in all {
        tasks.spawn(one_connection(address, requests));
    }
    let mut times = Vec::with_capacity(requests);
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    Ok(figures(times, start.elapsed()))
}

async fn one_connection(address: SocketAddr, requests: Vec<Request>) -> Result<Vec<Duration>, Error> {
    let mut connection = Connection::open(address).await?;
    let mut times = Vec::with_capacity(requests.len());
    for request in &requests {
        let start = Instant::now();
        connection.call(request).await?;
        times.push(start.elapsed());
    }
    Ok(times)
}

fn figures(mut times: Vec<Duration>, elapsed: Duration) -> Figures {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    Figures { per_second: times.len() as f64 / elapsed.as_secs_f64(), p50_ms: at(50), p99_ms: at(99) }
}
