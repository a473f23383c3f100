//! Collects the messages of an export, and completes its file.

use crate::app::effect::{Effect, ExportReply, ExportStep};
use crate::app::features::export::loaded::Loaded;
use crate::app::features::export::pages::PageContent;
use crate::app::features::export::{loaded, pages, record};
use crate::app::features::persistence::flush::flush;
use crate::app::features::persistence::unloaded_page;
use crate::app::features::{refused_command, waiting_questions};
use crate::app::model::account::ConnectionState;
use crate::app::model::context::Context;
use crate::app::model::export::{Export, ExportStage};
use crate::app::model::history_page::HistoryPage;
use crate::app::model::timers::AccountTimer;
use crate::app::overlays::question::Replacement;
use crate::domain::{Message, PageSerial, SECOND};
use crate::export::ExportHeader;
use crate::store::{Edge, HistoryPosition, Query, StoredPage};

/// Number of messages per query of the store.
const QUERY_SIZE: u32 = 500;

/// Delays after which a page is requested again that the server could not send, in milliseconds.
const RETRY_DELAYS: [i64; 4] = [2 * SECOND, 5 * SECOND, 15 * SECOND, 60 * SECOND];

/// Collects the next messages, if nothing else is in progress.
pub(in crate::app) fn advance(cx: &mut Context<'_>) {
    let Some(export) = cx.account.export.as_deref().filter(|export| export.stage == ExportStage::Ready) else {
        return;
    };
    let Some(room) = cx.account.rooms.get(&export.room) else {
        return finish(cx, Some("The room is no longer in the list.".to_owned()));
    };
    if export.oldest.is_none() && room.history.is_loading_page(1) {
        // The newest messages are about to arrive.
        return;
    }
    if export.is_at_start {
        return finish(cx, None);
    }
    match loaded::older(room, export) {
        Loaded::Messages(messages) => return append_local(cx, &messages, false),
        Loaded::Start => return finish(cx, None),
        Loaded::Nothing => {}
    }
    let (oldest, can_fetch) = (export.oldest_id().cloned(), room.can_fetch());
    let is_stored = cx.account.persistence.enabled && cx.account.persistence.loaded;
    let paging = cx.account.paging();
    if is_stored && export.store_end.as_ref() != Some(&oldest) {
        let at = oldest.map_or(HistoryPosition::Newest, HistoryPosition::Before);
        query(cx, at, false);
    } else if can_fetch && cx.account.connection == ConnectionState::Online {
        let page = pages::next_page(export, paging);
        announce_continuation(cx);
        pages::request(cx, page);
    } else if can_fetch {
        set_stage(cx, ExportStage::Offline);
    } else if let Some(oldest) = oldest.filter(|_| is_stored && !export.crosses_gap) {
        query(cx, HistoryPosition::BeforeAcrossGap(oldest), true);
    } else {
        finish(cx, Some("The server no longer sends the messages of this room.".to_owned()));
    }
}

fn set_stage(cx: &mut Context<'_>, stage: ExportStage) {
    if let Some(export) = &mut cx.account.export {
        export.stage = stage;
    }
}

/// Tells the user where the first request continues, if the messages in memory and on the disk have saved others.
fn announce_continuation(cx: &mut Context<'_>) {
    let page = u64::from(cx.account.paging().size);
    let Some(export) = &mut cx.account.export else { return };
    let is_first = !std::mem::replace(&mut export.has_requested, true);
    if let Some((_, at)) = export.oldest.as_ref().filter(|_| is_first && export.messages > page) {
        let (count, date) = (counted(export.messages), cx.options.times.short_date(*at));
        cx.notify(format!("{count} are here already. The export continues at {date}."));
    }
}

/// Returns a number of messages as text.
fn counted(messages: u64) -> String {
    format!("{messages} {}", if messages == 1 { "message" } else { "messages" })
}

/// Asks the store for older messages. Changes that are not stored yet are written first.
fn query(cx: &mut Context<'_>, at: HistoryPosition, crosses_gap: bool) {
    flush(cx, usize::MAX);
    // The export keeps its own changes, from its beginning to its end.
    let id = cx.account.page_requests.begin().0;
    let Some(export) = &mut cx.account.export else { return };
    (export.stage, export.crosses_gap) = (ExportStage::Querying(id), crosses_gap);
    let room = export.room.clone();
    cx.query(Query::Export { id, room, at, limit: QUERY_SIZE });
}

/// Appends messages that do not come from a page of the server.
fn append_local(cx: &mut Context<'_>, messages: &[Message], gap_after: bool) {
    if let Some(export) = &mut cx.account.export {
        export.pages.last = None;
    }
    append(cx, messages, gap_after);
}

/// Appends messages, oldest first. `gap_after` tells that messages may be missing after the last of them.
fn append(cx: &mut Context<'_>, messages: &[Message], gap_after: bool) {
    let omits_deleted = cx.account.capabilities.is_some_and(|can| can.pages_omit_deleted);
    let mut described: Vec<_> = messages.iter().map(|message| record::describe(cx.scene(), message)).collect();
    if let Some(last) = described.last_mut() {
        last.gap_after = gap_after;
    }
    let Some(export) = &mut cx.account.export else { return };
    export.on_collected(messages, omits_deleted);
    export.stage = ExportStage::Appending;
    cx.effects.push(Effect::Export(cx.account.id, export.id, ExportStep::Append(described)));
}

/// Completes the file. `missing` is the reason why it does not go back to the first message.
pub(in crate::app) fn finish(cx: &mut Context<'_>, missing: Option<String>) {
    let Some(export) = &mut cx.account.export else { return };
    if export.messages == 0 {
        let reason = missing.unwrap_or_else(|| "There are no messages in this room.".to_owned());
        abandon(cx);
        return cx.notify(format!("Nothing was exported. {reason}"));
    }
    export.stage = ExportStage::Finishing;
    export.missing.clone_from(&missing);
    let amendments = std::mem::take(&mut export.amendments);
    let header = ExportHeader {
        title: export.target.name.clone(),
        room: export.room.as_str().to_owned(),
        exported_at: export.started_at,
        times: cx.options.times.clone(),
        missing,
    };
    cx.effects.push(Effect::Export(cx.account.id, export.id, ExportStep::Finish(Box::new(header), amendments)));
}

/// Abandons the export, if there is one. Nothing remains of its file.
pub(in crate::app) fn abandon(cx: &mut Context<'_>) -> Option<Box<Export>> {
    let export = cx.account.export.take()?;
    cx.account.timers.clear(AccountTimer::RetryExport);
    cx.effects.push(Effect::AbandonExport(cx.account.id, export.id));
    Some(export)
}

/// Handles the reply to a step.
pub(in crate::app) fn on_reply(cx: &mut Context<'_>, id: u64, reply: ExportReply) {
    let Some(export) = cx.account.export.as_mut().filter(|export| export.id == id) else { return };
    match reply {
        // The user may have ended the export meanwhile, so that its file is being completed.
        ExportReply::Opened | ExportReply::Appended if export.stage == ExportStage::Finishing => {}
        ExportReply::Opened | ExportReply::Appended => {
            export.stage = ExportStage::Ready;
            advance(cx);
        }
        ExportReply::Exists(path) => {
            let (room, format) = (export.room.clone(), export.target.format);
            abandon(cx);
            waiting_questions::ask_to_replace(cx, Replacement::Export(room, format, path));
        }
        ExportReply::Finished(path) => {
            let count = counted(export.messages);
            let continues = if export.has_stored { " Another /export continues there." } else { "" };
            let missing = export.missing.take().map(|reason| format!(" Older ones are missing. {reason}{continues}"));
            abandon(cx);
            cx.notify(format!("Exported {count} to {path}.{}", missing.unwrap_or_default()));
        }
        ExportReply::Failed(reason) => {
            let is_refused = export.stage == ExportStage::Opening && cx.ui.open.as_ref() == Some(&export.room);
            let line = is_refused.then(|| export.target.command_line());
            abandon(cx);
            if let Some(line) = line {
                refused_command::put_back(cx, &line);
            }
            cx.notify(format!("Not exported. {reason}"));
        }
    }
}

/// Handles a page from the store.
pub(in crate::app) fn on_stored(cx: &mut Context<'_>, id: u64, page: &StoredPage) {
    let Some(export) = cx.account.export.as_mut().filter(|export| export.stage == ExportStage::Querying(id)) else {
        return;
    };
    export.stage = ExportStage::Ready;
    let is_beyond_gap = export.crosses_gap && !page.messages.is_empty();
    export.is_at_start = page.edge == Edge::Start;
    if page.messages.is_empty() {
        export.store_end = Some(export.oldest_id().cloned());
        advance(cx);
    } else {
        export.crosses_gap = false;
        append_local(cx, &page.messages, is_beyond_gap);
    }
}

/// Stores messages that a page has brought, directly before those collected so far.
fn store_page(cx: &mut Context<'_>, messages: &[Message], is_at_start: bool) {
    let Some(export) = &mut cx.account.export else { return };
    let (room, before) = (export.room.clone(), export.oldest_id().cloned());
    let Some(is_saved) = unloaded_page::store(cx, room, messages, before, is_at_start) else { return };
    if let Some(export) = &mut cx.account.export {
        export.has_stored |= is_saved;
    }
}

/// Returns whether the export waits for the page with this serial.
pub(in crate::app) fn awaits(cx: &Context<'_>, serial: PageSerial) -> bool {
    cx.account.export.as_ref().is_some_and(|export| export.stage == ExportStage::Loading(serial))
}

/// Handles a page from the server.
pub(in crate::app) fn on_page(cx: &mut Context<'_>, mut page: HistoryPage) {
    for message in &mut page.messages {
        if let Some(author) = message.author_info.take() {
            cx.account.people.learn(*author);
        }
        cx.account.people.learn_quoted(message.quote.as_deref());
    }
    let paging = cx.account.paging();
    let Some(export) = &mut cx.account.export else { return };
    export.stage = ExportStage::Ready;
    export.pages.failures = 0;
    let Some(room) = cx.account.rooms.get(&export.room) else { return advance(cx) };
    let changes = cx.account.page_requests.amend(page.serial, &export.room, &mut page.messages, |_| false);
    match pages::read(export, room, paging, page) {
        PageContent::Messages(mut messages, is_at_start) => {
            for (id, amendments) in &changes {
                if let Some(message) = messages.iter_mut().find(|message| message.id.as_ref() == Some(id)) {
                    message.amend_all(amendments);
                }
            }
            export.is_at_start = is_at_start;
            store_page(cx, &messages, is_at_start);
            append(cx, &messages, false);
        }
        PageContent::Bridge => advance(cx),
        PageContent::Start => {
            export.is_at_start = true;
            advance(cx);
        }
        PageContent::Request(page) => pages::request(cx, page),
        PageContent::Repeated => finish(cx, Some("The server sends the same messages again.".to_owned())),
    }
}

/// Handles the failure of a page: requests it again, or completes the file without older messages.
pub(in crate::app) fn on_page_failed(cx: &mut Context<'_>, may_succeed_later: bool, reason: &str) {
    let Some(export) = &mut cx.account.export else { return };
    let delay = RETRY_DELAYS.get(usize::from(export.pages.failures)).filter(|_| may_succeed_later);
    if may_succeed_later && cx.account.connection != ConnectionState::Online {
        export.stage = ExportStage::Offline;
    } else if let Some(delay) = delay {
        export.pages.failures += 1;
        export.stage = ExportStage::Pausing;
        cx.account.timers.set(AccountTimer::RetryExport, cx.now + *delay);
    } else {
        finish(cx, Some(reason.to_owned()));
    }
}

/// Goes on after a pause, or when there is a connection again.
pub(in crate::app) fn resume(cx: &mut Context<'_>) {
    let waiting = |export: &&mut Box<Export>| matches!(export.stage, ExportStage::Offline | ExportStage::Pausing);
    if let Some(export) = cx.account.export.as_mut().filter(waiting) {
        export.stage = ExportStage::Ready;
        cx.account.timers.clear(AccountTimer::RetryExport);
        advance(cx);
    }
}
