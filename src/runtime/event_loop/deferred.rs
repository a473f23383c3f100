//! Effects that wait, and what they wait for.
//!
//! | effect | is carried out |
//! | --- | --- |
//! | `FromWire`, `Redraw`, `Suspend`, `Quit` | at once, when all effects of the turn are collected |
//! | `Persist` | after the next frame, with the other writes as one transaction per account |
//! | any other | after the writes, in its order |
//!
//! All of them are carried out before the next frame if a message is on its way to the server.

use std::collections::VecDeque;

use crate::app::Effect;
use crate::domain::{AccountId, Request};
use crate::store::Write;

/// The effects that wait.
#[derive(Default)]
pub(super) struct DeferredEffects {
    writes: Vec<(AccountId, Write)>,
    others: VecDeque<Effect>,
}

impl DeferredEffects {
    /// Adds an effect. Returns it if it does not wait.
    pub(super) fn add(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::FromWire(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => return Some(effect),
            Effect::Persist(account, write) => self.writes.push((account, write)),
            effect => self.others.push_back(effect),
        }
        None
    }

    /// Takes the writes, which come before the other effects.
    pub(super) fn take_writes(&mut self) -> Vec<(AccountId, Write)> {
        std::mem::take(&mut self.writes)
    }

    /// Takes the next of the other effects.
    pub(super) fn next(&mut self) -> Option<Effect> {
        self.others.pop_front()
    }

    /// Whether a message is on its way to the server: its outbox entry is to be written, or its request to be sent.
    pub(super) fn has_outgoing_message(&self) -> bool {
        self.writes.iter().any(|(_, write)| matches!(write, Write::Outbox(_)))
            || self.others.iter().any(|effect| matches!(effect, Effect::Request(_, Request::Send { .. })))
    }
}
