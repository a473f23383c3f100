//! The event loop while another program has the terminal, such as an editor: events of the network and the store are
//! handled as always.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

use crate::app::{EditRequest, Event};
use crate::domain::AccountId;
use crate::runtime::clock::Clock;
use crate::runtime::guest::Guest;

use super::{Display, EventLoop, Flow, Server};

/// Time for which a signal to a program that had the terminal may be on its way after that program has ended.
pub(in crate::runtime) const LATE: Duration = Duration::from_millis(200);

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Stops this process together with the program that has the terminal, which stops itself.
    pub(super) fn suspend_with_guest(&mut self) -> io::Result<Flow> {
        if !self.display.can_suspend() {
            return Ok(Flow::Continue);
        }
        let flow = self.perform_deferred()?;
        self.display.stop()?;
        Ok(flow)
    }

    /// Opens a text in the user's editor.
    pub(super) fn edit(&mut self, account: AccountId, request: EditRequest) -> io::Result<Flow> {
        self.lend_to(Guest::edit(account, request))
    }

    /// Asks about a new profile with this name.
    pub(super) fn add_profile(&mut self, name: String) -> io::Result<Flow> {
        let config = self.profiles.config_file();
        let shown = &self.state.account().profile;
        self.lend_to(config.and_then(|file| Guest::add_profile(name, file, shown)))
    }

    /// Lends the terminal to a program until it ends.
    fn lend_to(&mut self, guest: Result<Guest, String>) -> io::Result<Flow> {
        let mut guest = match guest {
            // Keys of the control socket may come before it has started.
            Ok(_) if self.guest.is_some() => {
                return self.on_event(Event::Notice("Another program has the terminal. Close it first.".to_owned()));
            }
            Ok(guest) => guest,
            Err(sentence) => return self.on_event(Event::Notice(sentence)),
        };
        self.display.lend()?;
        match guest.start(&self.secret_variables) {
            Ok(()) => {
                self.guest = Some(guest);
                Ok(Flow::Continue)
            }
            Err(sentence) => {
                self.display.take_back()?;
                self.on_event(Event::Notice(sentence))
            }
        }
    }

    /// Takes the terminal back, and what the program leaves.
    pub(super) fn on_guest_ended(&mut self) -> io::Result<Flow> {
        let Some(guest) = self.guest.take() else { return Ok(Flow::Continue) };
        self.guest_ended = Some(Instant::now());
        self.display.take_back()?;
        self.pacer.touch_now();
        let mut flow = Flow::Continue;
        for event in guest.finish() {
            flow = flow.or(self.on_event(event)?);
        }
        Ok(flow.or(self.measure()?))
    }

    /// Whether an interrupt that arrives now may have been meant for a program that has just ended. Signals and the end
    /// of a program arrive on different ways, in any order.
    pub(super) fn is_late_for_guest(&self) -> bool {
        self.guest_ended.is_some_and(|ended| ended.elapsed() < LATE)
    }

    /// Ends the program that has the terminal together with this one, and saves what was written in it as a draft.
    pub(super) async fn end_guest(&mut self) -> io::Result<()> {
        let Some(guest) = self.guest.take() else { return Ok(()) };
        // Whoever wants nothing to be stored wants no file of the editor either.
        let saves_files = self.stores.has_files();
        guest.end(saves_files).await.map_or(Ok(()), |event| self.on_event(event).map(drop))
    }
}
