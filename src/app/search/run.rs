//! Asking, and taking the answers.

use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::keeping;
use crate::app::overlay::Overlay;
use crate::app::state::State;
use crate::domain::{MessageId, ServerEvent};
use crate::store::Found;

use super::hit::Hit;
use super::memory::Scan;
use super::window::{Question, Reach, Search, Work};
use super::words::Words;

/// So many hits are listed. Who looks through more of them types another word.
pub(super) const MOST: u32 = 200;

/// How long what was found is left alone after something was said, in milliseconds: a burst is one question.
const AGAIN_AFTER: i64 = 500;

/// What an event means to what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum News {
    /// Something was said or changed.
    Said,
    /// A message was taken back.
    Gone(MessageId),
}

/// Asks what stands there, unless that is answered or being asked. What was typed meanwhile is asked afterwards.
pub(in crate::app) fn proceed(state: &mut State, effects: &mut Vec<Effect>) {
    look(state, false, effects);
}

/// The same, also when it is answered: something may have been said since.
pub(super) fn ask_again(state: &mut State, effects: &mut Vec<Effect>) {
    look(state, true, effects);
}

fn look(state: &mut State, again: bool, effects: &mut Vec<Effect>) {
    let reach = state.search_reach();
    let Some(search) = search(state) else { return };
    let question = search.question();
    let Some(words) = Words::of(&question.text) else {
        // What is on its way is thrown away when it comes.
        return search.take(question, Vec::new(), false);
    };
    match &search.work {
        Some(Work::Disk(..)) => return,
        // What nobody wants to know any more is not gone on with.
        Some(Work::Memory(scan)) if scan.question == question => return,
        Some(Work::Memory(_)) => search.work = None,
        None if search.answered.as_ref() == Some(&question) && !again => return,
        None => {}
    }
    search.again_at = None;
    match reach {
        Reach::Later => {}
        Reach::Disk | Reach::Both => {
            let id = keeping::ask_words(state, &question.text, question.room.as_ref(), MOST, effects);
            set_work(state, Work::Disk(id, question));
        }
        Reach::Memory => scan(state, question, words, Vec::new(), false, effects),
    }
}

/// The disk has answered.
pub(in crate::app) fn on_found(state: &mut State, found: &Found, effects: &mut Vec<Effect>) {
    let reach = state.search_reach();
    let Some(search) = search(state) else { return };
    let Some(Work::Disk(_, question)) =
        search.work.take_if(|work| matches!(work, Work::Disk(id, _) if *id == found.id))
    else {
        return;
    };
    let Some(words) = Words::of(&question.text) else { return };
    let hits = found.hits.iter().filter_map(|hit| Hit::of(&hit.room, &hit.message, &words)).collect();
    if reach == Reach::Both {
        scan(state, question, words, hits, found.more, effects);
    } else {
        take(state, question, hits, found.more, effects);
    }
}

/// Time has passed: goes on in memory, or asks again what something was said about.
pub(in crate::app) fn on_tick(state: &mut State, effects: &mut Vec<Effect>) {
    let now = state.now;
    let Some(search) = search(state) else { return };
    if let Some(Work::Memory(scan)) = search.work.take_if(|work| matches!(work, Work::Memory(_))) {
        return go_on(state, scan, effects);
    }
    if search.work.is_none() && search.again_at.take_if(|at| *at <= now).is_some() {
        look(state, true, effects);
    }
}

/// What `event` means to what was found, if something was.
pub(in crate::app) fn news_in(state: &State, event: &Event) -> Option<News> {
    if state.searched.is_none() && !matches!(state.overlay, Some(Overlay::Search(_))) {
        return None;
    }
    let Event::Server(_, event) = event else { return None };
    match event {
        ServerEvent::Deleted(id) => Some(News::Gone(id.clone())),
        ServerEvent::Message(_)
        | ServerEvent::Edited(_)
        | ServerEvent::History { .. }
        | ServerEvent::Accepted { .. }
        | ServerEvent::Done(_)
        | ServerEvent::RoomDeleted(_)
        | ServerEvent::SignedIn { .. } => Some(News::Said),
        _ => None,
    }
}

/// After an event with news: what was deleted goes at once, all else is asked again in a moment.
pub(in crate::app) fn follow(state: &mut State, news: &News) {
    let at = state.now + AGAIN_AFTER;
    let named = |hit: &Hit| *news == News::Gone(hit.message.clone());
    if let Some(searched) = &mut state.searched {
        searched.forget(named);
    }
    let mut overlay = state.overlay.take();
    if let Some(Overlay::Search(search)) = &mut overlay {
        search.forget(|hit| named(hit) || is_deleted(state, hit));
        if !search.is_blank() {
            search.again_at.get_or_insert(at);
        }
    }
    state.overlay = overlay;
}

/// Whether a message is known to be deleted, as far as memory knows.
pub(super) fn is_deleted(state: &State, hit: &Hit) -> bool {
    let room = state.rooms.get(&hit.room);
    let message = room.and_then(|room| room.timeline.find(&hit.message).map(|slot| room.timeline.get(slot)));
    message.is_some_and(|message| message.deleted)
}

/// Looks through what is in memory.
fn scan(state: &mut State, question: Question, words: Words, known: Vec<Hit>, more: bool, effects: &mut Vec<Effect>) {
    let rooms = match &question.room {
        Some(room) => vec![room.clone()],
        None => state.rooms.known_ids().cloned().collect(),
    };
    go_on(state, Scan::new(question, words, rooms, known, more), effects);
}

fn go_on(state: &mut State, mut scan: Scan, effects: &mut Vec<Effect>) {
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    if scan.go_on(state, most) {
        let question = scan.question.clone();
        let (hits, more) = scan.into_hits(most);
        set_work(state, None);
        take(state, question, hits, more, effects);
    } else {
        set_work(state, Work::Memory(scan));
    }
}

fn take(state: &mut State, question: Question, hits: Vec<Hit>, more: bool, effects: &mut Vec<Effect>) {
    let Some(search) = search(state) else { return };
    search.take(question, hits, more);
    proceed(state, effects);
}

fn set_work(state: &mut State, work: impl Into<Option<Work>>) {
    if let Some(search) = search(state) {
        search.work = work.into();
    }
}

/// The search over the screen.
fn search(state: &mut State) -> Option<&mut Search> {
    match state.overlay.as_mut()? {
        Overlay::Search(search) => Some(search),
        _ => None,
    }
}
