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
    let role = if let CallStage::Held(_) = call.stage { Role::Success } else { Role::Warning };
    let (bold, accent) = (canvas.style(role), canvas.style(Role::Accent));
    let (said, keys) = words(state, call, glyphs, false);
    // The keys matter more than all the words.
    let fits = cells(&said).saturating_add(cells(&keys)) <= inner.width;
    let (said, keys) = if fits { (said, keys) } else { words(state, call, glyphs, true) };
    let room = inner.width.saturating_sub(cells(&keys)).max(inner.width / 3);
    let end = canvas.put(inner.x, inner.y, &said, room, bold);
    canvas.put(end, inner.y, &keys, (inner.x + inner.width).saturating_sub(end), accent);
}

/// What is going on, and what can be done about it; in as few words as possible when it has to be `short`.
fn words(state: &State, call: &Call, glyphs: Glyphs, short: bool) -> (String, String) {
    let (with, dots) = (&call.with, glyphs.dots());
    let picture = match (short, call.video) {
        (true, _) => "",
        (false, true) => " (video)",
        (false, false) => " (audio)",
    };
    let (take, refuse, hang_up) = if short { ("yes", "no", "end") } else { ("take it", "refuse", "hang up") };
    let hang_up = vec![(Action::HangUp, hang_up)];
    let (said, keys) = match call.stage {
        CallStage::In(_) => {
            (format!("{with} rings{picture}"), vec![(Action::AcceptCall, take), (Action::RejectCall, refuse)])
        }
        CallStage::Taking(_) => (format!("Taking the {} of {with}{dots}", call.word()), hang_up),
        CallStage::Out(_) | CallStage::GivenUp(_) => (format!("Ringing {with}{picture}{dots}"), hang_up),
        CallStage::Held(_) if short => (format!("In a call with {with}"), hang_up),
        CallStage::Held(since) => {
            let clock = since.clock(&state.options.zone);
            (format!("In a {} with {with} since {clock}", call.word()), hang_up)
        }
    };
    let keys = keys.into_iter().map(|(action, word)| {
        let key = state.options.keymap.shown(action);
        format!(" {} {key} {word}", glyphs.dot())
    });
    (said, keys.collect())
}
