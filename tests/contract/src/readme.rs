//! The README's tour is walked, command by command, and so is what it shows of the dialects; its answers must look like the
//! real ones.

use std::collections::BTreeSet;
use std::process::Command;

use hub_channels::simulator::MAGIC_CONTACTS;
use hub_engagements::{METRICS, Metric};
use hub_fixture::TestHub;
use serde_json::Value;

use crate::repository::{path, read};

/// A command of the tour and, where the README shows one, its answer.
struct Stop {
    command: String,
    answer: Option<String>,
}

/// The commands that the README marks with one of these, in its order.
fn marked(marks: &[&str]) -> Vec<Stop> {
    let readme = read("README.md");
    let blocks = readme.split("```sh ").skip(1).filter_map(|block| block.split_once('\n'));
    blocks.filter(|(mark, _)| marks.contains(mark)).map(|(_, block)| stop(block)).collect()
}

fn stop(text: &str) -> Stop {
    let (command, rest) = text.split_once("```").expect("the block ends");
    let answer = rest.trim_start().strip_prefix("```json\n").and_then(|rest| rest.split_once("```"));
    Stop { command: command.to_owned(), answer: answer.map(|(answer, _)| answer.to_owned()) }
}

/// Runs all commands in one shell, as a reader would, and gives what each printed.
fn walk(stops: &[Stop], hub: &TestHub) -> Vec<String> {
    const MARK: &str = "@@@ next stop";
    let folder = tempfile::TempDir::new().unwrap();
    std::os::unix::fs::symlink(hub.folder(), folder.path().join(".hub")).unwrap();
    let script: String = stops.iter().map(|stop| format!("{}\necho '{MARK}'\n", stop.command)).collect();
    let mut shell = Command::new("bash");
    let output = shell.args(["-euo", "pipefail", "-c", &script]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.split(MARK).map(|part| part.trim().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_of_the_readme_works_and_its_answers_look_like_the_real_ones() {
    walk_marked(&["tour", "tour local"], 9).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_readme_shows_of_the_dialects_works() {
    let printed = walk_marked(&["dialects"], 4).await;
    assert!(printed[0].contains("\"workspace_id\":\"quick\""), "{}", printed[0]);
    assert!(
        printed[1].contains("\"templates\":[]") && printed[1].contains("\"status\":\"accepted\""),
        "{}",
        printed[1]
    );
    assert!(printed[3].contains("\"CallState\":\"Busy\""), "{}", printed[3]);
}

/// What a hub on AWS cannot serve is marked `tour local`, and walked here only.
#[test]
fn every_command_of_the_tour_that_a_hub_on_aws_serves_has_its_expectation_there() {
    let tour = read("tests/invoke/tour.py");
    let (_, expectations) = tour.split_once("STOPS = [\n").unwrap();
    let (expectations, _) = expectations.split_once("\n]").unwrap();
    let words = expectations.lines().filter_map(|line| quoted(line.strip_prefix("    (")?));
    let (words, stops): (Vec<&str>, _) = (words.collect(), marked(&["tour"]));
    for (words, stop) in words.iter().zip(&stops) {
        assert!(stop.command.contains(words), "{words} is expected at:\n{}", stop.command);
    }
    assert_eq!(words.len(), stops.len(), "add what is missing to STOPS in tests/invoke/tour.py");
}

/// The text in quotes that a line of Python begins with.
fn quoted(line: &str) -> Option<&str> {
    let quote = line.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    line[1..].split_once(quote).map(|(text, _)| text)
}

/// Walks the commands that are marked with one of these, at least so many, and gives what each printed.
async fn walk_marked(marks: &[&str], least: usize) -> Vec<String> {
    let (hub, stops) = (TestHub::start().await, marked(marks));
    assert!(stops.len() >= least, "the commands marked {marks:?} are lost");
    let printed = tokio::task::block_in_place(|| walk(&stops, &hub));
    for (stop, printed) in stops.iter().zip(&printed) {
        let Some(answer) = &stop.answer else { continue };
        let shown: Value = serde_json::from_str(answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        let real: Value = serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed}"));
        assert_eq!(keys(&shown), keys(&real), "{}\n{printed}", stop.command);
        assert_eq!(shown["status"], real["status"], "{}\n{printed}", stop.command);
        assert_eq!(shown["detail"], real["detail"], "{}\n{printed}", stop.command);
    }
    printed
}

fn keys(value: &Value) -> BTreeSet<&String> {
    value.as_object().into_iter().flat_map(|object| object.keys()).collect()
}

/// After a change of the contacts or metrics, `UPDATE_README=1 cargo test -p hub-contract readme` writes the tables anew.
#[test]
fn the_readme_lists_the_contacts_that_the_simulator_knows_and_the_metrics_that_the_hub_counts() {
    let readme = with_table(&read("README.md"), "magic contacts", &contacts());
    let readme = with_table(&readme, "metrics", &metrics());
    if std::env::var_os("UPDATE_README").is_some() {
        return std::fs::write(path("README.md"), readme).unwrap();
    }
    assert!(readme == read("README.md"), "run: UPDATE_README=1 cargo test -p hub-contract readme");
}

/// The text with this table between the comment of this name and the next `end`.
fn with_table(text: &str, name: &str, table: &str) -> String {
    let begin = format!("<!-- {name} -->\n");
    let (before, rest) = text.split_once(&begin).unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    format!("{before}{begin}{table}<!-- end -->{after}")
}

fn contacts() -> String {
    let row = |contact: &hub_channels::simulator::MagicContact| {
        format!("| `{}` | {} | {} |\n", contact.contact, contact.call, contact.message)
    };
    let rows: String = MAGIC_CONTACTS.iter().map(row).collect();
    format!("| contact | call | message |\n|---|---|---|\n{rows}")
}

fn metrics() -> String {
    let row = |metric: &Metric| {
        let sets: Vec<_> = metric.dimensions.iter().map(|set| format!("`{}`", set.join(", "))).collect();
        let unit = metric.unit.as_str().replace('_', " ");
        format!("| `{}` | {unit} | {} | {} |\n", metric.name, sets.join(" and "), metric.meaning)
    };
    let rows: String = METRICS.iter().map(row).collect();
    format!("| metric | unit | dimensions | |\n|---|---|---|---|\n{rows}")
}
