//! A folder for a bug report: versions and terminal, configuration without secrets, screen, log and recording.
//!
//! Everything is collected first, so that the user sees names and sizes before anything is written. Only the recording is
//! not read before: it may be long, and what is added to it in the meantime is left out.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;

use crate::app::BundleContents;
use crate::dump::{hide_secrets, hide_words, rows, svg};
use crate::store::private_dir_builder;
use crate::text::Pseudonyms;

use super::private_file::create_private;
use super::redact::{known_secrets, redacted};
use super::save_path;

/// Name of a new folder.
const NAME: &str = "minchat-tui bundle";

/// Maximum length of the end of the log, in bytes.
const MAX_LOG: u64 = 64 << 10;

/// Number of bytes that are read at once in search of the last line.
const BLOCK: u64 = 64 << 10;

/// What a bundle is made of.
pub(super) struct BundleSources {
    /// Path as the user typed it.
    pub(super) path: Option<String>,
    /// Names that are replaced, and how.
    pub(super) names: Vec<String>,
    pub(super) pseudonyms: Pseudonyms,
    /// The screen, in which names are replaced already.
    pub(super) screen: Buffer,
    /// Versions, and facts about the terminal.
    pub(super) about: String,
    /// The settings in effect.
    pub(super) configuration: String,
    /// The log file.
    pub(super) log: Option<PathBuf>,
    /// The recording, and whether it hides names.
    pub(super) recording: Option<(PathBuf, bool)>,
}

/// A bundle that is not written yet.
pub(super) struct Bundle {
    folder: PathBuf,
    files: Vec<(&'static str, Content)>,
}

/// The content of a file.
enum Content {
    Text(String),
    /// The first bytes of another file, which may be too long for the memory.
    Copy(PathBuf, u64),
}

impl Content {
    /// Returns the length in bytes.
    fn len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Copy(_, length) => *length,
        }
    }

    fn write(&self, file: &mut fs::File) -> io::Result<()> {
        match self {
            Self::Text(text) => file.write_all(text.as_bytes()),
            Self::Copy(path, length) => io::copy(&mut fs::File::open(path)?.take(*length), file).map(|_| ()),
        }
    }
}

impl Bundle {
    /// Collects a bundle. Reads the disk.
    ///
    /// # Errors
    /// A sentence for the user.
    pub(super) fn collect(sources: BundleSources, home: Option<&Path>) -> Result<(Self, BundleContents), String> {
        let BundleSources { path, names, pseudonyms, mut screen, about, configuration, log, recording } = sources;
        let folder = save_path::choose(path.as_deref(), NAME, home)?;
        if folder.exists() {
            return Err(format!("{} already exists. Choose another path.", folder.display()));
        }
        hide_secrets(&mut screen, &known_secrets());
        let hidden = |text: String| hide_words(&redacted(&text), names.iter().map(String::as_str), &pseudonyms);
        let mut files = vec![
            ("about.txt", Content::Text(hidden(about))),
            ("configuration.txt", Content::Text(hidden(configuration))),
            ("screen.txt", Content::Text(rows(&screen).join("\n") + "\n")),
            ("screen.svg", Content::Text(svg(&screen))),
        ];
        if let Some(log) = log {
            let text = end_of(&log).unwrap_or_else(|error| format!("{} cannot be read: {error}\n", log.display()));
            files.push(("log.txt", Content::Text(hidden(text))));
        }
        let mut left_out = None;
        match recording {
            Some((_, false)) if !names.is_empty() => {
                left_out = Some("The recording is left out, because it shows names.".to_owned());
            }
            Some((path, _)) => match whole_lines(&path) {
                Ok(length) => files.push(("recording.ndjson", Content::Copy(path, length))),
                Err(error) => left_out = Some(format!("The recording cannot be read: {error}.")),
            },
            None => {}
        }
        let sizes = files.iter().map(|(name, content)| ((*name).to_owned(), content.len())).collect();
        let contents = BundleContents {
            folder: save_path::shown(&folder, home),
            files: sizes,
            names_hidden: !names.is_empty(),
            left_out,
        };
        Ok((Self { folder, files }, contents))
    }

    /// Returns the folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the folder and its files, which only this user can read.
    ///
    /// # Errors
    /// A sentence for the user. Files that were written stay.
    pub(super) fn write(&self) -> Result<(), String> {
        self.try_write().map_err(|error| save_path::not_written(&self.folder, &error))
    }

    fn try_write(&self) -> io::Result<()> {
        private_dir_builder().create(&self.folder)?;
        for (name, content) in &self.files {
            content.write(&mut create_private(&self.folder.join(name))?)?;
        }
        Ok(())
    }
}

/// Returns the last lines of a file.
fn end_of(path: &Path) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let start = file.metadata()?.len().saturating_sub(MAX_LOG);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(MAX_LOG).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let first = if start == 0 { 0 } else { text.find('\n').map_or(0, |end| end + 1) };
    Ok(text.get(first..).unwrap_or_default().to_owned())
}

/// Returns the length of a file without an incomplete last line: the recording goes on.
fn whole_lines(path: &Path) -> io::Result<u64> {
    let mut file = fs::File::open(path)?;
    let mut end = file.metadata()?.len();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let mut block = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        (&file).take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(folder: &Path) -> BundleSources {
        BundleSources {
            path: Some(folder.join("bundle").display().to_string()),
            names: vec!["Alice Archer".into(), "alice".into()],
            pseudonyms: Pseudonyms::new(1),
            screen: Buffer::with_lines(["a screen"]),
            about: "about Alice".into(),
            configuration: "user alice".into(),
            log: Some(folder.join("log")),
            recording: Some((folder.join("recording"), true)),
        }
    }

    #[test]
    fn bundle_is_collected_before_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("log"), "a line of Alice\n").unwrap();
        fs::write(folder.path().join("recording"), "{}\n{\"cut").unwrap();
        let (bundle, contents) = Bundle::collect(sources(folder.path()), None).unwrap();
        assert!(!folder.path().join("bundle").exists());
        let sizes: Vec<(&str, u64)> = contents.files.iter().map(|(name, size)| (name.as_str(), *size)).collect();
        assert_eq!(sizes.last(), Some(&("recording.ndjson", 3)));
        // What is recorded until the user has decided is not part of it.
        fs::write(folder.path().join("recording"), "{}\n{\"cut\":1}\n{}\n").unwrap();
        bundle.write().unwrap();
        for (name, size) in sizes {
            let content = fs::read_to_string(folder.path().join("bundle").join(name)).unwrap();
            assert_eq!(content.len() as u64, size, "{name}");
            assert!(!content.to_lowercase().contains("alice"), "{name}: {content}");
        }
        assert!(bundle.write().unwrap_err().contains("cannot be written"));
    }

    #[test]
    fn last_line_may_be_longer_than_a_block() {
        let folder = tempfile::tempdir().unwrap();
        let length = |text: &str| {
            let path = folder.path().join("recording");
            fs::write(&path, text).unwrap();
            whole_lines(&path).unwrap()
        };
        let long = "x".repeat(150_000);
        assert_eq!(length(&format!("one\n{long}")), 4);
        assert_eq!(length(&format!("one\n{long}\n")), 150_005);
        assert_eq!((length(&long), length("")), (0, 0));
    }

    #[test]
    fn recording_with_names_is_left_out_of_a_bundle_without() {
        let folder = tempfile::tempdir().unwrap();
        let sources =
            BundleSources { recording: Some((folder.path().join("recording"), false)), ..sources(folder.path()) };
        let (_, contents) = Bundle::collect(sources, None).unwrap();
        assert_eq!(contents.left_out.as_deref(), Some("The recording is left out, because it shows names."));
    }
}
