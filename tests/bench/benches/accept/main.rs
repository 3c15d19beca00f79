//! How fast a hub on this machine accepts: `cargo build --release && cargo bench -p hub-bench`.
//!
//! It starts the hub as a process of its own on an empty folder and loads it over loopback, so both share the machine.
//! Each line also has the ratio to `GET /health` of the same run, which tells the hub's cost from the machine's.

use hub_bench::{Error, Figures, Request, RunningHub, load};

/// Requests of each measurement.
const REQUESTS: usize = 6_000;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let hub = RunningHub::start().await?;
    println!("start to first answer   {:>8.1} ms", hub.ready_after.as_secs_f64() * 1_000.0);
    println!("resident when idle      {:>8.1} MiB\n", hub.usage().resident_mib()?);
    println!("{:<26} {:>5} {:>9} {:>9} {:>9} {:>8}", "", "conns", "per s", "p50 ms", "p99 ms", "ratio");
    for connections in [1, 8, 32] {
        let health = load(hub.address, connections, REQUESTS, |_| Request::get("/health")).await?;
        let starts = load(hub.address, connections, REQUESTS, |number| start(&hub, number)).await?;
        print("GET /health", connections, &health, 1.0);
        print("POST /integration/start", connections, &starts, starts.per_second / health.per_second);
        hub.until_idle().await?;
    }
    println!("\nresident after the load {:>8.1} MiB", hub.usage().resident_mib()?);
    Ok(())
}

fn start(hub: &RunningHub, number: usize) -> Request {
    let body = serde_json::json!({
        "phone_number": "+14165551234", "domain_name": hub.domain_name, "source_record_id": format!("contact-{number}"),
        "source_org_id": "bench", "channel": "sms", "type": "informational", "client_name": "Alex Morgan",
        "instruction": "Confirm tomorrow's appointment and offer to reschedule if needed.",
    });
    Request::post("/integration/start", &hub.api_key, &body.to_string())
}

fn print(name: &str, connections: usize, figures: &Figures, ratio: f64) {
    let Figures { per_second, p50_ms, p99_ms } = figures;
    println!("{name:<26} {connections:>5} {per_second:>9.0} {p50_ms:>9.2} {p99_ms:>9.2} {ratio:>8.2}");
}
