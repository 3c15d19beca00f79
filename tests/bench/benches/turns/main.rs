//! How fast a hub on this machine takes turns of calls, without a model: `cargo build --release && cargo bench -p hub-bench`.
//!
//! A hundred calls go on at once, with contacts that are played by hand. A turn is what the carrier waits for between what the
//! contact says and what it is told; here it also looks for the contact's call, which a carrier's callback names. Each line
//! has the ratio to `GET /health` of the same run.

use std::time::Duration;

use hub_bench::{Connection, Error, Figures, Request, RunningHub, load};
use serde_json::json;

/// The contacts that are played by hand are +15005550200 to +15005550299.
const CALLS: usize = 100;

/// Turns of each call in each measurement.
const TURNS: usize = 5;

/// How often it is asked whether a call rings, and how long after one another.
const LOOKS: usize = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() -> Result<(), Error> {
    let hub = RunningHub::start().await?;
    for call in 0..CALLS {
        pick_up(&hub, call).await?;
    }
    println!("resident with {CALLS} calls {:>8.1} MiB\n", hub.usage().resident_mib()?);
    println!("{:<26} {:>5} {:>9} {:>9} {:>9} {:>8}", "", "conns", "per s", "p50 ms", "p99 ms", "ratio");
    for connections in [1, 8, 32] {
        let health = load(hub.address, connections, CALLS * TURNS, |_| Request::get("/health")).await?;
        // Calls of one connection only, so that no turn waits for another of the same call.
        let turns = load(hub.address, connections, CALLS * TURNS, |number| says(number / TURNS)).await?;
        print("GET /health", connections, &health, 1.0);
        print("a turn of a call", connections, &turns, turns.per_second / health.per_second);
    }
    Ok(())
}

fn contact(call: usize) -> String {
    format!("+150055502{call:02}")
}

fn by_hand(call: usize, what: &str, body: &serde_json::Value) -> Request {
    Request::post(&format!("/_local/contacts/{}/{what}", contact(call)), "", &body.to_string())
}

fn says(call: usize) -> Request {
    by_hand(call, "reply", &json!({"channel": "phone", "text": "What does it cost on a Sunday?"}))
}

/// Starts a call and answers it as soon as it rings.
async fn pick_up(hub: &RunningHub, call: usize) -> Result<(), Error> {
    let start = json!({
        "phone_number": contact(call), "domain_name": hub.domain_name, "source_record_id": format!("contact-{call}"),
        "source_org_id": "bench", "channel": "phone", "type": "conversational",
        "instruction": "Ask whether the new opening hours suit them.",
    });
    Connection::open(hub.address)
        .await?
        .call(&Request::post("/integration/start", &hub.api_key, &start.to_string()))
        .await?;
    for _ in 0..LOOKS {
        // What is refused leaves a body behind, so each try has a connection of its own.
        if Connection::open(hub.address).await?.call(&by_hand(call, "answer", &json!({}))).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Err(format!("{} does not ring", contact(call)).into())
}

fn print(name: &str, connections: usize, figures: &Figures, ratio: f64) {
    let Figures { per_second, p50_ms, p99_ms } = figures;
    println!("{name:<26} {connections:>5} {per_second:>9.0} {p50_ms:>9.2} {p99_ms:>9.2} {ratio:>8.3}");
}
