//! How fast a hub on this machine takes and sends a campaign: `cargo build --release && cargo bench -p hub-bench --bench campaign`.
//!
//! It starts the hub as a process of its own on an empty folder, so that its memory and its time can be told apart from
//! the benchmark's. Each line also has the ratio to the same emails started one by one in the same run, by what a second
//! of a core does, which tells the campaign's cost from the machine's.

mod accepting;
mod emails;
mod sending;

use accepting::{Accepted, accept};
use hub_bench::Error;
use sending::{Sent, send_batch, send_one_by_one};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let accepted = accept().await?;
    println!(
        "{:<36} {:>6} {:>8} {:>9} {:>11} {:>6}",
        "accepted for tomorrow", "rows", "seconds", "per s", "per core s", "ratio"
    );
    print_accepted("POST /integration/start, one by one", &accepted.one_by_one, &accepted.one_by_one);
    print_accepted("POST /bulk-calls/submit, JSON", &accepted.submit, &accepted.one_by_one);
    print_accepted("POST /bulk-calls/upload, CSV", &accepted.upload, &accepted.one_by_one);
    let [before, submitted, uploaded] = accepted.peaks_mib;
    println!("peak memory: {before:.1} MiB before, {submitted:.1} after the JSON, {uploaded:.1} after the CSV\n");
    println!(
        "{:<36} {:>6} {:>8} {:>9} {:>11} {:>6}",
        "emails, accepted to recorded", "emails", "seconds", "sent/s", "per core s", "ratio"
    );
    let one_by_one = send_one_by_one().await?;
    print_sent("started one by one", &one_by_one, &one_by_one);
    print_sent("a batch", &send_batch().await?, &one_by_one);
    println!(
        "seconds and sent/s: from the first email sent to the last; per core s: all of it, the embedded database too"
    );
    Ok(())
}

fn print_accepted(name: &str, figures: &Accepted, compared: &Accepted) {
    let Accepted { rows, seconds, .. } = figures;
    let count = *rows as f64;
    let (per_second, ratio) = (count / seconds, figures.per_core_second() / compared.per_core_second());
    println!("{name:<36} {rows:>6} {seconds:>8.2} {per_second:>9.0} {:>11.0} {ratio:>6.2}", figures.per_core_second());
}

fn print_sent(name: &str, figures: &Sent, compared: &Sent) {
    let Sent { emails, seconds, .. } = figures;
    let (per_second, ratio) = (*emails as f64 / seconds, figures.per_core_second() / compared.per_core_second());
    println!(
        "{name:<36} {emails:>6} {seconds:>8.2} {per_second:>9.0} {:>11.0} {ratio:>6.2}",
        figures.per_core_second()
    );
}
