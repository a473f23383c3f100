//! The activity line between messages and composer: the message being edited or replied to, the reason for a missing
//! connection, or the people who are typing; at its right, the keys that jump to the newest message and reconnect. On
//! screens without a line below the header, also the new messages above the screen.

use crate::app::{Label, PaneRow, Region, Scene};
use crate::config::Role;
use crate::domain::{Activity, Room, Unread};
use crate::input::Action;

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::{composer, connection, preview};

/// Cells that the date leaves for the people who are typing.
const MIN_TYPING: u16 = 20;

/// Blank cells before the key that jumps to the newest message, so that it does not read as part of the text.
const SEPARATION: u16 = 3;

pub(super) fn paint(scene: Scene<'_>, room: &Room, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.typing;
    if area.height == 0 {
        return;
    }
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let newest = room.timeline.iter().next_back().map(|(slot, _)| slot);
    let at_bottom = newest.is_none_or(|newest| scene.ui.pane.rows.iter().any(|row| row.message() == Some(newest)));
    let mut end = inner.x + inner.width;
    if !at_bottom {
        let below = match room.unread().count {
            0 => "Jump to latest".to_owned(),
            1 => "1 new message".to_owned(),
            count => format!("{count} new messages"),
        };
        let dot = glyphs.dot();
        let mut hint = format!("{below} {dot} {}", scene.options.key_name(Action::ToNewest));
        // The date line of what is on screen may be far above.
        let first = scene.ui.pane.rows.iter().find_map(PaneRow::message);
        let first = first.filter(|_| scene.ui.composer.editing.is_none() && scene.ui.composer.reply.is_none());
        let day = first.map(|slot| scene.options.times.long_date(room.timeline.get(slot).sent_at));
        if let Some(day) = day.filter(|day| cells(day) + cells(&hint) + MIN_TYPING < inner.width) {
            hint = format!("{day} {dot} {hint}");
        }
        let style = canvas.style(if room.unread().any() { Role::NewLine } else { Role::Dim });
        end = canvas.put_right(inner, inner.y, &hint, style).saturating_sub(SEPARATION);
    }
    // Otherwise the line below the header has it.
    let above = new_above_hint(scene, glyphs);
    // Without a screen, it is said by itself.
    let above = above.filter(|_| scene.ui.regions.header_rule.height == 0 && !scene.options.linear);
    if let Some(hint) = above.filter(|hint| cells(hint) <= end.saturating_sub(inner.x)) {
        let left = Region { width: end.saturating_sub(inner.x), ..inner };
        let style = canvas.style(Role::NewLine);
        end = canvas.put_right(left, inner.y, &hint, style).saturating_sub(SEPARATION);
    }
    // Otherwise the line above the composer has it.
    let hidden = composer::describe(scene, glyphs);
    if scene.ui.regions.composer_rule.height == 0 && !hidden.is_empty() {
        let left = Region { width: end.saturating_sub(inner.x), ..inner };
        let style = canvas.style(Role::Dim);
        end = canvas.put_right(left, inner.y, &hidden, style).saturating_sub(1);
    }
    let (text, style) = if scene.ui.composer.editing.is_some() {
        let excerpt = scene.edited_message().map(|(_, message)| preview::excerpt(&message.text));
        let what = match scene.ui.composer.edited_send() {
            Some(_) => "Editing unsent message",
            None => "Editing message",
        };
        let text = excerpt.map_or(what.to_owned(), |text| format!("{what}: {text}"));
        (text, canvas.style(Role::Accent))
    } else if let Some(reply) = &scene.ui.composer.reply {
        (format!("Replying to {}", preview::quote(scene, &reply.quote)), canvas.style(Role::Accent))
    } else if let Some((problem, _)) = connection::outage(scene) {
        if let Some(hint) = connection::reconnect_hint(scene) {
            let left = Region { width: end.saturating_sub(inner.x), ..inner };
            let style = canvas.style(Role::Error);
            end = canvas.put_right(left, inner.y, &hint, style).saturating_sub(1);
        }
        (problem.to_owned(), canvas.style(Role::Error))
    } else {
        (typing(scene, room, glyphs.dots()), canvas.style(Role::Typing))
    };
    canvas.put(inner.x, inner.y, &text, end.saturating_sub(inner.x).min(cells(&text)), style);
}

/// The number of new messages above the screen, until the first of them was on screen.
pub(super) fn new_above(scene: Scene<'_>) -> Option<String> {
    let Unread { count, or_more, .. } = scene.unread_above()?;
    let more = if or_more { "+" } else { "" };
    let noun = if count == 1 { "message" } else { "messages" };
    Some(format!("{count}{more} new {noun}"))
}

/// The number of new messages above the screen and the key that goes to the first.
pub(super) fn new_above_hint(scene: Scene<'_>, glyphs: Glyphs) -> Option<String> {
    let count = new_above(scene)?;
    let key = scene.options.keymap.shown(Action::FirstUnread);
    Some(if key.is_empty() { count } else { format!("{count} {} {key}", glyphs.dot()) })
}

/// The people typing or recording in a room, as a sentence; empty if there are none.
pub(super) fn typing(scene: Scene<'_>, room: &Room, dots: &str) -> String {
    let sentence = |activity, verb| {
        let busy = room.typing.iter().filter(|typing| typing.activity == activity);
        busy_people(&busy.map(|typing| scene.account.label_of(&typing.person)).collect::<Vec<_>>(), verb)
    };
    let sentences = [sentence(Activity::Typing, "typing"), sentence(Activity::Recording, "recording")];
    let sentences: Vec<String> = sentences.into_iter().flatten().collect();
    if sentences.is_empty() { String::new() } else { format!("{}{dots}", sentences.join(", ")) }
}

fn busy_people(names: &[Label<'_>], verb: &str) -> Option<String> {
    Some(match names {
        [] => return None,
        [one] => format!("{one} is {verb}"),
        [one, two] => format!("{one} and {two} are {verb}"),
        [one, two, three] => format!("{one}, {two} and {three} are {verb}"),
        many => format!("{} people are {verb}", many.len()),
    })
}
