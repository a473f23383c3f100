//! A program that has the terminal while the event loop goes on without it: the user's editor, or the questions about a
//! new profile.

use std::future::pending;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tokio::sync::oneshot;

use crate::app::{EditRequest, Event, Profile, SuggestedService};
use crate::domain::AccountId;

use super::device::terminal;
pub(super) use super::editor::open_draft;
use super::editor::{Editor, describe};
use super::failure::print_warning;

/// Exit code of `config add` if the user has left the questions. Errors have other ones.
pub const UNANSWERED: u8 = 4;

/// Time that the program gets to end when this one ends.
const GRACE: Duration = Duration::from_secs(1);

/// Stack size of the thread that waits for the program, in bytes.
const STACK_SIZE: usize = 128 << 10;

/// A program that is to get the terminal, or has it.
pub(super) struct Guest {
    task: Task,
    running: Option<Running>,
}

enum Task {
    Edit(Editor),
    /// Ask about a new profile with this name, in another process of this program.
    AddProfile {
        name: String,
        config: Option<PathBuf>,
        /// Service and address to suggest.
        suggested: SuggestedService,
    },
}

struct Running {
    child: Child,
    ended: oneshot::Receiver<()>,
}

impl Guest {
    /// Prepares the user's editor for a draft.
    ///
    /// # Errors
    /// A sentence for the user.
    pub(super) fn edit(account: AccountId, request: EditRequest) -> Result<Self, String> {
        Editor::prepare(account, request).map(|editor| Self { task: Task::Edit(editor), running: None })
    }

    /// Prepares the questions about a new profile, which is added to this configuration file. The service and the address
    /// of `shown` are suggested.
    pub(super) fn add_profile(name: String, config: Option<PathBuf>, shown: &Profile) -> Result<Self, String> {
        let suggested = SuggestedService { backend: shown.backend, url: Some(shown.url.clone()) };
        Ok(Self { task: Task::AddProfile { name, config, suggested }, running: None })
    }

    /// Starts the program in the terminal, which must have been given up. An editor does not inherit
    /// `secret_variables`.
    ///
    /// # Errors
    /// A sentence for the user.
    pub(super) fn start(&mut self, secret_variables: &[String]) -> Result<(), String> {
        let command = match &self.task {
            Task::Edit(editor) => Ok(editor.command(secret_variables)),
            Task::AddProfile { name, config, suggested } => questions(name, config.as_ref(), suggested),
        };
        let running = command.and_then(Running::start).map_err(|error| match &self.task {
            Task::Edit(editor) => editor.not_started(&error),
            Task::AddProfile { .. } => format!("The questions cannot be asked: {error}. Try again."),
        })?;
        self.running = Some(running);
        Ok(())
    }

    /// Waits until the program has ended. Cancel safe.
    pub(super) async fn ended(guest: &mut Option<Self>) {
        match guest.as_mut().and_then(|guest| guest.running.as_mut()) {
            Some(running) => drop((&mut running.ended).await),
            None => pending().await,
        }
    }

    /// Returns the events about a program that has ended; none if the user has left the questions.
    pub(super) fn finish(mut self) -> Vec<Event> {
        let status = self.running.as_mut().map(|running| running.child.wait());
        match self.task {
            Task::Edit(editor) => editor.finish(status),
            Task::AddProfile { name, .. } => match status {
                Some(Ok(status)) if status.success() => vec![Event::ProfileAdded(name)],
                Some(Ok(status)) if status.code() == Some(UNANSWERED.into()) => Vec::new(),
                Some(Ok(status)) => vec![not_added(&name, &describe(status))],
                Some(Err(error)) => vec![not_added(&name, &error.to_string())],
                None => Vec::new(),
            },
        }
    }

    /// Ends the program because this one ends. Returns what was saved in an editor. With `saves_files`, other files of
    /// the editor are saved as well.
    pub(super) async fn end(mut self, saves_files: bool) -> Option<Event> {
        if let Some(running) = &mut self.running {
            // Editors react to this signal by saving what they can and giving the terminal back.
            let _ = kill_process(Pid::from_child(&running.child), Signal::HUP);
            if tokio::time::timeout(GRACE, &mut running.ended).await.is_err() {
                let _ = running.child.kill();
            }
            let _ = running.child.wait();
        }
        match self.task {
            Task::Edit(editor) => {
                let (edited, problem) = editor.end(saves_files);
                // Nothing is drawn any more, and the program has left the terminal as it was.
                problem.iter().for_each(|sentence| print_warning(sentence));
                Some(edited)
            }
            Task::AddProfile { .. } => None,
        }
    }
}

impl Running {
    fn start(mut command: Command) -> io::Result<Self> {
        let mut child = command.stdin(terminal()?).spawn()?;
        let (sender, ended) = oneshot::channel();
        let id = Pid::from_child(&child);
        // The thread does not reap the program, so that its id stays valid for signals.
        let wait = move || {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(waitid(WaitId::Pid(id), options), Err(rustix::io::Errno::INTR)) {}
            let _ = sender.send(());
        };
        if let Err(error) = thread::Builder::new().name("guest".to_owned()).stack_size(STACK_SIZE).spawn(wait) {
            // Nobody would notice its end, and it would read the keys.
            let _ = child.kill();
            let _ = child.wait();
            return Err(error);
        }
        Ok(Self { child, ended })
    }
}

fn not_added(name: &str, reason: &str) -> Event {
    let sentence = format!(
        "The questions ended with {reason}. Run `minchat-tui config add {name}` in another terminal, which says why."
    );
    Event::Notice(sentence)
}

fn questions(name: &str, config: Option<&PathBuf>, suggested: &SuggestedService) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["config", "add", name, "--backend", suggested.backend.name()]);
    command.args(suggested.url.iter().flat_map(|url| ["--url", url]));
    if let Some(file) = config {
        command.arg("--config").arg(file);
    }
    Ok(command)
}
