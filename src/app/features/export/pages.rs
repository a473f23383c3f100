//! Pages of an export that come from the server.
//!
//! Where pages are counted from the newest message, new messages shift them down, which repeats messages, and deletions
//! shift them up, which would leave some out. The first page after messages from another source is therefore the one
//! that should contain the oldest message collected so far; if it does not reach that message, the page before it is
//! requested.

use crate::app::model::context::Context;
use crate::app::model::export::{Export, ExportStage};
use crate::app::model::history_page::HistoryPage;
use crate::domain::{Message, MessageInfo, Paging, Request, Room};

/// What a page brought.
pub(super) enum PageContent {
    /// Messages, oldest first, and whether the first of them is the first message of the room.
    Messages(Vec<Message>, bool),
    /// Nothing, but the loaded message before the oldest one is known now.
    Bridge,
    /// Nothing new; there is nothing older.
    Start,
    /// Nothing new. This page has to be requested next.
    Request(u32),
    /// Nothing new, again and again.
    Repeated,
}

/// Requests the page before the oldest message collected so far.
pub(super) fn request(cx: &mut Context<'_>, page: u32) {
    let serial = cx.account.page_requests.begin();
    let Some(export) = &mut cx.account.export else { return };
    export.stage = ExportStage::Loading(serial);
    let (room, before) = (export.room.clone(), export.oldest_id().cloned());
    cx.request(Request::History { room, serial, page, before });
}

/// Returns the number of the page to request.
pub(super) fn next_page(export: &Export, paging: Paging) -> u32 {
    match export.pages.last {
        // Pages identified by position need no number, and only the newest page is the first.
        _ if !paging.by_number => {
            if export.oldest.is_some() {
                2
            } else {
                1
            }
        }
        Some(last) => last.saturating_add(1),
        None => export.pages.passed.saturating_sub(1) / paging.size.max(1) + 1,
    }
}

/// Reads a page. Loaded messages are left to memory, which knows more about them.
pub(super) fn read(export: &mut Export, room: &Room, paging: Paging, page: HistoryPage) -> PageContent {
    let HistoryPage { page: number, pages, messages, .. } = page;
    let is_last = number >= pages || messages.is_empty();
    let previous = export.pages.last.replace(number);
    if paging.by_number && number > 1 && !reaches(export, &messages) && previous != Some(number - 1) {
        export.pages.last = None;
        return PageContent::Request(number - 1);
    }
    let is_older = |message: &MessageInfo| {
        let oldest = export.oldest.as_ref();
        oldest.is_none_or(|(_, at)| message.sent_at <= *at) && !export.has(&message.id)
    };
    let mut older: Vec<MessageInfo> = messages.into_iter().filter(is_older).collect();
    older.sort_by_key(|message| message.sent_at);
    if older.is_empty() && is_last {
        return PageContent::Start;
    }
    let is_endless = export.pages.repetition.count(!older.is_empty());
    if older.is_empty() {
        let is_stuck = !paging.by_number || is_endless;
        return if is_stuck { PageContent::Repeated } else { PageContent::Request(number + 1) };
    }
    let is_loaded = |message: &MessageInfo| room.timeline.find(&message.id).is_some();
    let Some(newest_loaded) = older.iter().rposition(is_loaded) else {
        return PageContent::Messages(older.into_iter().map(Message::from).collect(), is_last);
    };
    let kept = older.split_off(newest_loaded + 1);
    let predecessor = older.pop().map(|message| message.id);
    if kept.is_empty() {
        export.predecessor = predecessor;
        return PageContent::Bridge;
    }
    PageContent::Messages(kept.into_iter().map(Message::from).collect(), false)
}

/// Whether a page contains the oldest message collected so far, or a newer one.
fn reaches(export: &Export, messages: &[MessageInfo]) -> bool {
    let Some((id, at)) = &export.oldest else { return true };
    messages.iter().any(|message| message.id == *id || message.sent_at > *at)
}
