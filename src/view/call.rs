//! The call bar at the top of the screen: the call that is ringing or in progress, and the keys for it.

use ratatui::style::Modifier;

use crate::app::{Call, CallStage, Region, Scene};
use crate::config::Role;
use crate::input::Action;

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.call;
    let shown = scene.account.id;
    let Some(scene) = scene.with_call().filter(|_| area.height > 0) else { return };
    let Some(call) = &scene.account.call else { return };
    // The call of another profile has to tell whom the others see.
    let of_other =
        if scene.account.id == shown { String::new() } else { format!("{}: ", scene.account.profile.label()) };
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let role = if let CallStage::Active(_) = call.stage { Role::Success } else { Role::Warning };
    let (bold, accent) = (canvas.style(role), canvas.style(Role::Accent));
    let wordings = [(false, false), (true, false), (true, true)].map(|(short_text, short_keys)| {
        (of_other.clone() + &status(scene, call, glyphs, short_text), hints(scene, call, glyphs, short_keys))
    });
    let fits = |(text, keys): &&(String, String)| cells(text).saturating_add(cells(keys)) <= inner.width;
    let [.., shortest] = &wordings;
    let (text, keys) = wordings.iter().find(fits).unwrap_or(shortest);
    // If the shortest wording does not fit either, the text is clipped rather than the keys.
    let text_cells = inner.width.saturating_sub(cells(keys)).max(inner.width / 3);
    let end = canvas.put(inner.x, inner.y, text, text_cells, bold);
    canvas.put(end, inner.y, keys, (inner.x + inner.width).saturating_sub(end), accent);
    if call.is_ringing() {
        // Reversed video is a background in every theme, also in those without colors.
        canvas.tint(area, bold.add_modifier(Modifier::REVERSED));
    }
}

/// The state of the call in words; `short` for narrow screens.
fn status(scene: Scene<'_>, call: &Call, glyphs: Glyphs, short: bool) -> String {
    let (peer, dots) = (&call.peer_name, glyphs.dots());
    let medium = if call.video { "video" } else { "voice" };
    match call.stage {
        CallStage::Incoming(_) if short => format!("{peer} calling"),
        CallStage::Incoming(_) => format!("Incoming {medium} call from {peer}"),
        CallStage::Accepting(_) if short => format!("Joining {peer}{dots}"),
        CallStage::Accepting(_) => format!("Joining the {medium} call with {peer}{dots}"),
        CallStage::Outgoing(_) | CallStage::Canceling(_) if short => format!("Calling {peer}{dots}"),
        CallStage::Outgoing(_) | CallStage::Canceling(_) => format!("Calling {peer} ({medium}){dots}"),
        CallStage::Active(_) if short => format!("In a call with {peer}"),
        CallStage::Active(since) => {
            format!("In a {medium} call with {peer} since {}", scene.options.times.time(since))
        }
    }
}

/// The keys for the call, each after a separator; `short` for narrow screens.
fn hints(scene: Scene<'_>, call: &Call, glyphs: Glyphs, short: bool) -> String {
    let hints: &[_] = match (call.stage, short) {
        (CallStage::Incoming(_), true) => &[(Action::AcceptCall, "yes"), (Action::RejectCall, "no")],
        (CallStage::Incoming(_), false) => &[(Action::AcceptCall, "accept"), (Action::RejectCall, "decline")],
        (_, true) => &[(Action::HangUp, "end")],
        (_, false) => &[(Action::HangUp, "hang up")],
    };
    hints.iter().map(|(action, word)| format!(" {} {} {word}", glyphs.dot(), scene.options.key_name(*action))).collect()
}
