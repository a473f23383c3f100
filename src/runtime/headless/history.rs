//! The command `history`, and the collection of older messages for `tail`.
//!
//! Pages arrive from the newest to the oldest, but messages are printed from the oldest. They are therefore kept in a
//! nameless file in the meantime, so that memory does not depend on their number.

use std::collections::HashSet;

use crate::domain::{MessageId, MessageInfo, Repetition, RoomId};
use crate::export::ExportHeader;
use crate::headless::{MessageRecord, Record};
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::spool::Spool;

use super::output::Output;
use super::session::{Session, warn_of_repetition};

/// Says why older messages are missing.
const NOT_WANTED: &str = "Only the newest messages were asked for.";

/// Prints the newest messages of a room, or all of them.
pub(super) async fn history(
    session: &mut Session,
    out: &mut Output,
    room: &str,
    count: Option<usize>,
) -> anyhow::Result<()> {
    let room = session.room(room, false).await?;
    let mut collected = collect(session, &room, count.unwrap_or(usize::MAX), |_| true).await?;
    let Some(format) = out.document_format() else { return print(&mut collected, out, |_| true) };
    let header = ExportHeader {
        title: session.directory.title(&room).unwrap_or_default(),
        room: room.as_str().to_owned(),
        exported_at: SystemClock.now(),
        times: out.times().clone(),
        missing: collected.missing.map(str::to_owned),
    };
    let messages = collected.spool.items().map(|record| record.map(|record| record.message));
    Ok(out.write_room(format, &header, messages)?)
}

/// Messages of a room.
pub(super) struct Collected {
    pub(super) spool: Spool<MessageRecord>,
    /// Says why they do not go back to the first message of the room, if they do not.
    missing: Option<&'static str>,
}

/// Collects the newest messages of a room: at most `count`, and only as long as `wanted` is true.
pub(super) async fn collect(
    session: &mut Session,
    room: &RoomId,
    count: usize,
    wanted: impl Fn(&MessageInfo) -> bool,
) -> anyhow::Result<Collected> {
    collect_into(session, Spool::new(&std::env::temp_dir())?, room, count, wanted).await
}

/// Like [`collect`], into a sequence that is empty.
pub(super) async fn collect_into(
    session: &mut Session,
    mut spool: Spool<MessageRecord>,
    room: &RoomId,
    count: usize,
    wanted: impl Fn(&MessageInfo) -> bool,
) -> anyhow::Result<Collected> {
    let (mut left, mut number, mut before) = (count, 1, None);
    // Numbered pages move while messages arrive, so that the beginning of a page may be that of the last one again.
    let mut last_page: HashSet<MessageId> = HashSet::new();
    let (mut oldest, mut repetition) = (None, Repetition::default());
    while left > 0 {
        let page = session.page(room, number, before.take()).await?;
        before = page.messages.first().map(|message| message.id.clone());
        let fresh: Vec<&MessageInfo> =
            page.messages.iter().filter(|message| !last_page.contains(&message.id)).collect();
        let is_stuck = fresh.is_empty() && !session.capabilities.paging.by_number;
        let is_endless =
            repetition.count(fresh.iter().any(|message| oldest.is_none_or(|oldest| message.sent_at <= oldest)));
        oldest = fresh.iter().map(|message| message.sent_at).chain(oldest).min();
        let newest: Vec<&MessageInfo> =
            fresh.iter().rev().copied().take_while(|message| wanted(message)).take(left).collect();
        let is_end = newest.len() < fresh.len();
        left -= newest.len();
        let records: Vec<MessageRecord> =
            newest.iter().rev().map(|message| session.directory.describe_message(message)).collect();
        spool.append(&records)?;
        if is_end {
            return Ok(Collected { spool, missing: Some(NOT_WANTED) });
        }
        if !page.more || is_stuck {
            return Ok(Collected { spool, missing: None });
        }
        if is_endless {
            warn_of_repetition("messages");
            return Ok(Collected { spool, missing: Some("The service repeated the same messages.") });
        }
        last_page = page.messages.into_iter().map(|message| message.id).collect();
        number += 1;
    }
    Ok(Collected { spool, missing: Some(NOT_WANTED) })
}

/// Prints the messages for which `wanted` is true, oldest first.
pub(super) fn print(
    collected: &mut Collected,
    out: &mut Output,
    mut wanted: impl FnMut(&MessageRecord) -> bool,
) -> anyhow::Result<()> {
    for record in collected.spool.items() {
        let record = record?;
        if wanted(&record) {
            out.write(&Record::Message(Box::new(record)))?;
        }
    }
    Ok(())
}
