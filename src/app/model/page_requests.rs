//! Unanswered requests for pages of messages, and the changes since, which a page may lack.
//!
//! The server may read a page before somebody edits or deletes a message on it, and send the page after the event. The
//! store may do the same with an answer, before the change is written. What changes while a page is requested is therefore
//! recorded and applied to the page. Nothing is recorded while no page is expected.

use std::collections::BTreeMap;

use crate::domain::{
    Amendment, Amendments, Message, MessageChange, MessageId, MessageInfo, PageSerial, RoomId, RoomInfo,
};

/// Query of the store that replaces an unanswered one for the same: only the newest of them is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum ReplacingQuery {
    /// For a page of a room's history.
    History(RoomId),
    /// For words.
    Search,
}

/// Unanswered requests for pages of messages, with the changes since.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct PageRequests {
    last: PageSerial,
    unanswered: BTreeMap<PageSerial, Option<ReplacingQuery>>,
    amendments: Amendments,
    /// The request since which the changes were last kept.
    kept_since: PageSerial,
}

impl PageRequests {
    /// Begins a request and returns its serial.
    pub(in crate::app) fn begin(&mut self) -> PageSerial {
        self.insert(None)
    }

    /// Begins a query of the store, and ends the one that it replaces. Returns its serial.
    pub(in crate::app) fn begin_query(&mut self, query: ReplacingQuery) -> PageSerial {
        self.unanswered.retain(|_, other| other.as_ref() != Some(&query));
        self.insert(Some(query))
    }

    fn insert(&mut self, query: Option<ReplacingQuery>) -> PageSerial {
        self.last.0 += 1;
        self.unanswered.insert(self.last, query);
        self.last
    }

    /// Ends a request, because it was answered or failed.
    pub(in crate::app) fn end(&mut self, serial: PageSerial) {
        self.unanswered.remove(&serial);
    }

    /// Whether no page is expected.
    pub(in crate::app) fn is_idle(&self) -> bool {
        self.unanswered.is_empty()
    }

    /// Records a change that the expected replies may lack.
    pub(in crate::app) fn record(&mut self, change: MessageChange) {
        self.amendments.add(self.last, change);
    }

    /// The recorded changes.
    pub(in crate::app) fn amendments(&self) -> &Amendments {
        &self.amendments
    }

    /// Forgets the changes that no expected page can lack.
    pub(in crate::app) fn forget_changes(&mut self) {
        if self.amendments.is_empty() {
            return;
        }
        match self.unanswered.keys().next().copied() {
            None => self.amendments = Amendments::default(),
            Some(oldest) if oldest != self.kept_since => {
                self.kept_since = oldest;
                self.amendments.forget_before(oldest);
            }
            Some(_) => {}
        }
    }

    /// Brings the messages on a page up to date. Removes those that the user has deleted.
    ///
    /// Returns the changes of messages that are not loaded. They are applied when the messages are, so that their texts
    /// before the edits are kept.
    pub(in crate::app) fn amend(
        &self,
        serial: PageSerial,
        room: &RoomId,
        messages: &mut Vec<MessageInfo>,
        is_loaded: impl Fn(&MessageId) -> bool,
    ) -> Vec<(MessageId, Vec<Amendment>)> {
        let mut postponed = Vec::new();
        if self.amendments.is_empty() {
            return postponed;
        }
        messages.retain_mut(|info| {
            let due: Vec<Amendment> = self.amendments.due(serial, room, info).into_iter().cloned().collect();
            if due.contains(&Amendment::Removed) {
                return false;
            }
            if is_loaded(&info.id) {
                due.iter().for_each(|amendment| info.amend(amendment));
            } else if !due.is_empty() {
                postponed.push((info.id.clone(), due));
            }
            true
        });
        postponed
    }

    /// Returns the changes of messages on a page of the store, and removes those that the user has deleted.
    pub(in crate::app) fn changes_of_stored(
        &self,
        serial: PageSerial,
        room: &RoomId,
        messages: &mut Vec<Message>,
    ) -> Vec<(MessageId, Vec<Amendment>)> {
        let mut changes = Vec::new();
        if self.amendments.is_empty() {
            return changes;
        }
        messages.retain(|message| {
            let due = self.amendments.due_for_stored(serial, room, message);
            let is_removed = due.contains(&&Amendment::Removed);
            if let Some(id) = message.id.clone().filter(|_| !is_removed && !due.is_empty()) {
                changes.push((id, due.into_iter().cloned().collect()));
            }
            !is_removed
        });
        changes
    }

    /// Brings the last message in a room's info up to date, whenever the info was requested.
    pub(in crate::app) fn amend_preview(&self, info: &mut RoomInfo) {
        let Some(last) = &mut info.last_message else { return };
        let due = self.amendments.due(PageSerial::default(), &info.id, last);
        let is_removed = due.contains(&&Amendment::Removed);
        let due: Vec<Amendment> = due.into_iter().cloned().collect();
        due.iter().for_each(|amendment| last.amend(amendment));
        info.last_message.take_if(|_| is_removed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PersonId, Timestamp};

    fn deletion(id: &str) -> MessageChange {
        MessageChange { message: MessageId::new(id), room: None, author: None, amendment: Amendment::Deleted }
    }

    fn is_deleted(requests: &PageRequests, serial: PageSerial, id: &str) -> bool {
        let (room, author) = (RoomId::new("r"), PersonId::new("a"));
        let mut page = vec![MessageInfo::new(MessageId::new(id), room.clone(), author, Timestamp(1))];
        requests.amend(serial, &room, &mut page, |_| true);
        page[0].deleted
    }

    #[test]
    fn change_concerns_the_pages_requested_before_it() {
        let mut requests = PageRequests::default();
        let first = requests.begin();
        requests.record(deletion("m1"));
        let second = requests.begin();
        requests.record(deletion("m2"));
        assert!(is_deleted(&requests, first, "m1") && is_deleted(&requests, first, "m2"));
        assert!(!is_deleted(&requests, second, "m1") && is_deleted(&requests, second, "m2"));
        requests.end(first);
        requests.forget_changes();
        assert!(!is_deleted(&requests, first, "m1") && is_deleted(&requests, second, "m2"));
        requests.end(second);
        requests.forget_changes();
        assert!(requests.amendments().is_empty(), "nothing is kept while nothing is requested");
    }

    #[test]
    fn newer_query_ends_the_one_that_it_replaces() {
        let mut requests = PageRequests::default();
        let history = |room: &str| ReplacingQuery::History(RoomId::new(room));
        let (first, other) = (requests.begin_query(history("r")), requests.begin_query(history("s")));
        let search = requests.begin_query(ReplacingQuery::Search);
        let second = requests.begin_query(history("r"));
        assert_eq!(requests.unanswered.keys().copied().collect::<Vec<_>>(), [other, search, second]);
        [first, other, search, second].into_iter().for_each(|serial| requests.end(serial));
        assert!(requests.is_idle());
    }

    #[test]
    fn changes_are_bounded() {
        let mut requests = PageRequests::default();
        let serial = requests.begin();
        for n in 0..100_000 {
            requests.record(deletion(&format!("m{n}")));
        }
        assert!(is_deleted(&requests, serial, "m0") && !is_deleted(&requests, serial, "m99999"));
    }
}
