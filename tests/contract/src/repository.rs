//! The files of this repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hub_local::functions;

/// A path in the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(relative)
}

/// A file of the repository.
pub fn read(relative: &str) -> String {
    let path = path(relative);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The entries of a folder, by name, in order.
pub fn entries(relative: &str) -> BTreeSet<String> {
    let path = path(relative);
    let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The names of all functions, as the code has them.
pub fn function_names() -> BTreeSet<String> {
    let endpoints = functions::endpoints().into_iter().map(|endpoint| endpoint.function);
    let workers = functions::workers().into_iter().map(|worker| worker.function);
    let schedules = functions::schedules().into_iter().map(|schedule| schedule.function);
    endpoints.chain(workers).chain(schedules).chain([functions::UNKNOWN]).map(str::to_owned).collect()
}

#[test]
fn every_function_has_a_binary_and_every_binary_is_a_function() {
    let mut binaries = BTreeSet::new();
    for area in entries("functions") {
        binaries.extend(
            entries(&format!("functions/{area}/src/bin")).iter().map(|file| file.trim_end_matches(".rs").to_owned()),
        );
    }
    assert_eq!(binaries, function_names());
}

#[test]
fn every_function_has_events_and_every_event_is_a_functions() {
    assert_eq!(entries("events"), function_names());
}
