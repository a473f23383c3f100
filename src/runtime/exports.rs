//! Files of exported rooms.
//!
//! A room is collected from its newest message back to its first, but a file begins with the first. The messages are
//! therefore kept in a nameless file in the same folder, which disappears with the program whatever ends it. Once the
//! collection is complete, they are written in their order to a temporary file, which then gets its name. Until that
//! moment nothing can be seen in the folder, and an existing file is never damaged.

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use crate::app::{ExportReply, ExportStep, ExportTarget};
use crate::config::Paths;
use crate::domain::Amendments;
use crate::export::{self, ExportFormat, ExportHeader, ExportedMessage};
use crate::runtime::spool::Spool;

use super::save_path;
use super::temporary_file::TEMPORARY_FILES;

/// Carries out the steps of one export, in order, on a thread of its own.
pub(super) struct Exporter {
    steps: mpsc::Sender<ExportStep>,
}

impl Exporter {
    /// Starts a thread. `reply` receives the reply to each step and may block.
    pub(super) fn start(reply: impl Fn(ExportReply) + Send + 'static) -> io::Result<Self> {
        let (sender, steps) = mpsc::channel();
        thread::Builder::new().name("export".to_owned()).spawn(move || {
            let mut work = Work::default();
            for step in steps {
                reply(work.carry_out(step));
            }
        })?;
        Ok(Self { steps: sender })
    }

    /// Queues a step. At most one is in progress, because the program waits for its reply.
    pub(super) fn send(&self, step: ExportStep) {
        let _ = self.steps.send(step);
    }
}

/// The state of an export.
#[derive(Default)]
struct Work {
    file: Option<Output>,
}

/// A file that is being prepared.
struct Output {
    path: PathBuf,
    /// Whether to replace a file with this path.
    replaces: bool,
    format: ExportFormat,
    spool: Spool<ExportedMessage>,
}

impl Work {
    fn carry_out(&mut self, step: ExportStep) -> ExportReply {
        match step {
            ExportStep::Open(target) => self.open(&target, Paths::of_user().home.as_deref()),
            ExportStep::Append(messages) => {
                let Some(output) = &mut self.file else { return ExportReply::Failed("Start it again.".to_owned()) };
                match output.spool.append(&messages) {
                    Ok(()) => ExportReply::Appended,
                    Err(error) => ExportReply::Failed(save_path::not_written(&output.path, &error)),
                }
            }
            ExportStep::Finish(header, amendments) => {
                let Some(output) = self.file.take() else { return ExportReply::Failed("Start it again.".to_owned()) };
                let path = output.path.clone();
                output
                    .finish(&header, &amendments)
                    .unwrap_or_else(|error| ExportReply::Failed(save_path::not_written(&path, &error)))
            }
        }
    }

    /// Chooses the path and creates the nameless file.
    fn open(&mut self, target: &ExportTarget, home: Option<&Path>) -> ExportReply {
        let name = format!("{}.{}", target.name, target.format.extension());
        let path = match save_path::choose(target.path.as_deref(), &name, home) {
            Ok(path) => path,
            Err(sentence) => return ExportReply::Failed(sentence),
        };
        if target.path.is_some() && !target.replaces && path.exists() {
            return ExportReply::Exists(path.display().to_string());
        }
        match Spool::new(&save_path::folder_of(&path)) {
            Ok(spool) => {
                let replaces = target.replaces;
                self.file = Some(Output { path, replaces, format: target.format, spool });
                ExportReply::Opened
            }
            Err(error) => ExportReply::Failed(save_path::not_written(&path, &error)),
        }
    }
}

impl Output {
    /// Writes the messages in their order and gives the file its name.
    fn finish(mut self, header: &ExportHeader, amendments: &Amendments) -> io::Result<ExportReply> {
        let file = TEMPORARY_FILES.create(".export-", &save_path::folder_of(&self.path))?;
        let mut writer = BufWriter::new(file);
        let amended =
            |message: io::Result<ExportedMessage>| message.map(|message| message.amended(amendments)).transpose();
        export::write_room(&mut writer, self.format, header, self.spool.items().filter_map(amended))?;
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        let path = if self.replaces {
            file.persist(&self.path).map_err(|error| error.error)?;
            self.path
        } else {
            save_path::persist_new(file, &self.path)?
        };
        Ok(ExportReply::Finished(path.display().to_string()))
    }
}
