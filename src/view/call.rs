//! The call bar at the top of the screen: the call that is ringing or in progress, and the keys for it.

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
    let (text, keys) = wording(state, call, glyphs, false);
    let fits = cells(&text).saturating_add(cells(&keys)) <= inner.width;
    let (text, keys) = if fits { (text, keys) } else { wording(state, call, glyphs, true) };
    // If it still does not fit, the text is clipped rather than the keys.
    let text_cells = inner.width.saturating_sub(cells(&keys)).max(inner.width / 3);
    let end = canvas.put(inner.x, inner.y, &text, text_cells, bold);
    canvas.put(end, inner.y, &keys, (inner.x + inner.width).saturating_sub(end), accent);
}

/// The status of the call and its keys; `short` for narrow screens.
fn wording(state: &State, call: &Call, glyphs: Glyphs, short: bool) -> (String, String) {
    let (with, dots) = (&call.with, glyphs.dots());
    let kind = if call.video { "video call" } else { "voice call" };
    let hang_up = vec![(Action::HangUp, if short { "end" } else { "hang up" })];
    let (text, keys) = match call.stage {
        CallStage::In(_) => {
            let text = if short { format!("{with} is calling") } else { format!("Incoming {kind} from {with}") };
            let (accept, decline) = if short { ("yes", "no") } else { ("accept", "decline") };
            (text, vec![(Action::AcceptCall, accept), (Action::RejectCall, decline)])
        }
        CallStage::Taking(_) => (format!("Joining the {kind} with {with}{dots}"), hang_up),
        CallStage::Out(_) | CallStage::GivenUp(_) if short => (format!("Calling {with}{dots}"), hang_up),
        CallStage::Out(_) | CallStage::GivenUp(_) => {
            let kind = if call.video { "video" } else { "voice" };
            (format!("Calling {with} ({kind}){dots}"), hang_up)
        }
        CallStage::Held(_) if short => (format!("In a call with {with}"), hang_up),
        CallStage::Held(since) => {
            let clock = since.clock(&state.options.zone);
            (format!("In a {kind} with {with} since {clock}"), hang_up)
        }
    };
    let keys = keys.into_iter().map(|(action, word)| {
        let key = state.options.keymap.shown(action);
        format!(" {} {key} {word}", glyphs.dot())
    });
    (text, keys.collect())
}
