//! The call that rings or is held, across the top of the screen.

use crate::app::{Area, Call, CallStage, State};
use crate::config::Role;
use crate::input::Action;

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = state.areas.call;
    let Some(call) = state.call.as_ref().filter(|_| area.height > 0) else { return };
    let inner = Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let (said, keys) = words(state, call, glyphs);
    let role = if let CallStage::Held(_) = call.stage { Role::Success } else { Role::Warning };
    let (bold, accent) = (canvas.style(role), canvas.style(Role::Accent));
    // The keys matter more than the whole of a name.
    let keys = keys.into_iter().map(|(action, word)| {
        let key = state.options.keymap.shown(action);
        format!(" {} {key} {word}", glyphs.dot())
    });
    let keys: String = keys.collect();
    let room = inner.width.saturating_sub(cells(&keys)).max(inner.width / 3);
    let end = canvas.put(inner.x, inner.y, &said, room, bold);
    canvas.put(end, inner.y, &keys, (inner.x + inner.width).saturating_sub(end), accent);
}

/// What is going on, and what can be done about it.
fn words(state: &State, call: &Call, glyphs: Glyphs) -> (String, Vec<(Action, &'static str)>) {
    let (with, dots) = (&call.with, glyphs.dots());
    let picture = if call.video { " (video)" } else { "" };
    let hang_up = vec![(Action::HangUp, "hang up")];
    match call.stage {
        CallStage::In(_) => {
            let keys = vec![(Action::AcceptCall, "take it"), (Action::RejectCall, "refuse")];
            (format!("{with} rings{picture}"), keys)
        }
        CallStage::Taking(_) => (format!("Taking the {} of {with}{dots}", call.word()), hang_up),
        CallStage::Out(_) | CallStage::GivenUp(_) => (format!("Ringing {with}{picture}{dots}"), hang_up),
        CallStage::Held(since) => {
            let clock = since.clock(&state.options.zone);
            (format!("In a {} with {with} since {clock}", call.word()), hang_up)
        }
    }
}
