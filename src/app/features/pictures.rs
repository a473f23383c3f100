//! Pictures among the messages: those on screen are loaded, and no others.

use crate::app::effect::Effect;
use crate::app::model::context::Context;
use crate::app::model::message_rows::PaneRow;
use crate::domain::{Picture, PictureRequest, Slot};

/// Requests the pictures on screen.
pub(in crate::app) fn request_visible(cx: &mut Context<'_>) {
    let rules = cx.scene().picture_rules();
    let (Some((columns, rows)), Some(room)) = (rules.space, cx.open_room()) else { return };
    let shown = cx.ui.pane.rows.iter().filter_map(|row| match row {
        PaneRow::Picture { slot, .. } => Some(*slot),
        _ => None,
    });
    let mut slots: Vec<Slot> = shown.collect();
    slots.dedup();
    // The newest ones first, because they are read first.
    let urls = slots.iter().rev().filter_map(|slot| rules.address(room.timeline.get(*slot)));
    let requests: Vec<_> = urls.map(|url| PictureRequest { url: url.to_owned(), columns, rows }).collect();
    for request in requests {
        if cx.account.pictures.begin(&request) {
            cx.effects.push(Effect::LoadPicture(cx.account.id, request));
        }
    }
}

/// Shows a picture that was loaded, or why it was not.
pub(in crate::app) fn on_loaded(cx: &mut Context<'_>, request: &PictureRequest, loaded: Result<Picture, String>) {
    cx.account.pictures.finish(request, loaded);
}
