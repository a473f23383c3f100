//! What Alice wrote and saw, and what has to be true because of that.

use std::time::{Duration, Instant};

use super::screen_reader::{Glance, Mark};
use super::world::ROOMS;

/// What `kill -9` may cost of what is being written.
const TYPED: Duration = Duration::from_secs(1);

/// A change of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    Never,
    /// Asked for; whether it was taken nobody has seen.
    Asked,
    /// It was seen to be waiting or made.
    Seen,
}

/// A line of Alice's for which Enter was pressed.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) room: usize,
    pub(crate) text: String,
    /// It was seen as waiting or sent, or it is nowhere else: the server has to have it.
    pub(crate) certain: bool,
    pub(crate) edit: Change,
    pub(crate) delete: Change,
}

impl Line {
    /// The line once it is edited.
    pub(crate) fn edited(&self) -> String {
        format!("{} anew", self.text)
    }
}

/// All that Alice wrote, and saw of it.
pub(crate) struct Ledger {
    /// In the order of Enter.
    pub(crate) lines: Vec<Line>,
    /// What is being written in each room: what stood there last for certain, and what was typed since. With the moment at
    /// which it was on screen.
    written: [Vec<(Option<Instant>, String)>; ROOMS.len()],
    /// The program was killed, and what came back in a room was not looked at yet.
    unseen: [bool; ROOMS.len()],
    count: usize,
}

impl Ledger {
    /// Nothing is written yet.
    pub(crate) fn new() -> Self {
        let written = ROOMS.map(|_| vec![(None, String::new())]);
        Self { lines: Vec::new(), written, unseen: [false; ROOMS.len()], count: 0 }
    }

    /// The words of a new line.
    pub(crate) fn next(&mut self) -> String {
        self.count += 1;
        format!("w{}.", self.count)
    }

    /// What is being written in a room.
    pub(crate) fn written(&self, room: usize) -> &str {
        self.written[room].last().map_or("", |(_, text)| text)
    }

    /// Something was typed.
    pub(crate) fn write(&mut self, room: usize, text: &str) {
        self.written[room].push((None, text.to_owned()));
    }

    /// Enter was pressed on what was being written.
    pub(crate) fn enter(&mut self, room: usize) {
        let text = self.written(room).to_owned();
        self.write(room, "");
        if let Some(edited) = text.strip_prefix('✎') {
            if let Some(line) = self.lines.iter_mut().find(|line| line.room == room && line.edited() == edited) {
                line.edit = line.edit.max(Change::Asked);
            }
            return;
        }
        // It may be here already: it came back as if it had not been entered.
        if let Some(at) = self.lines.iter().position(|line| line.text == text) {
            let line = self.lines.remove(at);
            assert!(!line.certain, "{text:?} came back to be written, although it was taken");
        }
        self.lines.push(Line { room, text, certain: false, edit: Change::Never, delete: Change::Never });
    }

    /// The line that stands in a room like this, edited or not.
    pub(crate) fn line(&mut self, room: usize, text: &str) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.room == room && (line.text == text || line.edited() == text))
    }

    /// Takes note of what is on screen.
    pub(crate) fn see(&mut self, glance: &Glance) {
        let (Some(room), false) = (glance.room, glance.covered) else { return };
        assert!(!glance.asks, "the user is asked what becomes of a line");
        for (text, mark) in &glance.lines {
            let Some(line) = self.line(room, text) else { continue };
            assert_ne!(*mark, Mark::Failed, "{text:?}");
            line.certain |= *mark != Mark::None;
            let waits = *mark == Mark::Waiting;
            if line.edit == Change::Asked && (waits || line.edited() == *text) {
                line.edit = Change::Seen;
            }
            if line.delete == Change::Asked && waits {
                line.delete = Change::Seen;
            }
        }
        let written = &mut self.written[room];
        if let (Some(last), Some(now)) = (written.last_mut(), &glance.written)
            && last.0.is_none()
            && last.1 == *now
        {
            last.0 = Some(Instant::now());
        }
    }

    /// The program was killed: of what was being written, what was on screen a second ago has to come back.
    pub(crate) fn killed(&mut self) {
        self.unseen = [true; ROOMS.len()];
        for written in &mut self.written {
            let safe = written.iter().rposition(|(at, _)| at.is_some_and(|at| at.elapsed() >= TYPED));
            written.drain(..safe.unwrap_or(0));
            if safe.is_none() {
                written.insert(0, (None, String::new()));
            }
            written.iter_mut().for_each(|(at, _)| *at = None);
        }
    }

    /// Whether something that was being written may still come back in a room.
    pub(crate) fn may_come_back(&self, room: usize) -> bool {
        self.unseen[room] && self.written[room].iter().any(|(_, text)| !text.is_empty())
    }

    /// The program was started anew, and this came back in a room.
    pub(crate) fn came_back(&mut self, room: usize, text: &str) {
        if !std::mem::take(&mut self.unseen[room]) {
            return;
        }
        let written = &self.written[room];
        let cut = |pair: &[(Option<Instant>, String)]| pair[1].1.starts_with(text) && text.starts_with(&pair[0].1);
        let known = written.iter().any(|(_, state)| state == text) || written.windows(2).any(cut);
        assert!(known, "{} has {text:?}, of {written:?}", ROOMS[room]);
        let gone = written.first().map_or("", |(_, text)| text);
        // What was safe on disk and is not being written any more was sent.
        if text.is_empty()
            && let Some(line) = self.lines.iter_mut().find(|line| line.room == room && line.text == gone)
        {
            line.certain = true;
        }
        let sent = self.lines.iter().find(|line| line.room == room && line.text == text);
        assert!(!sent.is_some_and(|line| line.certain), "{text:?} was sent and came back to be sent again");
        self.written[room] = vec![(Some(Instant::now()), text.to_owned())];
    }

    /// What is amiss with what the server has in a room.
    pub(crate) fn amiss(&self, room: usize, said: &[String]) -> Option<String> {
        let mut order = Vec::new();
        for line in self.lines.iter().filter(|line| line.room == room) {
            let places: Vec<usize> =
                (0..said.len()).filter(|at| said[*at] == line.text || said[*at] == line.edited()).collect();
            let edited = places.iter().any(|at| said[*at] == line.edited());
            let fits = match places.len() {
                0 => !line.certain || line.delete != Change::Never,
                1 => line.delete != Change::Seen,
                _ => false,
            };
            let edit_fits = match line.edit {
                Change::Never => !edited,
                Change::Asked => true,
                Change::Seen => edited || places.is_empty(),
            };
            if !fits || !edit_fits {
                return Some(format!("{} times: {line:?}", places.len()));
            }
            order.extend(places);
        }
        let hers = said.iter().filter(|text| text.starts_with('w')).count();
        if hers != order.len() {
            return Some(format!("{hers} lines of hers, {} expected", order.len()));
        }
        (!order.is_sorted()).then(|| format!("out of order: {order:?}"))
    }
}
