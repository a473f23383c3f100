//! Properties of the outbox: no message is lost or sent twice. Random stories run against a small server and a small
//! store, with lost answers, late pages and crashes.

mod world;

use std::collections::HashSet;

use proptest::prelude::*;
use world::World;

/// Treatment of local ids by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LocalIds {
    /// Returns them, and refuses a second copy of a send.
    Unique,
    /// Returns them.
    Returns,
    /// Ignores them.
    Ignores,
    /// Ignores them, and answers a send without an id at all.
    IgnoresAndAnswersWithoutId,
}

impl LocalIds {
    fn echoes_local_ids(self) -> bool {
        matches!(self, Self::Unique | Self::Returns)
    }
}

/// A step of a story.
#[derive(Debug, Clone, Copy)]
enum Step {
    Write(bool),
    /// Cancels the newest queued message, if possible, and never sends it.
    Cancel,
    /// Edits the newest queued message, if possible.
    Edit,
    Disk(u8),
    /// The server stores a send without answering yet.
    Store(u8),
    Answer(u8, Answer),
    Page(u8, bool),
    Echo(u8),
    Disconnect,
    Connect,
    Wait(u16),
    Crash(u8, u8),
}

/// The fate of a send and its answer.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Accepted,
    LostAfterwards,
    LostBefore,
    /// The answer is lost, and the server processes the send later, after so many eighths of the longest time.
    LostAndLate(u8),
    NotSent,
    Later,
    Refused,
}

/// A random step.
fn step() -> impl Strategy<Value = Step> {
    let answer = prop::sample::select(vec![
        Answer::Accepted,
        Answer::Accepted,
        Answer::Accepted,
        Answer::LostAfterwards,
        Answer::LostAfterwards,
        Answer::LostBefore,
        Answer::LostAndLate(2),
        Answer::LostAndLate(8),
        Answer::NotSent,
        Answer::Later,
        Answer::Refused,
    ]);
    prop_oneof![
        4 => any::<bool>().prop_map(Step::Write),
        2 => Just(Step::Cancel),
        2 => Just(Step::Edit),
        6 => (1..6u8).prop_map(Step::Disk),
        1 => any::<u8>().prop_map(Step::Store),
        6 => (any::<u8>(), answer).prop_map(|(n, answer)| Step::Answer(n, answer)),
        4 => (any::<u8>(), any::<bool>()).prop_map(|(n, stale)| Step::Page(n, stale)),
        1 => any::<u8>().prop_map(Step::Echo),
        1 => Just(Step::Disconnect),
        2 => Just(Step::Connect),
        3 => (1..4_000u16).prop_map(Step::Wait),
        1 => (any::<u8>(), 0..4u8).prop_map(|(bits, writes)| Step::Crash(bits, writes)),
    ]
}

fn run(local_ids: LocalIds, steps: Vec<Step>) {
    let mut world = World::new(local_ids);
    let mut stored = HashSet::new();
    for step in steps {
        world.step(step, &mut stored);
    }
    world.finish(&mut stored);
    world.check();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn send_arrives_once_if_duplicates_are_refused(steps in prop::collection::vec(step(), 1..80)) {
        run(LocalIds::Unique, steps);
    }

    #[test]
    fn send_arrives_once_if_local_ids_are_returned(steps in prop::collection::vec(step(), 1..80)) {
        run(LocalIds::Returns, steps);
    }

    #[test]
    fn nothing_is_duplicated_without_local_ids(steps in prop::collection::vec(step(), 1..80)) {
        run(LocalIds::Ignores, steps);
    }

    #[test]
    fn nothing_is_duplicated_if_answers_have_no_id(steps in prop::collection::vec(step(), 1..80)) {
        run(LocalIds::IgnoresAndAnswersWithoutId, steps);
    }
}
