//! Keys of the message search, and navigation between its matches.

use crate::app::features::jump;
use crate::app::features::search::{is_deleted, search_again, search_if_changed};
use crate::app::model::context::Context;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::search::window::Search;
use crate::input::{Action, Code, Key};
use crate::text::graphemes;

/// Longest query in bytes, whether typed or pasted: more words than any search uses.
const LONGEST: usize = 1_000;

/// Opens the search with these words. Without words, it restores the search of the last visited match.
pub(in crate::app) fn open(cx: &mut Context<'_>, words: &str) {
    let last = cx.ui.searched.as_ref().filter(|_| words.is_empty());
    let mut search = last.map_or_else(Search::default, |last| last.once_more(cx.ui.open.as_ref()));
    put(&mut search, words);
    search.forget(|hit| is_deleted(cx.scene(), hit));
    cx.ui.overlay = Some(Overlay::Search(Box::new(search)));
    search_again(cx);
}

/// Handles a key in the open search. Esc has closed the search before.
pub(in crate::app) fn on_key(cx: &mut Context<'_>, mut search: Box<Search>, action: Option<Action>, key: Key) {
    let page = search.shown.max(1).cast_signed();
    let before = search.query.len();
    match action {
        Some(Action::Confirm) if !search.hits.is_empty() => return go(cx, search),
        Some(Action::Up) => search.step(-1),
        Some(Action::Down) => search.step(1),
        Some(Action::ScrollUp) => search.step(-page),
        Some(Action::ScrollDown) => search.step(page),
        Some(Action::ToOldest) => search.step(isize::MIN),
        Some(Action::ToNewest) => search.step(isize::MAX),
        Some(Action::Search | Action::SearchScope) if search.room.is_none() && cx.ui.open.is_none() => {
            cx.notify("No room is open, so all rooms are searched.");
        }
        Some(Action::Search | Action::SearchScope) => search.room = search.room.take().xor(cx.ui.open.clone()),
        Some(Action::DeleteToStart) => search.query.clear(),
        Some(Action::DeleteWord) => {
            let rest = search.query.trim_end();
            let rest = rest.rfind(char::is_whitespace).map_or("", |blank| &rest[..=blank]).len();
            search.query.truncate(rest);
        }
        Some(_) => {}
        None if key.code == Code::Backspace && search.replaces => search.query.clear(),
        None if key.code == Code::Backspace => {
            let last = graphemes(&search.query).last().map_or(0, |(grapheme, _)| grapheme.len());
            search.query.truncate(search.query.len() - last);
        }
        None => {
            if let Some(c) = key.typed() {
                put(&mut search, c.encode_utf8(&mut [0; 4]));
            }
        }
    }
    search.replaces &= search.query.len() == before;
    cx.ui.overlay = Some(Overlay::Search(search));
    search_if_changed(cx);
}

/// Inserts pasted text into the query.
pub(in crate::app) fn on_paste(cx: &mut Context<'_>, text: &str) {
    if let Some(Overlay::Search(search)) = &mut cx.ui.overlay {
        put(search, text);
        search_if_changed(cx);
    }
}

/// Jumps to the previous (older) or next (newer) match.
pub(in crate::app) fn older_or_newer(cx: &mut Context<'_>, older: bool) {
    let Some(mut search) = cx.ui.searched.take() else {
        let key = cx.options.keymap.shown(Action::Search);
        return cx.notify(format!("Press {key} to search first."));
    };
    let before = search.chosen;
    search.step(if older { 1 } else { -1 });
    if search.chosen != before {
        return go(cx, search);
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
fn go(cx: &mut Context<'_>, search: Box<Search>) {
    let place = search.hits.get(search.chosen).map(|hit| (hit.room.clone(), hit.message.clone()));
    cx.ui.searched = Some(Box::new(Search { work: None, ..*search }));
    if let Some((room, message)) = place {
        jump::jump_to(cx, &room, &message);
    }
}

/// Appends text up to the length limit. Line breaks become spaces.
fn put(search: &mut Search, text: &str) {
    if !text.is_empty() && std::mem::take(&mut search.replaces) {
        search.query.clear();
    }
    let text = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control());
    for c in text {
        if search.query.len() + c.len_utf8() > LONGEST {
            break;
        }
        search.query.push(c);
    }
}
