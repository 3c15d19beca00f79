//! The README's tour is walked, command by command, and its answers must look like the real ones.

use std::collections::BTreeSet;
use std::process::Command;

use hub_channels::simulator::MAGIC_CONTACTS;
use hub_fixture::TestHub;
use serde_json::Value;

use crate::repository::{path, read};

/// A command of the tour and, where the README shows one, its answer.
struct Stop {
    command: String,
    answer: Option<String>,
}

fn tour() -> Vec<Stop> {
    let readme = read("README.md");
    let blocks: Vec<&str> = readme.split("```sh tour\n").skip(1).collect();
    blocks.into_iter().map(stop).collect()
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
    let (hub, stops) = (TestHub::start().await, tour());
    assert!(stops.len() >= 9, "the tour has lost its stops");
    let printed = tokio::task::block_in_place(|| walk(&stops, &hub));
    for (stop, printed) in stops.iter().zip(printed) {
        let Some(answer) = &stop.answer else { continue };
        let shown: Value = serde_json::from_str(answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        let real: Value = serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"));
        assert_eq!(keys(&shown), keys(&real), "{}\n{printed}", stop.command);
        assert_eq!(shown["status"], real["status"], "{}\n{printed}", stop.command);
        assert_eq!(shown["detail"], real["detail"], "{}\n{printed}", stop.command);
    }
}

fn keys(value: &Value) -> BTreeSet<&String> {
    value.as_object().into_iter().flat_map(|object| object.keys()).collect()
}

/// After a change of the contacts, `UPDATE_README=1 cargo test -p hub-contract readme` writes the table anew.
#[test]
fn the_readme_lists_the_contacts_that_the_simulator_knows() {
    const BEGIN: &str = "<!-- magic contacts -->\n";
    const END: &str = "<!-- end -->";
    let row = |contact: &hub_channels::simulator::MagicContact| {
        format!("| `{}` | {} | {} |\n", contact.contact, contact.call, contact.message)
    };
    let rows: String = MAGIC_CONTACTS.iter().map(row).collect();
    let table = format!("| contact | call | message |\n|---|---|---|\n{rows}");
    let readme = read("README.md");
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(path("README.md"), format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(written, table, "run: UPDATE_README=1 cargo test -p hub-contract readme");
}
