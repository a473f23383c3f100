//! [`Ledger`]: a record of what Alice wrote and saw, which is compared with the messages on the server.

use std::time::{Duration, Instant};

use super::screen_reader::{Mark, Screen};
use super::world::ROOMS;

/// Maximum age of typed text that `kill -9` may lose.
const DRAFT_DELAY: Duration = Duration::from_secs(1);

/// Progress of an edit or a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    NotRequested,
    /// Requested, but nobody has seen whether the client accepted it.
    Requested,
    /// Seen on the screen as queued or done.
    Seen,
}

/// A message for which Alice pressed Enter.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) room: usize,
    pub(crate) text: String,
    /// Whether the message has to be on the server: it was seen as queued or sent, or its draft did not come back.
    pub(crate) certain: bool,
    pub(crate) edit: Change,
    pub(crate) delete: Change,
}

impl Sent {
    /// The text after an edit.
    pub(crate) fn edited(&self) -> String {
        format!("{} anew", self.text)
    }
}

/// Everything that Alice wrote, and what she saw of it.
pub(crate) struct Ledger {
    /// Messages in the order of Enter.
    pub(crate) sent: Vec<Sent>,
    /// Drafts of each room: the last one that is certainly on disk, and the later ones, each with the time at which it
    /// was on the screen.
    drafts: [Vec<(Option<Instant>, String)>; ROOMS.len()],
    /// Rooms whose draft has not been checked since the last kill.
    unchecked: [bool; ROOMS.len()],
    count: usize,
}

impl Ledger {
    /// A ledger without messages and drafts.
    pub(crate) fn new() -> Self {
        let drafts = ROOMS.map(|_| vec![(None, String::new())]);
        Self { sent: Vec::new(), drafts, unchecked: [false; ROOMS.len()], count: 0 }
    }

    /// Returns the text of a new message.
    pub(crate) fn next_text(&mut self) -> String {
        self.count += 1;
        format!("w{}.", self.count)
    }

    /// The current draft of a room.
    pub(crate) fn draft(&self, room: usize) -> &str {
        self.drafts[room].last().map_or("", |(_, text)| text)
    }

    /// Notes that the draft has changed.
    pub(crate) fn set_draft(&mut self, room: usize, text: &str) {
        self.drafts[room].push((None, text.to_owned()));
    }

    /// Notes that Enter was pressed on the draft.
    pub(crate) fn enter(&mut self, room: usize) {
        let text = self.draft(room).to_owned();
        self.set_draft(room, "");
        if let Some(edited) = text.strip_prefix('✎') {
            if let Some(message) =
                self.sent.iter_mut().find(|message| message.room == room && message.edited() == edited)
            {
                message.edit = message.edit.max(Change::Requested);
            }
            return;
        }
        // The message may be in the ledger already, if its draft came back as if Enter had not been pressed.
        if let Some(at) = self.sent.iter().position(|message| message.text == text) {
            let message = self.sent.remove(at);
            assert!(!message.certain, "{text:?} came back as a draft, although it was sent");
        }
        self.sent.push(Sent { room, text, certain: false, edit: Change::NotRequested, delete: Change::NotRequested });
    }

    /// Finds a message of a room by its text, edited or not.
    pub(crate) fn message(&mut self, room: usize, text: &str) -> Option<&mut Sent> {
        self.sent.iter_mut().find(|message| message.room == room && (message.text == text || message.edited() == text))
    }

    /// Notes what is on the screen.
    pub(crate) fn observe(&mut self, screen: &Screen) {
        let (Some(room), false) = (screen.room, screen.covered) else { return };
        assert!(!screen.asks_to_retry, "the user is asked whether to retry a message");
        for (text, mark) in &screen.messages {
            let Some(message) = self.message(room, text) else { continue };
            assert_ne!(*mark, Mark::Failed, "{text:?}");
            message.certain |= *mark != Mark::None;
            let queued = *mark == Mark::Queued;
            if message.edit == Change::Requested && (queued || message.edited() == *text) {
                message.edit = Change::Seen;
            }
            if message.delete == Change::Requested && queued {
                message.delete = Change::Seen;
            }
        }
        let drafts = &mut self.drafts[room];
        if let (Some(last), Some(now)) = (drafts.last_mut(), &screen.draft)
            && last.0.is_none()
            && last.1 == *now
        {
            last.0 = Some(Instant::now());
        }
    }

    /// Notes that the program was killed. A draft that was on the screen a second ago has to come back.
    pub(crate) fn killed(&mut self) {
        self.unchecked = [true; ROOMS.len()];
        for drafts in &mut self.drafts {
            let safe = drafts.iter().rposition(|(at, _)| at.is_some_and(|at| at.elapsed() >= DRAFT_DELAY));
            drafts.drain(..safe.unwrap_or(0));
            if safe.is_none() {
                drafts.insert(0, (None, String::new()));
            }
            drafts.iter_mut().for_each(|(at, _)| *at = None);
        }
    }

    /// Whether a draft may still come back in a room.
    pub(crate) fn may_restore(&self, room: usize) -> bool {
        self.unchecked[room] && self.drafts[room].iter().any(|(_, text)| !text.is_empty())
    }

    /// Checks the draft that a room has after a restart.
    pub(crate) fn check_restored(&mut self, room: usize, text: &str) {
        if !std::mem::take(&mut self.unchecked[room]) {
            return;
        }
        let drafts = &self.drafts[room];
        let cut_short =
            |pair: &[(Option<Instant>, String)]| pair[1].1.starts_with(text) && text.starts_with(&pair[0].1);
        let known = drafts.iter().any(|(_, draft)| draft == text) || drafts.windows(2).any(cut_short);
        assert!(known, "{} has {text:?}, of {drafts:?}", ROOMS[room]);
        let lost = drafts.first().map_or("", |(_, text)| text);
        // A draft that was on disk and did not come back was sent.
        if text.is_empty()
            && let Some(message) = self.sent.iter_mut().find(|message| message.room == room && message.text == lost)
        {
            message.certain = true;
        }
        let sent = self.sent.iter().find(|message| message.room == room && message.text == text);
        assert!(!sent.is_some_and(|message| message.certain), "{text:?} was sent and came back as a draft");
        self.drafts[room] = vec![(Some(Instant::now()), text.to_owned())];
    }

    /// Compares with the messages that the server has in a room; returns the first difference.
    pub(crate) fn difference(&self, room: usize, history: &[String]) -> Option<String> {
        let mut order = Vec::new();
        for message in self.sent.iter().filter(|message| message.room == room) {
            let places: Vec<usize> = (0..history.len())
                .filter(|at| history[*at] == message.text || history[*at] == message.edited())
                .collect();
            let edited = places.iter().any(|at| history[*at] == message.edited());
            let fits = match places.len() {
                0 => !message.certain || message.delete != Change::NotRequested,
                1 => message.delete != Change::Seen,
                _ => false,
            };
            let edit_fits = match message.edit {
                Change::NotRequested => !edited,
                Change::Requested => true,
                Change::Seen => edited || places.is_empty(),
            };
            if !fits || !edit_fits {
                return Some(format!("{} copies on the server: {message:?}", places.len()));
            }
            order.extend(places);
        }
        let own = history.iter().filter(|text| text.starts_with('w')).count();
        if own != order.len() {
            return Some(format!("{own} messages of Alice, {} expected", order.len()));
        }
        (!order.is_sorted()).then(|| format!("out of order: {order:?}"))
    }
}
