//! Asking, and taking the answers.

use crate::app::features::persistence::text_query;
use crate::app::model::context::{Context, Scene};
use crate::app::model::timers::Timer;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::search::query::Query;
use crate::app::overlays::search::result::Hit;
use crate::app::overlays::search::scan::Scan;
use crate::app::overlays::search::window::{Reach, Search, Work};
use crate::app::overlays::search::words::Words;
use crate::domain::{MessageId, ServerEvent};
use crate::store::Found;

/// So many hits are listed. Who looks through more of them types another word.
pub(in crate::app) const MOST: u32 = 200;

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
pub(in crate::app) fn proceed(cx: &mut Context<'_>) {
    look(cx, false);
}

/// The same, also when it is answered: something may have been said since.
pub(in crate::app) fn ask_again(cx: &mut Context<'_>) {
    look(cx, true);
}

fn look(cx: &mut Context<'_>, again: bool) {
    let reach = cx.account.search_reach();
    let Some(search) = search(cx) else { return };
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
    cx.ui.timers.clear(Timer::RefreshSearch);
    match reach {
        Reach::Later => {}
        Reach::Disk | Reach::Both => {
            let id = text_query::search_text(cx, &question.text, question.room.as_ref(), MOST);
            set_work(cx, Work::Disk(id, question));
        }
        Reach::Memory => scan(cx, question, words, Vec::new(), false),
    }
}

/// The disk has answered.
pub(in crate::app) fn on_found(cx: &mut Context<'_>, found: &Found) {
    let reach = cx.account.search_reach();
    let Some(search) = search(cx) else { return };
    let Some(Work::Disk(_, question)) =
        search.work.take_if(|work| matches!(work, Work::Disk(id, _) if *id == found.id))
    else {
        return;
    };
    let Some(words) = Words::of(&question.text) else { return };
    let hits = found.hits.iter().filter_map(|hit| Hit::of(&hit.room, &hit.message, &words)).collect();
    if reach == Reach::Both {
        scan(cx, question, words, hits, found.more);
    } else {
        take(cx, question, hits, found.more);
    }
}

/// Time has passed: goes on in memory, or asks again what something was said about.
pub(in crate::app) fn on_tick(cx: &mut Context<'_>) {
    let now = cx.now;
    let Some(search) = search(cx) else { return };
    if let Some(Work::Memory(scan)) = search.work.take_if(|work| matches!(work, Work::Memory(_))) {
        return go_on(cx, scan);
    }
    let busy = search.work.is_some();
    if cx.ui.timers.take_due(Timer::RefreshSearch, now) {
        if busy {
            // One question at a time: the answer that is on its way comes first.
            cx.ui.timers.set(Timer::RefreshSearch, now + AGAIN_AFTER);
        } else {
            look(cx, true);
        }
    }
}

/// What `event` means to what was found, if something was.
pub(in crate::app) fn news_in(scene: Scene<'_>, event: &ServerEvent) -> Option<News> {
    if scene.ui.searched.is_none() && !matches!(scene.ui.overlay, Some(Overlay::Search(_))) {
        return None;
    }
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
pub(in crate::app) fn follow(cx: &mut Context<'_>, news: &News) {
    let at = cx.now + AGAIN_AFTER;
    let named = |hit: &Hit| *news == News::Gone(hit.message.clone());
    if let Some(searched) = &mut cx.ui.searched {
        searched.forget(named);
    }
    let mut overlay = cx.ui.overlay.take();
    if let Some(Overlay::Search(search)) = &mut overlay {
        search.forget(|hit| named(hit) || is_deleted(cx.scene(), hit));
        if !search.is_blank() {
            cx.ui.timers.set_once(Timer::RefreshSearch, at);
        }
    }
    cx.ui.overlay = overlay;
}

/// Whether a message is known to be deleted, as far as memory knows.
pub(in crate::app) fn is_deleted(scene: Scene<'_>, hit: &Hit) -> bool {
    let room = scene.account.rooms.get(&hit.room);
    let message = room.and_then(|room| room.timeline.find(&hit.message).map(|slot| room.timeline.get(slot)));
    message.is_some_and(|message| message.deleted)
}

/// Looks through what is in memory.
fn scan(cx: &mut Context<'_>, question: Query, words: Words, known: Vec<Hit>, more: bool) {
    let rooms = match &question.room {
        Some(room) => vec![room.clone()],
        None => cx.account.rooms.known_ids().cloned().collect(),
    };
    go_on(cx, Scan::new(question, words, rooms, known, more));
}

fn go_on(cx: &mut Context<'_>, mut scan: Scan) {
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    if scan.go_on(|id| cx.account.rooms.get(id), most) {
        let question = scan.question.clone();
        let (hits, more) = scan.into_hits(most);
        set_work(cx, None);
        take(cx, question, hits, more);
    } else {
        set_work(cx, Work::Memory(scan));
    }
}

fn take(cx: &mut Context<'_>, question: Query, hits: Vec<Hit>, more: bool) {
    let Some(search) = search(cx) else { return };
    search.take(question, hits, more);
    proceed(cx);
}

fn set_work(cx: &mut Context<'_>, work: impl Into<Option<Work>>) {
    if let Some(search) = search(cx) {
        search.work = work.into();
    }
}

/// The search over the screen.
fn search<'c>(cx: &'c mut Context<'_>) -> Option<&'c mut Search> {
    match cx.ui.overlay.as_mut()? {
        Overlay::Search(search) => Some(search),
        _ => None,
    }
}
