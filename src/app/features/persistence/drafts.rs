//! Persistence of drafts.

use crate::app::features::drafts::{merge, save_draft, sync_draft};
use crate::app::features::persistence::draft_subject;
use crate::app::model::composer::Composer;
use crate::app::model::context::{Context, Scene};
use crate::domain::RoomId;
use crate::store::{Draft, Write};
use std::collections::HashMap;

/// Returns whether there is a draft, in memory or in the store.
pub(in crate::app) fn any_exist(scene: Scene<'_>) -> bool {
    let stored = &scene.account.persistence;
    let any_stored = !stored.drafts.is_empty() || stored.roomless_draft.is_some();
    any_stored
        || scene.account.roomless_draft.is_some()
        || !scene.ui.composer.is_blank()
        || !scene.account.drafts.is_empty()
}

/// Returns whether the text in the composer was sent or cleared but is still stored as a draft.
///
/// It must be removed at once, so that it does not reappear beside the sent message after a crash.
pub(in crate::app) fn is_cleared_but_stored(scene: Scene<'_>) -> bool {
    if !scene.ui.composer.is_blank() {
        return false;
    }
    if scene.account.persistence.roomless_draft.is_some() {
        return true;
    }
    let Some(open) = &scene.ui.open else { return false };
    scene.account.persistence.drafts.contains_key(open) && !scene.account.drafts.contains_key(open)
}

/// Returns the drafts of the rooms.
fn of_rooms(scene: Scene<'_>) -> HashMap<RoomId, Draft> {
    let drafts = scene.account.drafts.iter().filter(|(_, composer)| !composer.is_blank());
    let mut drafts: HashMap<RoomId, Draft> = drafts.map(|(room, composer)| (room.clone(), draft(composer))).collect();
    if let Some(open) = scene.ui.open.as_ref().filter(|_| !scene.ui.composer.is_blank()) {
        // The store has one draft per room, so the draft of the open room is merged with the text in the composer.
        let draft = match scene.account.drafts.get(open) {
            Some(other) => draft(&merge(other.clone(), scene.ui.composer.clone())),
            None => draft(&scene.ui.composer),
        };
        drafts.insert(open.clone(), draft);
    }
    drafts
}

/// Returns the text that was typed while no room is open.
fn without_room(scene: Scene<'_>) -> Option<Draft> {
    let composer = &scene.ui.composer;
    let aside = scene.account.roomless_draft.as_ref().map(|text| draft(&merge(text.clone(), composer.clone())));
    let text = aside.or_else(|| (!composer.is_blank()).then(|| draft(composer)));
    text.filter(|_| scene.ui.open.is_none())
}

/// Adds what was written to the stored drafts, which are not known yet. None of them may be replaced. A command is no
/// part of a message.
pub(in crate::app) fn add_to_stored(cx: &mut Context<'_>) {
    let command = cx.ui.composer.is_command().then(|| std::mem::take(&mut cx.ui.composer));
    let drafts = of_rooms(cx.scene()).into_iter().map(|(room, draft)| (Some(room), draft));
    let roomless = without_room(cx.scene()).map(|draft| (None, draft));
    for (room, draft) in drafts.chain(roomless) {
        cx.persist(Write::AddToDraft { room, draft });
    }
    if let Some(command) = command {
        cx.ui.composer = command;
    }
}

/// Writes the drafts that differ from the stored ones.
pub(in crate::app) fn write(cx: &mut Context<'_>) {
    let now = of_rooms(cx.scene());
    let stored = std::mem::take(&mut cx.account.persistence.drafts);
    for room in stored.keys().filter(|room| !now.contains_key(room)) {
        cx.persist(Write::Draft { room: room.clone(), draft: None });
    }
    for (room, draft) in now.iter().filter(|(room, draft)| stored.get(room) != Some(draft)) {
        cx.persist(Write::Draft { room: room.clone(), draft: Some(draft.clone()) });
    }
    cx.account.persistence.drafts = now;
    let roomless = without_room(cx.scene());
    if roomless != cx.account.persistence.roomless_draft {
        cx.persist(Write::RoomlessDraft(roomless.clone()));
        cx.account.persistence.roomless_draft = roomless;
    }
}

fn draft(composer: &Composer) -> Draft {
    let cursor = u32::try_from(composer.cursor_chars()).unwrap_or(u32::MAX);
    Draft { text: composer.text().to_owned(), cursor, context: draft_subject::encode(composer) }
}

fn composer_of(draft: &Draft) -> Composer {
    let cursor = usize::try_from(draft.cursor).unwrap_or(usize::MAX);
    let mut composer = Composer::with_cursor_at(&draft.text, cursor);
    draft_subject::decode(draft.context.as_deref(), &mut composer);
    composer
}

/// Restores the text that was typed while no room was open. It continues the draft of the room that is opened next.
pub(in crate::app) fn restore_roomless(cx: &mut Context<'_>, draft: Option<Draft>) {
    let Some(draft) = draft else { return };
    let composer = composer_of(&draft);
    cx.account.persistence.roomless_draft = Some(draft);
    match cx.ui.open.clone() {
        None if cx.ui.composer.is_blank() => cx.ui.composer = composer,
        None => cx.ui.composer = merge(composer, std::mem::take(&mut cx.ui.composer)),
        Some(room) => {
            save_draft(cx.account, &room, composer);
            sync_draft(cx);
        }
    }
}

/// Restores stored drafts. Text typed meanwhile follows them.
pub(in crate::app) fn restore(cx: &mut Context<'_>, drafts: Vec<(RoomId, Draft)>) {
    for (room, draft) in drafts {
        let composer = composer_of(&draft);
        cx.account.persistence.drafts.insert(room.clone(), draft);
        if cx.ui.open.as_ref() == Some(&room) && cx.ui.composer.is_blank() && !cx.is_closed() {
            cx.ui.composer = composer;
        } else {
            let draft = match cx.account.drafts.remove(&room) {
                Some(typed) => merge(composer, typed),
                None => composer,
            };
            cx.account.drafts.insert(room, draft);
        }
    }
}
