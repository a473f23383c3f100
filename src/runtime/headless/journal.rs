//! What `send` has on disk: for each key, whether the message may have been sent, and whether the service has it.
//!
//! The journal is a folder beside the store of the account, with one small file for each message. A file is a sequence
//! of lines; only the last one counts. A line is written before the request leaves the program, so that a run which is
//! killed at any moment leaves behind what the next one has to know. The file is locked while a command works on it:
//! two commands with the same key run one after the other. No file contains the text of a message.
//!
//! The outbox of the store is not used: another client would send what it finds there, at any time after the command has
//! failed. A script has to know that nobody else sends its message.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::{DAY, LocalId, Timestamp};
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::failure::Failure;
use crate::store::create_private_dir;

/// Time after which a message is forgotten, in milliseconds. A command that is repeated later sends it again.
const RETENTION: i64 = 30 * DAY;

/// What is known about a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It was certainly not sent.
    Unsent,
    /// It may have been sent.
    Attempted {
        /// When it was sent first, in milliseconds since 1970.
        first: i64,
        /// Until when it may have been on its way. The service may still be processing it for a while.
        last: i64,
    },
    /// The service has it.
    Accepted {
        /// Id of the message, if the service told it.
        id: Option<String>,
        /// Id of the room.
        room: String,
    },
}

impl State {
    /// Returns the state at the start of the command. Nobody knows how long the request of a killed one was on its way.
    pub(super) fn resumed(self, now: Timestamp) -> Self {
        if matches!(self, Self::Attempted { .. }) { self.attempted(now) } else { self }
    }

    /// Returns the state once the message has been sent, again or for the first time.
    pub(super) fn attempted(&self, now: Timestamp) -> Self {
        let first = match self {
            Self::Attempted { first, .. } => *first,
            Self::Unsent | Self::Accepted { .. } => now.0,
        };
        Self::Attempted { first, last: now.0 }
    }
}

/// A line of a file.
#[derive(Serialize, Deserialize)]
struct Line {
    /// Digest of room and content: a key must not stand for two messages.
    digest: String,
    state: State,
}

/// The file of one message.
pub(super) struct Journal {
    file: File,
    digest: String,
}

impl Journal {
    /// Opens the file of a message in a folder, and returns what is known about it. Waits for any other command with
    /// the same key.
    ///
    /// # Errors
    /// A sentence for the user: the file cannot be written, or the key was used for another message.
    pub(super) fn open(folder: &Path, local: LocalId, message: &[&str]) -> Result<(Self, State), Failure> {
        let path = folder.join(local.to_string());
        let failed = |error: io::Error| {
            let sentence =
                format!("{} cannot be written: {error}. Free some space, or check --data-dir.", path.display());
            Failure::usage(sentence)
        };
        create_private_dir(folder).map_err(failed)?;
        forget_old(folder);
        let mut file = private_file(&path).map_err(failed)?;
        file.lock().map_err(failed)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        // The last line may be incomplete if the program was killed while it wrote it.
        let last = text.lines().rev().find_map(|line| serde_json::from_str::<Line>(line).ok());
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(failed)?;
        }
        let digest = hex(&digest(message));
        match last {
            Some(line) if line.digest != digest => Err(Failure::usage(
                "This --id was used for another message or room. Use a key of its own for each message.",
            )),
            last => Ok((Self { file, digest }, last.map_or(State::Unsent, |line| line.state))),
        }
    }

    /// Records what is known now.
    pub(super) fn record(&mut self, state: &State) -> io::Result<()> {
        let line = Line { digest: self.digest.clone(), state: state.clone() };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        // In one piece, which a killed program has either written or not.
        self.file.write_all(&bytes)?;
        self.file.sync_data()
    }
}

/// Returns the id of the send for a key. It is the same at every run and differs between accounts.
pub(super) fn local_id(account: &[&str], key: &str) -> LocalId {
    let bytes = digest(&[account, &[key]].concat());
    let mut bits = [0; 16];
    bits.copy_from_slice(&bytes[..16]);
    LocalId::from_random(u128::from_be_bytes(bits))
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Removes the files of messages that nobody repeats any more. What cannot be removed is tried again next time.
fn forget_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let now = SystemClock.now();
    for entry in entries.flatten() {
        let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let modified = modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
        let modified = modified.and_then(|modified| i64::try_from(modified.as_millis()).ok());
        if modified.is_some_and(|modified| now - Timestamp(modified) > RETENTION) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(all(test, target_os = "linux"))]
impl Journal {
    /// Returns a journal on a disk without space.
    pub(super) fn full() -> io::Result<Self> {
        Ok(Self { file: OpenOptions::new().write(true).open("/dev/full")?, digest: String::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_run_learns_what_the_last_one_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let local = local_id(&["minchat", "http://x", "alice"], "deploy-7");
        let open = |message: &[&str]| Journal::open(folder.path(), local, message);
        let (mut journal, state) = open(&["general", "done"]).unwrap();
        assert_eq!(state, State::Unsent);
        let state = state.attempted(Timestamp(5));
        journal.record(&state).unwrap();
        journal.record(&state.attempted(Timestamp(9))).unwrap();
        drop(journal);
        let (mut journal, state) = open(&["general", "done"]).unwrap();
        assert_eq!(state, State::Attempted { first: 5, last: 9 });
        let accepted = State::Accepted { id: Some("m".to_owned()), room: "r".to_owned() };
        journal.record(&accepted).unwrap();
        drop(journal);
        assert_eq!(open(&["general", "done"]).unwrap().1, accepted);
        assert!(open(&["general", "undone"]).is_err(), "one key for two messages");
    }

    /// Regression test: after an upload of a minute, the service had no time to finish it before it was sent again.
    #[test]
    fn attempt_of_an_earlier_run_may_have_ended_just_now() {
        let attempted = State::Unsent.attempted(Timestamp(5));
        assert_eq!(attempted.resumed(Timestamp(60_000)), State::Attempted { first: 5, last: 60_000 });
        assert_eq!(State::Unsent.resumed(Timestamp(60_000)), State::Unsent);
    }

    /// The program may be killed while it writes a line.
    #[test]
    fn incomplete_line_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let local = local_id(&[], "k");
        let (mut journal, state) = Journal::open(folder.path(), local, &[]).unwrap();
        journal.record(&state.attempted(Timestamp(5))).unwrap();
        journal.file.write_all(b"{\"digest\":").unwrap();
        drop(journal);
        let (mut journal, state) = Journal::open(folder.path(), local, &[]).unwrap();
        assert_eq!(state, State::Attempted { first: 5, last: 5 });
        journal.record(&State::Unsent).unwrap();
        drop(journal);
        assert_eq!(Journal::open(folder.path(), local, &[]).unwrap().1, State::Unsent);
    }

    #[test]
    fn accounts_have_different_ids_for_the_same_key() {
        assert_eq!(local_id(&["a", "b"], "k"), local_id(&["a", "b"], "k"));
        assert_ne!(local_id(&["a", "b"], "k"), local_id(&["a", "c"], "k"));
        assert_ne!(local_id(&["ab", ""], "k"), local_id(&["a", "b"], "k"));
    }
}
