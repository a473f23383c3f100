//! Problems with a store, as sentences that say what happened and what to do. None of them stops the chat.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::text::{StaticStr, static_str};

use super::private_file::PrivateFileError;

/// A problem with a store, as the user sees it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Problem {
    /// Another client has locked this store; it is read and never written.
    #[error(
        "This profile is open in another minchat-tui, so drafts and unsent messages of this session are not saved. \
         Close the other one and restart."
    )]
    InUse,
    /// Another client has locked this store. It is read, and what the user writes is kept in a side store.
    #[error(
        "This profile is open in another minchat-tui. Drafts and unsent messages of this window are kept apart from \
         those of the other one."
    )]
    SecondClient,
    /// A newer version wrote the file.
    #[error(
        "{} was written by a newer minchat-tui. The file is unchanged, and nothing is saved. Upgrade, or move the file \
         away to start a new one.",
        .0.display()
    )]
    Newer(PathBuf),
    /// The file is something else.
    #[error(
        "{} is not a minchat-tui database. The file is unchanged, and nothing is saved. Move it away, or choose \
         another folder with --data-dir.",
        .0.display()
    )]
    NotAStore(PathBuf),
    /// The file is damaged.
    #[error(
        "{} is damaged, so it is not written to and nothing is saved. Quit, move it and the files next to it away, \
         and restart to begin a new one.",
        .0.display()
    )]
    Corrupt(PathBuf),
    /// The user has no permission to write the file or folder.
    #[error(
        "You have no permission to write {}, so nothing is saved. Change its owner or mode, or choose another folder \
         with --data-dir.",
        .0.display()
    )]
    Denied(PathBuf),
    /// The path was prepared by somebody else, or leads elsewhere.
    #[error(
        "{} is not used because {why}, and nothing is saved. Move it away, or choose another folder with --data-dir.",
        .file.display()
    )]
    Refused {
        /// The path.
        file: PathBuf,
        /// The reason.
        #[serde(deserialize_with = "static_str")]
        why: StaticStr,
    },
    /// The file system is read-only.
    #[error("{} is read-only, so nothing is saved. Choose another folder with --data-dir.", .0.display())]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("The disk is full, so messages and drafts are not saved. Free some space; saving then resumes by itself.")]
    Full,
    /// Another program has locked the database.
    #[error(
        "Another program has locked {}, so nothing is saved for now. Close it; saving then resumes by itself.",
        .0.display()
    )]
    Busy(PathBuf),
    /// Any other error of the operating system.
    #[error(
        "{} cannot be used ({why}), so nothing is saved for now. Check the disk, or choose another folder with \
         --data-dir.",
        .file.display()
    )]
    Io {
        /// The file.
        file: PathBuf,
        /// The message of the operating system.
        why: String,
    },
    /// The database rejected a write that should be valid.
    #[error(
        "{} rejected a change ({why}), so some changes are not saved. Please report this. Moving the file away \
         starts a new one.",
        .file.display()
    )]
    Rejected {
        /// The file.
        file: PathBuf,
        /// The message of the database.
        why: String,
    },
    /// This many outbox entries cannot be read.
    #[error(
        "{} on disk cannot be read by this version. Upgrade to send {}.",
        match .0 { 1 => "1 unsent message".to_owned(), count => format!("{count} unsent messages") },
        if *.0 == 1 { "it" } else { "them" }
    )]
    UnreadableEntries(usize),
}

impl Problem {
    /// The problem behind an error of SQLite about `file`.
    pub(super) fn from_sqlite(error: &rusqlite::Error, file: &Path) -> Self {
        let file = || file.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            // Our statements never compute for so long, unless the file is not what it should be.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::OperationInterrupted) => {
                Self::Corrupt(file())
            }
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(file()),
            Some(ErrorCode::PermissionDenied) => Self::Denied(file()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(file()),
            _ => Self::Io { file: file(), why: error.to_string() },
        }
    }

    /// The problem behind an error of the operating system about `path`.
    pub(super) fn from_io(error: &io::Error, path: &Path) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied(path.to_owned()),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path.to_owned()),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io { file: path.to_owned(), why: error.to_string() },
        }
    }

    /// The problem behind a file that was not opened.
    pub(super) fn from_private_file(error: &PrivateFileError, file: &Path) -> Self {
        match error {
            PrivateFileError::Refused(why) => Self::Refused { file: file.to_owned(), why },
            PrivateFileError::Io(error) => Self::from_io(error, file),
        }
    }

    /// Whether the problem may pass by itself, so that a retry makes sense.
    pub(super) fn is_temporary(&self) -> bool {
        matches!(self, Self::Full | Self::Busy(_) | Self::ReadOnly(_) | Self::Io { .. })
    }
}

/// Class of a SQLite error, which decides how the store goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ErrorClass {
    /// A retry may succeed.
    Temporary(Problem),
    /// The file must not be touched again.
    Fatal(Problem),
    /// This request is at fault and would fail again; others may succeed.
    Rejected,
}

impl ErrorClass {
    /// Classifies an error about `file`.
    pub(super) fn of(error: &rusqlite::Error, file: &Path) -> Self {
        match error {
            // All tables are strict and only this program writes them, so a value of another type means damage.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Fatal(Problem::Corrupt(file.to_owned())),
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::ApiMisuse
                | ErrorCode::ParameterOutOfRange
                | ErrorCode::Unknown => Self::Rejected,
                _ => match Problem::from_sqlite(error, file) {
                    problem if problem.is_temporary() => Self::Temporary(problem),
                    problem => Self::Fatal(problem),
                },
            },
            _ => Self::Rejected,
        }
    }

    /// Classifies an error while reading `file`. A value that is too large was not written by this program.
    pub(super) fn of_read(error: &rusqlite::Error, file: &Path) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::TooBig) => Self::Fatal(Problem::Corrupt(file.to_owned())),
            _ => Self::of(error, file),
        }
    }

    /// Whether a retry makes sense.
    pub(super) fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary(_))
    }
}
