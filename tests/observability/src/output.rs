//! What a function has written.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;

/// In place of standard output.
#[derive(Clone, Default)]
pub struct Output(Arc<Mutex<Vec<u8>>>);

impl MakeWriter<'_> for Output {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output {
    /// The log of a function whose lines come here.
    pub fn log(&self, filter: &str) -> impl Subscriber + Send + Sync + use<> {
        hub_runtime::json_log(self.clone(), filter)
    }

    /// What was written since it was last taken, each line an object in which no name stands twice.
    pub fn take(&self) -> Written {
        let text = String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap();
        let (metrics, lines) = text.lines().map(object).partition(|line| line.contains_key("_aws"));
        Written { lines, metrics }
    }
}

fn object(line: &str) -> Map<String, Value> {
    let object: Map<String, Value> = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    for name in object.keys() {
        assert_eq!(line.matches(&format!("\"{name}\":")).count(), 1, "{name} stands there twice: {line}");
    }
    object
}

/// What an invocation has written.
#[derive(Debug)]
pub struct Written {
    /// Its log lines.
    pub lines: Vec<Map<String, Value>>,
    /// Its documents in the embedded metric format.
    pub metrics: Vec<Map<String, Value>>,
}
