//! The test of keys.

use crate::app::{KeyTest, Scene, shown_bytes};
use crate::config::Role;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Columns for the bytes.
const BYTES_WIDTH: u16 = 26;

/// Columns for the key.
const KEY_WIDTH: u16 = 22;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, test: &KeyTest) {
    let mut rest = frame::draw(scene, canvas, glyphs, "Press a key");
    let (text, dim, accent) = (canvas.style(Role::Text), canvas.style(Role::Dim), canvas.style(Role::Accent));
    if rest.height == 0 {
        return;
    }
    let head = rest.take_top(1);
    canvas.put(head.x, head.y, "Bytes", BYTES_WIDTH, dim);
    canvas.put(head.x + BYTES_WIDTH, head.y, "Key", KEY_WIDTH, dim);
    for (bytes, key) in test.keys.iter().rev() {
        if rest.height == 0 {
            return;
        }
        let row = rest.take_top(1);
        let end = row.x + row.width;
        canvas.put(row.x, row.y, &shown_bytes(bytes), (BYTES_WIDTH - 1).min(row.width), text);
        let x = row.x + BYTES_WIDTH;
        canvas.put(x, row.y, &scene.options.keymap.show(*key), end.saturating_sub(x).min(KEY_WIDTH), accent);
        // The program handles a key that old terminals cannot tell apart from another as that one.
        let legacy = key.legacy().filter(|_| !scene.options.keymap.is_bound(*key));
        let key = legacy.unwrap_or(*key);
        let actions = scene.options.keymap.actions(key);
        let names: Vec<String> =
            actions.iter().map(|action| format!("{} ({})", action.name(), action.context().heading())).collect();
        let bound = if names.is_empty() { "not bound".to_owned() } else { names.join(", ") };
        if rest.height > 0 {
            let row = rest.take_top(1);
            canvas.put(row.x + 2, row.y, &bound, row.width.saturating_sub(2), dim);
        }
    }
    if !test.bytes.is_empty() && rest.height > 0 {
        let row = rest.take_top(1);
        canvas.put(row.x, row.y, &format!("Unknown key: {}", shown_bytes(&test.bytes)), row.width, dim);
    }
}
