//! What the operator reads meanwhile: a name for each step, and beside it what became of it.

use std::fmt::Display;
use std::io::{self, Write};

/// How wide the names of steps are.
const NAME: usize = 13;

/// Where it is written.
pub(crate) struct Console<'a>(pub(crate) &'a mut (dyn Write + Send));

impl Console<'_> {
    /// What became of a step.
    pub(crate) fn step(&mut self, name: &str, told: impl Display) -> io::Result<()> {
        writeln!(self.0, "{name:NAME$}{told}")?;
        self.0.flush()
    }

    /// More about the step before.
    pub(crate) fn more(&mut self, told: impl Display) -> io::Result<()> {
        self.step("", told)
    }

    /// A line without a name.
    pub(crate) fn line(&mut self, told: impl Display) -> io::Result<()> {
        writeln!(self.0, "{told}")?;
        self.0.flush()
    }
}
