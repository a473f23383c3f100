//! Opening of the message search, and navigation between its matches.

use crate::app::features::jump;
use crate::app::features::search::{is_deleted, search_again};
use crate::app::features::search_query;
use crate::app::model::context::Context;
use crate::app::model::ui::{Place, Transition};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::search::window::Search;
use crate::domain::{MessageId, RoomId};
use crate::input::Action;

/// Opens the search with these words. Without words, it restores the search of the last visited match.
pub(in crate::app) fn open(cx: &mut Context<'_>, words: &str) {
    let last = cx.ui.searched.as_ref().filter(|_| words.is_empty());
    let mut search = last.map_or_else(Search::default, |last| last.reopened(cx.ui.open.as_ref()));
    search.query.insert(words);
    search.remove_results(|result| is_deleted(cx.scene(), result));
    cx.ui.overlay = Some(Overlay::Search(Box::new(search)));
    search_again(cx);
}

/// Searches all rooms instead of the open one, or the other way round.
pub(in crate::app) fn toggle_scope(cx: &mut Context<'_>) {
    let open = cx.ui.open.clone();
    let Some(Overlay::Search(search)) = &mut cx.ui.overlay else { return };
    if search.room.is_none() && open.is_none() {
        cx.notify("No room is open, so all rooms are searched.");
    } else {
        search.room = search.room.take().xor(open);
    }
}

/// Jumps to the next older match.
pub(in crate::app) fn jump_to_older(cx: &mut Context<'_>) {
    step(cx, true);
}

/// Jumps to the next newer match.
pub(in crate::app) fn jump_to_newer(cx: &mut Context<'_>) {
    step(cx, false);
}

fn step(cx: &mut Context<'_>, older: bool) {
    let Some(mut search) = cx.ui.searched.take() else {
        return cx.notify(format!("{} to search first.", cx.options.press(Action::Search)));
    };
    let before = search.selected;
    search.step(if older { 1 } else { -1 });
    if search.selected != before {
        return jump_to_selected(cx, search);
    }
    let end = match (older, search.more) {
        (true, true) => "Only the newest matches are listed. Add a word to find older ones.",
        (true, false) => "There are no older matches.",
        (false, _) => "There are no newer matches.",
    };
    cx.ui.searched = Some(search);
    cx.notify(end);
}

/// Jumps to the selected match and stores the results for further navigation.
pub(in crate::app) fn jump_to_selected(cx: &mut Context<'_>, search: Box<Search>) {
    let target =
        search.results.get(search.selected).map(|result| (result.account, result.room.clone(), result.message.clone()));
    let terms = search_query::read(cx.scene(), &search.query.text).query.map(|query| query.terms);
    cx.ui.searched = Some(Box::new(Search { work: None, terms, ..*search }));
    match target {
        Some((Some(account), room, message)) => {
            cx.ui.transition = Some(Transition::Go(account, Place::Message(room, message)));
        }
        Some((None, room, message)) => jump::jump_to(cx, &room, &message),
        None => {}
    }
}

/// Jumps to a message that was chosen among the results of several accounts. Further navigation is within this one.
pub(in crate::app) fn jump_to_message(cx: &mut Context<'_>, search: Box<Search>, room: &RoomId, message: &MessageId) {
    let place = search.results.iter().position(|result| result.message == *message && result.room == *room);
    match place {
        Some(selected) => jump_to_selected(cx, Box::new(Search { selected, ..*search })),
        None => jump::jump_to(cx, room, message),
    }
}
