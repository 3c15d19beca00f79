//! What a process has used of the machine, as Linux counts it.

use std::path::PathBuf;

use crate::Error;

/// Linux counts a process's time in hundredths of a second, whatever its own clock ticks at (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// Where the user's and the system's time stand in `/proc/<pid>/stat`, counted from after the name, which may hold blanks.
const USER_AND_SYSTEM_TIME: [usize; 2] = [11, 12];

/// Reads what one process has used so far.
pub struct Usage {
    folder: PathBuf,
}

impl Usage {
    /// Of the process with this id.
    #[must_use]
    pub fn of(process_id: u32) -> Self {
        Self { folder: PathBuf::from(format!("/proc/{process_id}")) }
    }

    /// The memory that it has in use, in MiB.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn resident_mib(&self) -> Result<f64, Error> {
        self.memory_mib("VmRSS:")
    }

    /// The most memory that it ever had in use, in MiB.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn peak_mib(&self) -> Result<f64, Error> {
        self.memory_mib("VmHWM:")
    }

    /// For how long it has kept a core busy, in seconds; two busy cores count twice.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn core_seconds(&self) -> Result<f64, Error> {
        let stat = std::fs::read_to_string(self.folder.join("stat"))?;
        let (_, after_name) = stat.rsplit_once(") ").ok_or("no name in stat")?;
        let fields: Vec<&str> = after_name.split(' ').collect();
        let mut ticks = 0.0;
        for place in USER_AND_SYSTEM_TIME {
            ticks += fields.get(place).ok_or("no time in stat")?.parse::<f64>()?;
        }
        Ok(ticks / TICKS_PER_SECOND)
    }

    fn memory_mib(&self, name: &str) -> Result<f64, Error> {
        let status = std::fs::read_to_string(self.folder.join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or_else(|| format!("no {name}"))?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1_024.0)
    }
}
