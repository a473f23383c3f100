//! The faults of sandboxes that were started with the client.

use std::io;

use crate::app::Event;
use crate::domain::AccountId;
use crate::runtime::clock::Clock;

use super::{Display, EventLoop, Flow, Server};

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Sets the faults of the server of an account, and shows what is in force.
    pub(super) fn set_faults(&mut self, account: AccountId, text: &str) -> io::Result<Flow> {
        let url = self.state.accounts.iter().find(|known| known.id == account).map(|known| &known.profile.url);
        let outcome = self.sandbox_faults.set(url.map_or("", String::as_str), text);
        self.on_event(
            outcome.map_or_else(|reason| Event::CommandRefused(format!("/fault {text}"), reason), Event::Notice),
        )
    }
}
