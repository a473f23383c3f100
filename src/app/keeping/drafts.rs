//! What is being written.

use std::collections::HashMap;

use crate::app::composer::Composer;
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::RoomId;
use crate::store::{Draft, Write};

use super::about;

/// Whether there is or was anything that somebody is writing.
pub(super) fn any(state: &State) -> bool {
    !state.composer.is_blank() || !state.drafts.is_empty() || !state.keeping.drafts.is_empty()
}

/// Whether what was being written in the open room was sent or cleared: it is not to come back beside what was sent.
pub(super) fn is_gone(state: &State) -> bool {
    let Some(open) = state.open.as_ref().filter(|_| state.composer.is_blank()) else { return false };
    state.keeping.drafts.contains_key(open) && !state.drafts.contains_key(open)
}

/// Says what of it differs from what is on disk.
pub(super) fn keep(state: &mut State, effects: &mut Vec<Effect>) {
    let mut now: HashMap<RoomId, Draft> = HashMap::new();
    let open = state.open.as_ref().map(|open| (open, &state.composer));
    for (room, composer) in state.drafts.iter().chain(open).filter(|(_, composer)| !composer.is_blank()) {
        now.insert(room.clone(), draft(composer));
    }
    let kept = std::mem::take(&mut state.keeping.drafts);
    for room in kept.keys().filter(|room| !now.contains_key(room)) {
        effects.push(Effect::Persist(Write::Draft { room: room.clone(), draft: None }));
    }
    for (room, draft) in now.iter().filter(|(room, draft)| kept.get(room) != Some(draft)) {
        effects.push(Effect::Persist(Write::Draft { room: room.clone(), draft: Some(draft.clone()) }));
    }
    state.keeping.drafts = now;
}

fn draft(composer: &Composer) -> Draft {
    let cursor = u32::try_from(composer.cursor_chars()).unwrap_or(u32::MAX);
    Draft { text: composer.text(), cursor, about: about::write(composer) }
}

/// Puts what was being written back where it was; what has been begun there since stays.
pub(super) fn restore(state: &mut State, drafts: Vec<(RoomId, Draft)>) {
    for (room, draft) in drafts {
        let cursor = usize::try_from(draft.cursor).unwrap_or(usize::MAX);
        let mut composer = Composer::restored(&draft.text, cursor);
        about::read(draft.about.as_deref(), &mut composer);
        state.keeping.drafts.insert(room.clone(), draft);
        if state.open.as_ref() == Some(&room) && state.composer.is_blank() && !state.is_closed() {
            state.composer = composer;
        } else {
            state.drafts.entry(room).or_insert(composer);
        }
    }
}
