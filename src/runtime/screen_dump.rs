//! Writes the screen to a file, as text, as a picture or as an asciicast.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;

use crate::domain::Timestamp;
use crate::dump::{asciicast_header, asciicast_output, hide_secrets, rows, svg};

use super::redact::known_secrets;
use super::save_path;
use super::screen::Screen;
use super::temporary_file::TEMPORARY_FILES;

/// Name of a new file.
const NAME: &str = "minchat-tui screen.svg";

/// Form of a screen in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScreenFormat {
    Text,
    Svg,
    Asciicast,
}

impl ScreenFormat {
    /// Returns the format that belongs to the extension of a path.
    fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "txt" => Some(Self::Text),
            "svg" => Some(Self::Svg),
            "cast" => Some(Self::Asciicast),
            _ => None,
        }
    }

    /// Returns a screen in this format.
    pub(super) fn render(self, screen: &Buffer, now: Timestamp) -> io::Result<String> {
        match self {
            Self::Text => Ok(rows(screen).join("\n") + "\n"),
            Self::Svg => Ok(svg(screen)),
            Self::Asciicast => {
                let header = asciicast_header((screen.area.width, screen.area.height), now.0 / 1_000);
                Ok(header + &asciicast_output(0, &written(screen)?))
            }
        }
    }
}

/// Returns what has to be written to a terminal to show a screen.
fn written(screen: &Buffer) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Screen::new(&mut bytes).draw_page(screen.area, |_, buffer| {
        buffer.clone_from(screen);
        None
    })?;
    Ok(bytes)
}

/// Writes a screen without secrets to a new file that only this user can read, and returns its path. Reads and writes
/// the disk.
///
/// # Errors
/// A sentence for the user. A file that exists is not replaced.
pub(super) fn save(
    mut screen: Buffer,
    typed: Option<&str>,
    now: Timestamp,
    home: Option<&Path>,
) -> Result<PathBuf, String> {
    let path = save_path::choose(typed, NAME, home)?;
    let Some(format) = ScreenFormat::of_path(&path) else {
        return Err(
            "The screen can be saved as .txt, .svg or .cast. Choose a path with one of these endings.".to_owned()
        );
    };
    if path.exists() {
        return Err(format!("{} already exists. Choose another path.", path.display()));
    }
    hide_secrets(&mut screen, &known_secrets());
    let write = || {
        let mut file = TEMPORARY_FILES.create(".screen-", &save_path::folder_of(&path))?;
        file.write_all(format.render(&screen, now)?.as_bytes())?;
        save_path::persist_new(file, &path)
    };
    write().map_err(|error| save_path::not_written(&path, &error))
}
