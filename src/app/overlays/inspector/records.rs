//! The records that the inspector holds, with what a row of the list needs.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::domain::{AccountId, RoomId};
use crate::text::SafeText;
use crate::wire::{
    CallNumber, CallOutcome, Filter, GroupId, Groups, MAX_BYTES, MAX_RECORDS, Record, RecordKind, RecordSubject,
    Summary,
};

/// Maximum length of a part of a path with digits that is shown in full. Longer ones are ids.
const MAX_SEGMENT_CHARS: usize = 20;

/// Number of characters that are shown of an id.
const SHORT_SEGMENT_CHARS: usize = 6;

/// Origin of a record.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Origin {
    /// The first of the accounts of the same service. The records of all of them about one message belong together.
    pub(in crate::app) service: AccountId,
    /// Name of the profile.
    pub(in crate::app) profile: SafeText,
    /// Title of the room; empty if there is none.
    pub(in crate::app) room: SafeText,
}

/// A record and its row.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The record.
    pub record: Arc<Record>,
    /// Event, type of the packet, or method and path of the call.
    pub name: SafeText,
    /// HTTP status, or a word such as `failed`; otherwise empty.
    pub outcome: SafeText,
    /// Name of the profile.
    pub profile: SafeText,
    /// Title of the room; empty if there is none.
    pub room: SafeText,
    /// Microseconds since the previous record of the same group.
    pub since_previous: Option<u64>,
    summary: Summary,
    group: Option<GroupId>,
    /// Whether it meets the filter.
    is_wanted: bool,
}

/// The newest records, in the order of their numbers.
#[derive(Debug, Clone, Default)]
pub struct Records {
    entries: VecDeque<Entry>,
    bytes: usize,
    groups: Groups,
    /// Time of the latest record of each group, in microseconds.
    latest: HashMap<GroupId, u64>,
    /// Names of the calls whose end is not known.
    calls: HashMap<CallNumber, String>,
    /// Conditions that the user has typed.
    filter: Filter,
    /// Number of the last record.
    last: u64,
    /// Number of records that were dropped before they could be shown.
    pub missed: u64,
}

/// Selection of the records that are shown.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Selection {
    /// The message whose records are shown, if the inspector was opened for one.
    pub(in crate::app) about: Option<RecordSubject>,
    /// Whether the records of a group are shown next to each other.
    pub(in crate::app) is_grouped: bool,
}

impl Records {
    /// Adds a record, unless it is known already. Drops the oldest ones beyond the limits of the ring.
    pub(in crate::app) fn push(&mut self, record: Arc<Record>, origin: Origin) {
        if record.seq <= self.last {
            return;
        }
        if self.last > 0 {
            self.missed += record.seq - self.last - 1;
        }
        self.last = record.seq;
        let mut summary = Summary::of(&record);
        match &record.kind {
            RecordKind::CallStarted(started) => drop(self.calls.insert(started.call, summary.name.clone())),
            RecordKind::CallFinished { call, .. } => {
                summary.name = self.calls.remove(call).unwrap_or_else(|| "reply".to_owned());
            }
            _ => {}
        }
        let Origin { service, profile, room } = origin;
        let group = self.groups.assign_on(service, &record);
        let previous = group.and_then(|group| self.latest.insert(group, record.at.micros));
        let since_previous = previous.map(|previous| record.at.micros.saturating_sub(previous));
        let (name, outcome) = (SafeText::line(&abbreviated(&summary.name)), SafeText::line(&summary.outcome));
        self.bytes += record.memory();
        let is_wanted = self.filter.matches(&record, &summary, &room, &profile);
        let entry = Entry { record, name, outcome, profile, room, since_previous, summary, group, is_wanted };
        self.entries.push_back(entry);
        while self.entries.len() > MAX_RECORDS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.record.memory();
        }
        if self.latest.len() > 2 * MAX_RECORDS {
            let oldest = self.entries.front().map_or(0, |entry| entry.record.at.micros);
            self.latest.retain(|_, at| *at >= oldest);
        }
    }

    /// Changes the conditions that shown records meet. New records are examined when they arrive.
    pub(in crate::app) fn set_filter(&mut self, filter: Filter) {
        if self.filter != filter {
            for entry in &mut self.entries {
                entry.is_wanted = filter.matches(&entry.record, &entry.summary, &entry.room, &entry.profile);
            }
            self.filter = filter;
        }
    }

    /// Returns the record of the call that a record ends.
    pub(in crate::app) fn request_of(&self, record: &Record) -> Option<&Arc<Record>> {
        let RecordKind::CallFinished { call, .. } = &record.kind else { return None };
        let is_start = |kind: &RecordKind| matches!(kind, RecordKind::CallStarted(started) if started.call == *call);
        self.entries.iter().map(|entry| &entry.record).find(|record| is_start(&record.kind))
    }

    /// Returns the record of the opening request of the socket of a record's account.
    pub(in crate::app) fn opening_before(&self, record: &Record) -> Option<&Arc<Record>> {
        let earlier = self.entries.iter().rev().map(|entry| &entry.record).skip_while(|other| other.seq > record.seq);
        let mut of_account = earlier.filter(|other| other.account == record.account);
        of_account.find(|other| matches!(other.kind, RecordKind::Opening(_)))
    }

    /// Returns the number of records.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Returns the entry with this number.
    pub fn get(&self, seq: u64) -> Option<&Entry> {
        let index = self.entries.binary_search_by_key(&seq, |entry| entry.record.seq).ok()?;
        self.entries.get(index)
    }

    /// Whether a record meets the conditions of a search.
    pub(in crate::app) fn matches(&self, seq: u64, search: &Filter) -> bool {
        self.get(seq).is_some_and(|entry| search.matches(&entry.record, &entry.summary, &entry.room, &entry.profile))
    }

    /// Returns the group of a record, if others belong to it.
    pub fn group(&self, seq: u64) -> Option<GroupId> {
        self.get(seq)?.group.map(|group| self.groups.root(group))
    }

    /// Returns the room of a record. A receipt names only the message; other records of its group know the room.
    pub(in crate::app) fn room_of(&self, record: &Record) -> Option<RoomId> {
        let group = self.group(record.seq);
        let others = self.entries.iter().filter(|entry| group.is_some() && self.root(entry) == group);
        let mut rooms = others.filter_map(|entry| entry.record.subject.room.clone());
        record.subject.room.clone().or_else(|| rooms.next())
    }

    /// Returns the numbers of the records that are shown, in their order.
    pub(in crate::app) fn rows(&self, selection: &Selection) -> Vec<u64> {
        let Selection { about, is_grouped } = selection;
        let wanted = about.as_ref().map(|about| self.groups_about(about));
        let is_wanted = |entry: &&Entry| {
            wanted.as_ref().is_none_or(|wanted| self.root(entry).is_some_and(|group| wanted.contains(&group)))
        };
        let shown = self.entries.iter().filter(|entry| entry.is_wanted).filter(is_wanted);
        let mut rows: Vec<(u64, u64)> = shown
            .map(|entry| {
                let seq = entry.record.seq;
                (self.root(entry).filter(|_| *is_grouped).map_or(seq, |group| group.0), seq)
            })
            .collect();
        rows.sort_unstable();
        rows.into_iter().map(|(_, seq)| seq).collect()
    }

    fn root(&self, entry: &Entry) -> Option<GroupId> {
        entry.group.map(|group| self.groups.root(group))
    }

    /// Returns the groups of a message.
    fn groups_about(&self, about: &RecordSubject) -> HashSet<GroupId> {
        let is_about = |entry: &&Entry| {
            let subject = &entry.record.subject;
            (about.message.is_some() && subject.message == about.message)
                || (about.local.is_some() && subject.local == about.local)
        };
        self.entries.iter().filter(is_about).filter_map(|entry| self.root(entry)).collect()
    }
}

/// Shortens the ids in the path of a call. The details have the whole path.
fn abbreviated(name: &str) -> String {
    // Events have long names, too.
    let Some((method, path)) = name.split_once('/') else { return name.to_owned() };
    let is_id = |part: &str| part.chars().count() > MAX_SEGMENT_CHARS && part.chars().any(|c| c.is_ascii_digit());
    let short = |part: &str| match is_id(part) {
        true => part.chars().take(SHORT_SEGMENT_CHARS).chain(['…']).collect(),
        false => part.to_owned(),
    };
    format!("{method}/{}", path.split('/').map(short).collect::<Vec<_>>().join("/"))
}

/// Duration of the call that a record ends, in microseconds.
pub fn duration(record: &Record) -> Option<u64> {
    match &record.kind {
        RecordKind::CallFinished { micros, outcome: CallOutcome::Reply { .. } | CallOutcome::Failed(_), .. } => {
            Some(*micros)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountId;
    use crate::wire::{Moment, Payload};

    /// The name `v1OnDeliverChatRoom` was shown as `v1OnDe…`.
    #[test]
    fn only_ids_in_paths_are_abbreviated() {
        for name in [
            "v1OnDeliverMessagesInTheRoom2",
            "notifications-are-switched-off",
            "POST /api/v2/notification-settings-of-me",
        ] {
            assert_eq!(abbreviated(name), name);
        }
        assert_eq!(abbreviated("GET /channel/63f8a1b2c3d4e5f6a7b8c9d0/message"), "GET /channel/63f8a1…/message");
    }

    #[test]
    fn new_and_old_records_meet_the_filter() {
        let mut records = Records::default();
        let push = |records: &mut Records, seq: u64| {
            let text = if seq.is_multiple_of(3) { "2" } else { r#"42["message",{}]"# };
            let kind = RecordKind::Received { payload: Payload::new(text.into(), text.len()), problem: None };
            let subject = RecordSubject::default();
            let record = Record { seq, at: Moment::default(), account: AccountId(0), subject, kind };
            records.push(Arc::new(record), Origin::default());
        };
        (1..=3).for_each(|seq| push(&mut records, seq));
        records.set_filter(Filter::parse("ping"));
        (4..=6).for_each(|seq| push(&mut records, seq));
        assert_eq!(records.rows(&Selection::default()), [3, 6]);
        records.set_filter(Filter::parse("message"));
        assert_eq!(records.rows(&Selection::default()), [1, 2, 4, 5]);
        records.set_filter(Filter::default());
        assert_eq!(records.rows(&Selection::default()).len(), 6);
    }
}
