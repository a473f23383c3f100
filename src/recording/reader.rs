//! Reads recordings. A damaged line ends the reading, and what precedes it can be replayed.

use std::io::{self, BufRead};

use serde::Deserialize;
use thiserror::Error;

use super::header::{FORMAT, Header};
use super::line::{End, Entry};

/// A recording that was read.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The first line.
    pub header: Header,
    /// The events in their order.
    pub entries: Vec<Entry>,
    /// The last line, if it is there.
    pub end: Option<End>,
    /// Why the rest was not read.
    pub damage: Option<Damage>,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong, as a clause.
    pub reason: String,
}

/// The reason why a recording cannot be replayed at all.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is something else.
    #[error("it is no recording of minchat-tui")]
    Foreign,
    /// Another version wrote the file.
    #[error(
        "it has version {format} of the format, and this program reads version {FORMAT}. Replay it with minchat-tui \
         {program}, which recorded it"
    )]
    Version {
        /// Version of the format.
        format: u32,
        /// Version of the program.
        program: String,
    },
    /// The first line is damaged.
    #[error("line 1 is damaged: {0}")]
    Header(String),
}

/// The part of the header that every version has.
#[derive(Deserialize)]
struct Version {
    minchat_tui_recording: u32,
    #[serde(default)]
    program: String,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// The file cannot be read, is something else, or has another version.
    pub fn read(mut file: impl BufRead) -> Result<Self, RecordingError> {
        let mut line = Vec::new();
        file.read_until(b'\n', &mut line)?;
        let version: Version = serde_json::from_slice(&line).map_err(|error| {
            let is_ours = line.starts_with(b"{\"minchat_tui_recording\":");
            if is_ours { RecordingError::Header(error.to_string()) } else { RecordingError::Foreign }
        })?;
        if version.minchat_tui_recording != FORMAT {
            let Version { minchat_tui_recording: format, program } = version;
            return Err(RecordingError::Version { format, program });
        }
        let header = serde_json::from_slice(&line).map_err(|error| RecordingError::Header(error.to_string()))?;
        let mut recording = Self { header, entries: Vec::new(), end: None, damage: None };
        for number in 2.. {
            line.clear();
            if file.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if let Err(reason) = recording.add(&line) {
                recording.damage = Some(Damage { line: number, reason });
                break;
            }
        }
        Ok(recording)
    }

    fn add(&mut self, line: &[u8]) -> Result<(), String> {
        if self.end.is_some() {
            return Err("something follows the end".to_owned());
        }
        if !line.ends_with(b"\n") {
            return Err("it is cut off".to_owned());
        }
        match serde_json::from_slice(line) {
            Ok(entry) => self.entries.push(entry),
            Err(error) => {
                let end = serde_json::from_slice(line).map_err(|_| error.to_string())?;
                self.end = Some(end);
            }
        }
        Ok(())
    }
}
