//! The command `replay`: plays a recording in the terminal, or prints its last screen.

mod asciicast;
mod event_words;
mod playback;
mod window;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ratatui::buffer::Buffer;

use crate::config::quotable_path;
use crate::dump::{digest, rows, svg};
use crate::recording::{EndReason, Recording};
use crate::text::SafeText;

use super::client::is_dumb;
use super::failure::{Failure, print_warning};

use playback::Playback;
pub(super) use playback::painted;

/// What to replay, and how.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The recording.
    pub file: PathBuf,
    /// How many times faster than the recording.
    pub speed: f64,
    /// Whether to wait for a key before each event.
    pub step: bool,
    /// What to print instead of playing.
    pub format: Option<ReplayFormat>,
}

/// What is printed of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayFormat {
    /// The last screen as text.
    Text,
    /// The last screen as a picture.
    Svg,
    /// The whole session, for `asciinema play`.
    Asciicast,
}

/// Plays a recording in the terminal. Without a terminal, or with a format, prints it.
///
/// # Errors
/// A sentence for the user, if the file cannot be replayed, or if its last screen is another one than in the recording.
pub fn replay(replay: &Replay) -> anyhow::Result<ExitCode> {
    let shown = quotable_path(&replay.file);
    let unreadable = |reason: String| Failure::usage(format!("{shown} cannot be replayed: {reason}."));
    let file = File::open(&replay.file).map_err(|error| unreadable(error.to_string()))?;
    let recording = Recording::read(BufReader::new(file)).map_err(|error| unreadable(error.to_string()))?;
    let notes = notes(&recording);
    let expected = recording.end.as_ref().and_then(|end| end.screen.as_ref()).map(|screen| screen.digest.clone());
    let is_damaged = recording.damage.is_some();
    let is_terminal = io::stdout().is_terminal() && io::stdin().is_terminal() && !is_dumb();
    let (screen, was_left) = if replay.format.is_none() && is_terminal {
        let mut playback = Playback::new(recording);
        let was_left = window::play(&mut playback, replay.speed, replay.step)?;
        (playback.compared(), was_left)
    } else {
        match print(recording, replay.format.unwrap_or(ReplayFormat::Text)) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            printed => (printed?, false),
        }
    };
    notes.iter().for_each(|note| print_warning(note));
    let is_other = !was_left && expected.is_some_and(|expected| expected != digest(&screen));
    if is_other {
        let sentence = "The last screen of the replay is another one than in the recording. Please report this.";
        return Err(anyhow::anyhow!(sentence));
    }
    Ok(if is_damaged { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Returns what the user should know about a recording.
fn notes(recording: &Recording) -> Vec<String> {
    let mut notes = Vec::new();
    let program = SafeText::line(&recording.header.program);
    if program.as_str() != env!("CARGO_PKG_VERSION") {
        notes.push(format!("It was recorded with minchat-tui {program}, whose screens may differ from those shown."));
    }
    if let Some(damage) = &recording.damage {
        let reason = SafeText::line(&damage.reason);
        notes.push(format!("Line {} is damaged ({reason}). What precedes it was replayed.", damage.line));
    }
    match recording.end.as_ref().map(|end| end.end) {
        None => notes.push("The recording has no end, because the program was killed.".to_owned()),
        Some(EndReason::Overflow) => notes.push("The recording ended early, because the disk was too slow.".to_owned()),
        Some(EndReason::Unwritable) => {
            notes.push("The recording ended early, at an event that cannot be written as text.".to_owned());
        }
        Some(EndReason::Quit) => {}
    }
    notes
}

/// Prints a recording and returns the screen that is compared with its last one.
fn print(recording: Recording, format: ReplayFormat) -> io::Result<Buffer> {
    let mut out = BufWriter::new(io::stdout().lock());
    let compared = match format {
        ReplayFormat::Asciicast => asciicast::write(recording, &mut out)?,
        ReplayFormat::Text | ReplayFormat::Svg => {
            let mut playback = Playback::new(recording);
            playback.finish();
            if format == ReplayFormat::Svg {
                out.write_all(svg(&playback.screen).as_bytes())?;
            } else {
                rows(&playback.screen).iter().try_for_each(|row| writeln!(out, "{row}"))?;
            }
            playback.compared()
        }
    };
    out.flush()?;
    Ok(compared)
}
