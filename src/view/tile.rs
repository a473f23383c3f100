//! The title of a tile, and the line to its right: whose screen it is, the state of the connection, and which tile has the
//! keys.

use crate::app::{ConnectionState, Region, Scene};
use crate::config::Role;
use crate::input::Action;

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::status;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let (title, has_keys) = (scene.ui.regions.title, scene.ui.has_keys());
    let (border, dot) = (canvas.style(Role::Border), glyphs.dot());
    paint_line(scene, canvas, glyphs);
    canvas.rule(title, title.y, glyphs.horizontal(), border);
    let mut rest = title;
    rest.take_right(1);
    if has_keys {
        canvas.put(rest.x, rest.y, glyphs.keys(), 1, canvas.style(Role::Accent));
    }
    rest.take_left(1);
    if let Some(place) = place(scene, glyphs) {
        let start = canvas.put_right(rest, rest.y, &format!(" {place} "), canvas.style(Role::Dim));
        rest.width = start.saturating_sub(rest.x + 1);
    }
    let style = canvas.style(if has_keys { Role::Title } else { Role::Text });
    let name = format!(" {} ", scene.account.profile.label());
    let mut x = canvas.put(rest.x, rest.y, &name, rest.width, style);
    let end = rest.x + rest.width;
    let mut parts = vec![status::connection_status(scene, canvas, glyphs)];
    let unread = scene.account.rooms.attention().shown().filter(|_| scene.ui.regions.rooms.height == 0);
    parts.extend(unread.map(|unread| (unread, canvas.style(Role::Unread))));
    let queued = scene.account.queued_count();
    if queued > 0 && scene.account.connection != ConnectionState::Online {
        parts.push((format!("{queued} queued"), canvas.style(Role::Warning)));
    }
    let unsent = scene.account.unsent_count();
    if unsent > 0 {
        parts.push((format!("{unsent} not sent"), canvas.style(Role::Error)));
    }
    for (text, style) in parts {
        x = canvas.put(x, rest.y, &format!("{dot} "), end.saturating_sub(x), border);
        x = canvas.put(x, rest.y, &format!("{text} "), end.saturating_sub(x), style);
    }
    if has_keys {
        let style = canvas.style(Role::Selection);
        canvas.tint(title, style);
    }
}

/// Paints the line between this tile and the one to its right, if there is one.
fn paint_line(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.area();
    let line = Region { x: area.x + area.width, width: 1, ..area };
    if line.x < scene.terminal.size.width {
        let border = canvas.style(Role::Border);
        for y in line.y..line.y + line.height {
            canvas.put(line.x, y, glyphs.vertical(), 1, border);
        }
    }
}

/// Tells that there are tiles for which the screen has no space, and how to get to them.
fn place(scene: Scene<'_>, glyphs: Glyphs) -> Option<String> {
    scene.ui.tile().filter(|tile| tile.is_alone)?;
    let count = scene.all_accounts().count();
    let number = scene.all_accounts().position(|account| account.id == scene.account.id)? + 1;
    let key = scene.options.keymap.shown(Action::NextProfile);
    let hint = if key.is_empty() { String::new() } else { format!(" {} {key} next", glyphs.dot()) };
    Some(format!("{number} of {count}{hint}"))
}
