//! Message search: runs queries against the store and memory and delivers the results to the search overlay.
//!
//! One search runs at a time. The store answers asynchronously; messages in memory are scanned in slices, one per tick,
//! so that a large history does not delay the screen. If the query changes meanwhile, the new one is searched
//! afterwards.

use crate::app::features::persistence::text_query;
use crate::app::features::search_query::{self, SearchQuery};
use crate::app::model::context::{Context, Scene};
use crate::app::model::search_reach::SearchReach;
use crate::app::model::timers::UiTimer;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::search::query::Query;
use crate::app::overlays::search::result::SearchResult;
use crate::app::overlays::search::scan::Scan;
use crate::app::overlays::search::window::{Search, Work};
use crate::domain::{Amendment, MessageChange, MessageId, PageSerial, ServerEvent};
use crate::store::SearchResults;

/// Maximum number of results. A longer list is less useful than a more specific query.
pub(in crate::app) const MAX_RESULTS: u32 = 200;

/// Delay of a refresh after messages have changed, in milliseconds, so that a burst of messages causes one search.
const REFRESH_DELAY: i64 = 500;

/// Change of messages that affects search results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum SearchChange {
    /// Messages were added or edited.
    Updated,
    /// A message was deleted.
    Deleted(MessageId),
}

/// Searches for the query in the overlay, unless it has been answered or is being searched.
pub(in crate::app) fn search_if_changed(cx: &mut Context<'_>) {
    start_search(cx, false);
}

/// Searches for the query in the overlay even if it has been answered, because messages may have changed since.
pub(in crate::app) fn search_again(cx: &mut Context<'_>) {
    start_search(cx, true);
}

fn start_search(cx: &mut Context<'_>, repeat: bool) {
    let reach = cx.account.search_reach();
    let Some(query) = search_mut(cx).map(|search| search.current_query()) else { return };
    let reading = search_query::read(cx.scene(), &query.text);
    let Some(search) = search_mut(cx) else { return };
    search.problem = reading.problems.first().cloned();
    (search.problems, search.suggestion) = (reading.problems, reading.suggestion);
    let Some(understood) = reading.query else {
        // The answer to a query that is still running is discarded when it arrives.
        return search.set_results(query, Vec::new(), false);
    };
    match &search.work {
        Some(Work::Disk(..)) => return,
        // A scan for an outdated query is abandoned below.
        Some(Work::Memory(scan)) if scan.query == query => return,
        Some(Work::Memory(_)) => search.work = None,
        None if search.answered.as_ref() == Some(&query) && !repeat => return,
        None => {}
    }
    cx.ui.timers.clear(UiTimer::RefreshSearch);
    match reach {
        SearchReach::Later => {}
        SearchReach::Disk | SearchReach::Both => {
            let id = text_query::search_text(cx, understood, query.room.as_ref(), MAX_RESULTS);
            set_work(cx, Work::Disk(id, query));
        }
        SearchReach::Memory => start_scan(cx, query, understood, Vec::new(), false),
    }
}

/// Handles the store's answer; scans memory as well if the store does not have every message.
pub(in crate::app) fn on_disk_results(cx: &mut Context<'_>, mut results: SearchResults) {
    let (reach, format) = (cx.account.search_reach(), cx.scene().text_format());
    let Some(search) = search_mut(cx) else { return };
    let Some(Work::Disk(_, query)) = search.work.take_if(|work| matches!(work, Work::Disk(id, _) if *id == results.id))
    else {
        return;
    };
    let Some(understood) = search_query::read(cx.scene(), &query.text).query else { return };
    bring_up_to_date(cx.scene(), &understood, &mut results);
    let matches = results.matches.iter();
    let known = matches.filter_map(|found| SearchResult::of(&found.room, &found.message, &understood.terms, format));
    let known: Vec<SearchResult> = known.filter(|result| !is_deleted(cx.scene(), result)).collect();
    if reach == SearchReach::Both {
        start_scan(cx, query, understood, known, results.has_more);
    } else {
        show_results(cx, query, known, results.has_more);
    }
}

/// Applies what has changed since the store was queried, and removes what does not match any more.
fn bring_up_to_date(scene: Scene<'_>, query: &SearchQuery, results: &mut SearchResults) {
    let (serial, amendments) = (PageSerial(results.id), scene.account.page_requests.amendments());
    results.matches.retain_mut(|found| {
        let due = amendments.due_for_stored(serial, &found.room, &found.message);
        let is_removed = due.contains(&&Amendment::Removed);
        let is_changed = found.message.amend_all(due);
        !is_removed && (!is_changed || query.matches(&found.room, &found.message))
    });
}

/// Continues the scan of memory of an open search.
pub(in crate::app) fn continue_open_scan(cx: &mut Context<'_>) {
    let Some(search) = search_mut(cx) else { return };
    if let Some(Work::Memory(scan)) = search.work.take_if(|work| matches!(work, Work::Memory(_))) {
        continue_scan(cx, scan);
    }
}

/// Refreshes the results of an open search, or postpones that while a query is running, because only one runs at a
/// time.
pub(in crate::app) fn refresh(cx: &mut Context<'_>) {
    let at = cx.now + REFRESH_DELAY;
    match search_mut(cx) {
        Some(search) if search.work.is_some() => cx.ui.timers.set(UiTimer::RefreshSearch, at),
        Some(_) => start_search(cx, true),
        None => {}
    }
}

/// Returns how a server event affects search results; `None` if there are no results or it does not affect them.
pub(in crate::app) fn change_of(
    scene: Scene<'_>,
    event: &ServerEvent,
    change: Option<&MessageChange>,
) -> Option<SearchChange> {
    if scene.ui.searched.is_none() && !matches!(scene.ui.box_ref(), Some(Overlay::Search(_))) {
        return None;
    }
    match change.map(|change| &change.amendment) {
        Some(Amendment::Deleted | Amendment::Removed) => {
            return change.map(|change| SearchChange::Deleted(change.message.clone()));
        }
        Some(Amendment::Edited(_) | Amendment::Starred(_)) => return Some(SearchChange::Updated),
        Some(Amendment::Seen) | None => {}
    }
    match event {
        ServerEvent::Message(_)
        | ServerEvent::History { .. }
        | ServerEvent::Accepted { .. }
        | ServerEvent::Done(_)
        | ServerEvent::RoomDeleted(_)
        | ServerEvent::SignedIn { .. } => Some(SearchChange::Updated),
        _ => None,
    }
}

/// Removes a deleted message from the results at once and schedules a refresh for every other change.
pub(in crate::app) fn after_event(cx: &mut Context<'_>, change: &SearchChange) {
    let at = cx.now + REFRESH_DELAY;
    let is_named =
        |result: &SearchResult| matches!(change, SearchChange::Deleted(message) if *message == result.message);
    if let Some(searched) = &mut cx.ui.searched {
        searched.remove_results(is_named);
    }
    let mut overlay = cx.ui.overlay.take();
    if let Some(Overlay::Search(search)) = overlay.as_mut().map(Overlay::uncovered_mut) {
        search.remove_results(|result| is_named(result) || is_deleted(cx.scene(), result));
        if let Some(Work::Memory(scan)) = &mut search.work {
            scan.remove_results(is_named);
        }
        if !search.is_blank() {
            cx.ui.timers.set_once(UiTimer::RefreshSearch, at);
        }
    }
    cx.ui.overlay = overlay;
}

/// Whether the message of a result is in memory and marked as deleted.
pub(in crate::app) fn is_deleted(scene: Scene<'_>, result: &SearchResult) -> bool {
    let room = scene.account.rooms.get(&result.room);
    let message = room.and_then(|room| room.timeline.find(&result.message).map(|slot| room.timeline.get(slot)));
    message.is_some_and(|message| message.deleted)
}

/// Starts to scan the messages in memory; `known` are the results from the store.
fn start_scan(cx: &mut Context<'_>, query: Query, understood: SearchQuery, known: Vec<SearchResult>, more: bool) {
    let rooms = match &query.room {
        Some(room) => vec![room.clone()],
        None => cx.account.rooms.known_ids().cloned().collect(),
    };
    let scan = (understood.terms, understood.filter, cx.scene().text_format());
    continue_scan(cx, Box::new(Scan::new(query, scan, rooms, known, more)));
}

/// Scans the next slice, and shows the results when the scan is complete.
fn continue_scan(cx: &mut Context<'_>, mut scan: Box<Scan>) {
    let limit = usize::try_from(MAX_RESULTS).unwrap_or(usize::MAX);
    if scan.advance(|id| cx.account.rooms.get(id), limit) {
        let query = scan.query.clone();
        let (results, more) = scan.into_results(limit);
        set_work(cx, None);
        show_results(cx, query, results, more);
    } else {
        set_work(cx, Work::Memory(scan));
    }
}

/// Passes results to the overlay, then searches again if the query has changed meanwhile.
fn show_results(cx: &mut Context<'_>, query: Query, results: Vec<SearchResult>, more: bool) {
    let Some(search) = search_mut(cx) else { return };
    search.set_results(query, results, more);
    search_if_changed(cx);
}

fn set_work(cx: &mut Context<'_>, work: impl Into<Option<Work>>) {
    if let Some(search) = search_mut(cx) {
        search.work = work.into();
    }
}

/// Returns the search overlay, if it is open.
fn search_mut<'c>(cx: &'c mut Context<'_>) -> Option<&'c mut Search> {
    match cx.ui.box_mut()? {
        Overlay::Search(search) => Some(search),
        _ => None,
    }
}
