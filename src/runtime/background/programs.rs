//! Programs that run beside this one: for links, calls, notifications and the buffer of tmux.
//!
//! A thread waits for each of them.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::{Event, NotificationFacts};
use crate::domain::CallAccess;
use crate::runtime::notification_command;
use crate::runtime::programs::{run_with_input, start};

use super::Background;

/// Time after which tmux is given up.
const COPY_TIMEOUT: Duration = Duration::from_secs(10);

/// Time after which a program that fails has opened its link.
const LINK_TIMEOUT: Duration = Duration::from_secs(3);

/// Stack size of a thread that only waits for a program to end, in bytes.
const STACK_SIZE: usize = 128 << 10;

/// A text on its way to the buffer of tmux. The program that copies it runs once at a time, with the newest text, so that
/// this one is there in the end.
#[derive(Default)]
pub(super) struct TmuxCopy {
    text: Mutex<Option<String>>,
    turn: Mutex<()>,
}

impl Background {
    /// Starts the program for notifications and passes it the facts. While several of them run, others are left out.
    pub(in crate::runtime) fn notify(&mut self, argv: Vec<String>, facts: Box<NotificationFacts>) {
        let Ok(slot) = Arc::clone(&self.hooks).try_acquire_owned() else {
            if !std::mem::replace(&mut self.has_skipped_hook, true) {
                let sentence = "notify_command is slow, so notifications are left out. It is ended after a minute.";
                self.results.post(Event::Notice(sentence.to_owned()));
            }
            return;
        };
        let results = self.results.sender();
        let secret_variables = self.secret_variables.clone();
        let run = move || {
            if let Err(error) = notification_command::run(&argv, &secret_variables, &facts) {
                let name = argv.first().map_or("", String::as_str);
                let advice = "Correct notify_command.";
                let _ = results.blocking_send(Event::Notice(format!("{name} could not be started: {error}. {advice}")));
            }
            drop(slot);
        };
        let started = thread::Builder::new().name("notify".to_owned()).stack_size(STACK_SIZE).spawn(run);
        if let Err(error) = started {
            tracing::warn!(%error, "notify_command was not started");
        }
    }

    /// Copies a text to the buffer of tmux, if the program runs in it. By default, tmux ignores the sequence with which
    /// programs copy (OSC 52). With `-w`, its command passes the text on to the terminal; that needs tmux 3.2.
    pub(in crate::runtime) fn copy_to_tmux(&self, text: String) {
        if std::env::var_os("TMUX").is_none_or(|socket| socket.is_empty()) {
            return;
        }
        let argv = ["tmux", "load-buffer", "-w", "-"].map(str::to_owned);
        let secret_variables = self.secret_variables.clone();
        if self.copy.text.lock().unwrap_or_else(PoisonError::into_inner).replace(text).is_some() {
            return; // A thread waits already, for a tmux that hangs.
        }
        let copy = Arc::clone(&self.copy);
        let run = move || {
            let _turn = copy.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(text) = copy.text.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
            if let Err(error) = run_with_input(&argv, &secret_variables, text, COPY_TIMEOUT) {
                tracing::warn!(%error, "the text was not copied to tmux");
            }
        };
        let started = thread::Builder::new().name("copy".to_owned()).stack_size(STACK_SIZE).spawn(run);
        if let Err(error) = started {
            self.copy.text.lock().unwrap_or_else(PoisonError::into_inner).take();
            tracing::warn!(%error, "the text was not copied to tmux");
        }
    }

    /// Starts a program that outlives this one. A failure becomes a notice.
    pub(in crate::runtime) fn spawn(&mut self, argv: Vec<String>, access: Option<CallAccess>) {
        self.start_program(argv, access, Event::Notice);
    }

    /// Starts a program that opens a link. It does not open it if it ends with a failure at once; a browser that ends
    /// like that later has shown the page.
    pub(in crate::runtime) fn open_link(&mut self, argv: Vec<String>, address: String) {
        let started = Instant::now();
        self.start_program(argv, None, move |reason| match started.elapsed() < LINK_TIMEOUT {
            true => Event::LinkNotOpened(address, reason),
            false => Event::Notice(reason),
        });
    }

    fn start_program(
        &mut self,
        argv: Vec<String>,
        access: Option<CallAccess>,
        report: impl FnOnce(String) -> Event + Send + 'static,
    ) {
        let results = self.results.sender();
        let name = argv.first().cloned().unwrap_or_default();
        let program = name.clone();
        let secret_variables = self.secret_variables.clone();
        // The thread waits for the program, because an ended process remains a zombie until its parent waits for it.
        let started = thread::Builder::new().name("background".to_owned()).stack_size(STACK_SIZE).spawn(move || {
            let failed = match start(&argv, access, &secret_variables, Stdio::null()) {
                Ok(mut child) => match child.wait() {
                    Ok(status) if !status.success() => {
                        Some(format!("{name} ended with {status}. Run it in a shell to see its errors."))
                    }
                    Ok(_) | Err(_) => None,
                },
                Err(error) => Some(format!(
                    "{name} could not be started: {error}. \
                     Install it, or set open_command or call_command to another program."
                )),
            };
            if let Some(sentence) = failed {
                let _ = results.blocking_send(report(sentence));
            }
        });
        if let Err(error) = started {
            self.results.post(Event::Notice(format!("{program} could not be started: {error}. Try again.")));
        }
    }
}
