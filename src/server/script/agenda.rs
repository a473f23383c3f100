//! What is to be done when. Pure: it is told what time it is.

use std::collections::BTreeMap;

use crate::domain::Timestamp;

/// Acts by their time; of the same time, in the order in which they were planned.
#[derive(Debug)]
pub(crate) struct Agenda<A> {
    acts: BTreeMap<(Timestamp, u64), A>,
    planned: u64,
}

impl<A> Default for Agenda<A> {
    fn default() -> Self {
        Self { acts: BTreeMap::new(), planned: 0 }
    }
}

impl<A> Agenda<A> {
    /// When something is to be done next.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.acts.keys().next().map(|(at, _)| *at)
    }

    /// What is to be done by `now`, one at a time.
    pub(crate) fn due(&mut self, now: Timestamp) -> Option<A> {
        let first = self.acts.first_entry().filter(|first| first.key().0 <= now)?;
        Some(first.remove())
    }

    /// Something to be done at `at`.
    pub(crate) fn plan(&mut self, at: Timestamp, act: A) {
        self.planned += 1;
        self.acts.insert((at, self.planned), act);
    }

    /// Keeps what `keep` keeps.
    pub(crate) fn retain(&mut self, keep: impl Fn(&A) -> bool) {
        self.acts.retain(|_, act| keep(act));
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.acts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_come_in_their_order() {
        let mut agenda = Agenda::default();
        for (at, act) in [(5, "c"), (3, "a"), (5, "d"), (4, "b")] {
            agenda.plan(Timestamp(at), act);
        }
        assert_eq!(agenda.next(), Some(Timestamp(3)));
        assert_eq!(agenda.due(Timestamp(2)), None);
        let mut due = || agenda.due(Timestamp(5));
        assert_eq!([due(), due(), due(), due(), due()], [Some("a"), Some("b"), Some("c"), Some("d"), None]);
    }
}
