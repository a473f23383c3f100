//! A queue of planned actions, ordered by time. It does not read the clock.

use std::collections::BTreeMap;

use crate::domain::Timestamp;

/// Actions by their time; those with the same time stay in the order in which they were planned.
#[derive(Debug)]
pub(super) struct Agenda<A> {
    actions: BTreeMap<(Timestamp, u64), A>,
    /// Number of actions planned so far, which keeps the keys unique.
    planned: u64,
}

impl<A> Default for Agenda<A> {
    fn default() -> Self {
        Self { actions: BTreeMap::new(), planned: 0 }
    }
}

impl<A> Agenda<A> {
    /// Time of the next action.
    pub(super) fn next_time(&self) -> Option<Timestamp> {
        self.actions.keys().next().map(|(at, _)| *at)
    }

    /// Removes and returns the next action if it is due by `now`.
    pub(super) fn pop_due(&mut self, now: Timestamp) -> Option<A> {
        let first = self.actions.first_entry().filter(|first| first.key().0 <= now)?;
        Some(first.remove())
    }

    /// Plans an action for the time `at`.
    pub(super) fn plan(&mut self, at: Timestamp, action: A) {
        self.planned += 1;
        self.actions.insert((at, self.planned), action);
    }

    /// Removes the actions for which `keep` is false.
    pub(super) fn retain(&mut self, keep: impl Fn(&A) -> bool) {
        self.actions.retain(|_, action| keep(action));
    }

    /// Removes all actions.
    pub(super) fn clear(&mut self) {
        self.actions.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_ordered_by_time_and_then_by_planning() {
        let mut agenda = Agenda::default();
        for (at, action) in [(5, "c"), (3, "a"), (5, "d"), (4, "b")] {
            agenda.plan(Timestamp(at), action);
        }
        assert_eq!(agenda.next_time(), Some(Timestamp(3)));
        assert_eq!(agenda.pop_due(Timestamp(2)), None);
        let mut due = || agenda.pop_due(Timestamp(5));
        assert_eq!([due(), due(), due(), due(), due()], [Some("a"), Some("b"), Some("c"), Some("d"), None]);
    }
}
