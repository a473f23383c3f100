//! What can be amiss with a store, as sentences that say what to do. The chat goes on whatever it is.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// What is amiss.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Another client has this store: it is read here and never written.
    #[error(
        "This profile is open in another minchat-tui. Drafts and unsent messages of this one are not kept on disk; \
         close the other one and start again to change that."
    )]
    InUse,
    /// A newer version wrote it.
    #[error(
        "{} was written by a newer minchat-tui. It was left as it is, and nothing is kept on disk. Use the newer \
         version, or move the file away to begin a new one.",
        .0.display()
    )]
    Newer(PathBuf),
    /// It is something else.
    #[error(
        "{} is not a store of minchat-tui. It was left as it is, and nothing is kept on disk. Move it away, or name \
         another folder with --data-dir.",
        .0.display()
    )]
    Foreign(PathBuf),
    /// It is broken.
    #[error(
        "{} is damaged. It was left as it is, and nothing more is kept on disk. Quit, move it and the files beside it \
         away, and start again to begin a new one.",
        .0.display()
    )]
    Corrupt(PathBuf),
    /// The user may not write there.
    #[error(
        "{} may not be written by you, so nothing is kept on disk. Change who owns it, or name another folder with \
         --data-dir.",
        .0.display()
    )]
    Denied(PathBuf),
    /// Nobody can write there.
    #[error("{} cannot be written to, so nothing is kept on disk. Name another folder with --data-dir.", .0.display())]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("The disk is full: messages and drafts are not kept on disk until there is room again. Make some.")]
    Full,
    /// Somebody else holds it.
    #[error("Another program holds {}. What is new is kept on disk when it lets go; close it.", .0.display())]
    Busy(PathBuf),
    /// Anything else that the system said.
    #[error(
        "{} cannot be used ({why}), so nothing is kept on disk for now. Look at the disk, or name another folder with \
         --data-dir.",
        .file.display()
    )]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system said.
        why: String,
    },
    /// It does not do what it should.
    #[error(
        "{} refused a change ({why}), so something of this chat is not kept on disk. Move the file away to begin a new \
         one, and please report this.",
        .file.display()
    )]
    Refused {
        /// The file.
        file: PathBuf,
        /// What it said.
        why: String,
    },
    /// Some of what waits cannot be understood.
    #[error(
        "{0} unsent messages on disk cannot be read by this version. They were left there; a newer one may send them."
    )]
    Unread(usize),
}

impl Problem {
    /// What SQLite's complaint about `file` means.
    pub(super) fn of_sqlite(error: &rusqlite::Error, file: &Path) -> Self {
        let at = || file.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(at()),
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(at()),
            Some(ErrorCode::PermissionDenied) => Self::Denied(at()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(at()),
            _ => Self::Io { file: at(), why: error.to_string() },
        }
    }

    /// What the system's complaint about `path` means.
    pub(super) fn of_system(error: &io::Error, path: &Path) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied(path.to_owned()),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path.to_owned()),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io { file: path.to_owned(), why: error.to_string() },
        }
    }

    /// It may pass by itself, so that it is worth trying again.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Full | Self::Busy(_) | Self::ReadOnly(_) | Self::Io { .. })
    }
}

/// What follows from SQLite's complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is worth trying again.
    Passing(Problem),
    /// The file is not to be touched again.
    Dead(Problem),
    /// The request was at fault, and would be again.
    Senseless,
}

impl Verdict {
    /// What follows from `error`, which `file` gave.
    pub(super) fn of(error: &rusqlite::Error, file: &Path) -> Self {
        match error {
            // Every table is strict and every text is ours: what reads as something else has been damaged.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Dead(Problem::Corrupt(file.to_owned())),
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::ApiMisuse
                | ErrorCode::ParameterOutOfRange
                | ErrorCode::Unknown => Self::Senseless,
                _ => match Problem::of_sqlite(error, file) {
                    problem if problem.may_pass() => Self::Passing(problem),
                    problem => Self::Dead(problem),
                },
            },
            _ => Self::Senseless,
        }
    }

    /// It is worth trying again.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Passing(_))
    }
}
