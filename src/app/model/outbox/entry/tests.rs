//! Tests of the transitions: each of them in each stage, and random sequences against a simulated store.
//!
//! They check the table and the invariants that the documentation of [`OutboxEntry`] lists.

use proptest::prelude::*;

use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::outbox::stage::{OutboxStage, Uncertain};
use crate::domain::{Content, LocalId, MINUTE, MessageId, RoomId, SendFailure, Timestamp};
use crate::store;
use crate::store::{Entry, OutboxPayload, OutboxWrite};
use crate::text::SafeText;

const BEGIN: Timestamp = Timestamp(1_000_000);

/// Stage without its times. A marked entry is one whose mark the store has confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Writing,
    Queued,
    Marking,
    Marked,
    Sending,
    Pending,
    Checking,
    NeedsUser,
    Failed,
}

use Kind::{Checking, Failed, Marked, Marking, NeedsUser, Pending, Queued, Sending, Writing};

const KINDS: [Kind; 9] = [Writing, Queued, Marking, Marked, Sending, Pending, Checking, NeedsUser, Failed];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transition {
    OnStored,
    OnMarkStored,
    OnStoreTimeout,
    BeginAttempt,
    HandOver,
    OnProgress,
    OnInterrupted,
    Requeue,
    OnUncertain,
    OnRejected,
    OnRoomDeleted,
    OnAccountChanged,
    StartSearch,
    SearchAgain,
    OnSearchFailed,
    Resend,
    AskUser,
    Retry,
    Rewrite,
    Expedite,
}

use Transition::{
    AskUser, BeginAttempt, Expedite, HandOver, OnAccountChanged, OnInterrupted, OnMarkStored, OnProgress, OnRejected,
    OnRoomDeleted, OnSearchFailed, OnStoreTimeout, OnStored, OnUncertain, Requeue, Resend, Retry, Rewrite, SearchAgain,
    StartSearch,
};

const TRANSITIONS: [Transition; 20] = [
    OnStored,
    OnMarkStored,
    OnStoreTimeout,
    BeginAttempt,
    HandOver,
    OnProgress,
    OnInterrupted,
    Requeue,
    OnUncertain,
    OnRejected,
    OnRoomDeleted,
    OnAccountChanged,
    StartSearch,
    SearchAgain,
    OnSearchFailed,
    Resend,
    AskUser,
    Retry,
    Rewrite,
    Expedite,
];

/// Stages and the transitions that change them.
const TABLE: &[(Kind, &[Transition], Kind)] = &[
    (Writing, &[OnStored, OnStoreTimeout], Queued),
    (Queued, &[BeginAttempt], Marking),
    (Marking, &[OnMarkStored, OnStoreTimeout], Marked),
    (Marked, &[HandOver], Sending),
    (Sending, &[Requeue], Queued),
    (Sending, &[OnUncertain], Pending),
    (Sending, &[OnRejected], Failed),
    (Checking, &[OnRejected], Failed),
    (Checking, &[SearchAgain, OnSearchFailed], Pending),
    (Checking, &[Resend], Queued),
    (Checking, &[AskUser], NeedsUser),
    (NeedsUser, &[Retry], Queued),
    (Failed, &[Retry], Queued),
];

/// Returns the stage that a transition leads to; the current one if it does not apply.
fn expected(from: Kind, transition: Transition, is_send: bool) -> Kind {
    match (from, transition) {
        (_, OnRoomDeleted | OnAccountChanged) => return Failed,
        // Messages are searched for; edits and deletions are sent again.
        (Pending, StartSearch) if is_send => return Checking,
        (Pending, BeginAttempt) if !is_send => return Marking,
        _ => {}
    }
    let row = TABLE.iter().find(|(stage, transitions, _)| *stage == from && transitions.contains(&transition));
    row.map_or(from, |(_, _, to)| *to)
}

fn kind(entry: &OutboxEntry) -> Kind {
    match entry.stage() {
        OutboxStage::Writing(_) => Writing,
        OutboxStage::Queued(_) => Queued,
        OutboxStage::Marking(_) if entry.is_marked() => Marked,
        OutboxStage::Marking(_) => Marking,
        OutboxStage::Sending => Sending,
        OutboxStage::Uncertain(Uncertain::Pending(_)) => Pending,
        OutboxStage::Uncertain(Uncertain::Checking) => Checking,
        OutboxStage::Uncertain(Uncertain::NeedsUser) => NeedsUser,
        OutboxStage::Failed(_) => Failed,
    }
}

/// Writes and requests that an entry returned during a transition.
#[derive(Debug, Default)]
struct Output {
    writes: Vec<OutboxWrite>,
    is_sent: bool,
}

/// Applies a transition at `now`. Everything that is scheduled by it is due a minute later at the latest.
fn apply(entry: &mut OutboxEntry, transition: Transition, now: Timestamp) -> Output {
    let mut output = Output::default();
    match transition {
        OnStored => entry.on_stored(true, now),
        OnMarkStored => entry.on_mark_stored(),
        OnStoreTimeout => entry.on_store_timeout(now),
        BeginAttempt => output.writes = entry.begin_attempt(now, now + 1_000),
        HandOver => output.is_sent = entry.hand_over(now, Some(now)).is_some(),
        OnProgress => {
            entry.on_progress(Timestamp(0), 50, 100);
        }
        OnInterrupted => entry.on_interrupted(),
        Requeue => entry.requeue(now, 500),
        OnUncertain => entry.on_uncertain(now, now + 2_000),
        OnRejected => output.writes.extend(entry.on_rejected(SafeText::line("Too long."))),
        OnRoomDeleted => output.writes = entry.on_room_deleted(),
        OnAccountChanged => output.writes.push(entry.on_account_changed()),
        StartSearch => {
            entry.start_search(now);
        }
        SearchAgain => entry.search_again(now),
        OnSearchFailed => entry.on_search_failed(now, 500),
        Resend => entry.resend(now),
        AskUser => entry.ask_user(),
        Retry => output.writes.extend(entry.retry(now)),
        Rewrite => output.writes.extend(entry.rewrite("hello!".to_owned())),
        Expedite => entry.expedite(now, now + 2_000),
    }
    output
}

fn message() -> OutboxPayload {
    OutboxPayload::Send(Content::text("hello".to_owned()))
}

fn edit() -> OutboxPayload {
    OutboxPayload::Edit { message: MessageId::new("m1"), text: "hello".to_owned() }
}

fn new_entry(payload: OutboxPayload, written_at: Timestamp) -> OutboxEntry {
    OutboxEntry::new(LocalId::from_random(1), RoomId::new("r1"), payload, written_at, written_at + 1_000)
}

/// Returns an entry in this stage; `None` if an entry of this kind never gets there.
fn entry_in(stage: Kind, payload: OutboxPayload) -> Option<OutboxEntry> {
    let steps: &[Transition] = &[OnStored, BeginAttempt, OnMarkStored, HandOver];
    let after_sending: &[Transition] = match stage {
        Pending => &[OnUncertain],
        Checking => &[OnUncertain, StartSearch],
        NeedsUser => &[OnUncertain, StartSearch, AskUser],
        Failed => &[OnRejected],
        _ => &[],
    };
    let mut entry = new_entry(payload, BEGIN);
    let mut now = BEGIN;
    for step in steps.iter().chain(after_sending) {
        if kind(&entry) == stage {
            break;
        }
        apply(&mut entry, *step, now);
        now = now + MINUTE;
    }
    Some(entry).filter(|entry| kind(entry) == stage)
}

#[test]
fn transitions_change_only_the_stages_in_the_table() {
    let mut applied = 0;
    for (payload, stage) in [message(), edit()].iter().flat_map(|payload| KINDS.map(|stage| (payload, stage))) {
        let Some(entry) = entry_in(stage, payload.clone()) else {
            assert!(!entry_is_send(payload) && matches!(stage, Checking | NeedsUser), "{stage:?} is not reached");
            continue;
        };
        for transition in TRANSITIONS {
            let mut after = entry.clone();
            let output = apply(&mut after, transition, BEGIN + 60 * MINUTE);
            let to = expected(stage, transition, entry_is_send(payload));
            assert_eq!(kind(&after), to, "{transition:?} in stage {stage:?}");
            assert_eq!(output.is_sent, stage == Marked && transition == HandOver, "{transition:?} in stage {stage:?}");
            applied += 1;
        }
    }
    assert_eq!(applied, (9 + 7) * TRANSITIONS.len());
}

fn entry_is_send(payload: &OutboxPayload) -> bool {
    matches!(payload, OutboxPayload::Send(_))
}

/// An edit is kept as a message when its room is deleted, because a message shows its text and can be discarded.
#[test]
fn edit_in_a_deleted_room_becomes_a_failed_message() {
    let mut entry = entry_in(Sending, edit()).expect("an entry");
    let writes = entry.on_room_deleted();
    assert_eq!((entry.payload(), entry.failure()), (&message(), Some(&SendFailure::RoomDeleted)));
    let [OutboxWrite::Put(put), OutboxWrite::Mark { stage: store::StoredStage::Failed(SendFailure::RoomDeleted), .. }] =
        &writes[..]
    else {
        panic!("{writes:?}")
    };
    assert_eq!(put.payload, message());
    assert_eq!(entry.on_room_deleted(), [], "the second time");
}

/// Regression test: it was 1 before anything was sent.
#[test]
fn attempts_are_those_that_have_begun() {
    let mut entry = new_entry(message(), BEGIN).written_as_sent();
    assert_eq!((entry.attempts(), entry.to_stored().attempts), (0, 1), "the store is told in advance");
    entry.on_stored(true, BEGIN);
    entry.begin_attempt(BEGIN, BEGIN);
    assert_eq!((entry.attempts(), entry.to_stored().attempts), (1, 1));
}

/// A new entry is stored as sent, so that its first attempt needs no further write. A retry stores it as not sent
/// again.
#[test]
fn retried_entry_is_marked_again_before_it_is_sent() {
    let mut entry = new_entry(message(), BEGIN).written_as_sent();
    entry.on_stored(true, BEGIN);
    entry.on_account_changed();
    entry.on_mark_stored();
    assert!(matches!(entry.retry(BEGIN), Some(OutboxWrite::Mark { stage: store::StoredStage::Queued, .. })));
    entry.on_mark_stored();
    let writes = entry.begin_attempt(BEGIN, BEGIN + 1_000);
    assert!(matches!(&writes[..], [OutboxWrite::Mark { stage: store::StoredStage::Uncertain, .. }]), "{writes:?}");
    assert_eq!(entry.hand_over(BEGIN, None), None, "the mark is not stored yet");
    entry.on_mark_stored();
    assert!(entry.hand_over(BEGIN, None).is_some());
}

/// The text of a message that may have been sent would be lost, or sent a second time.
#[test]
fn only_unsent_text_is_rewritten() {
    for stage in KINDS {
        let mut entry = entry_in(stage, message()).expect("an entry");
        let is_rewritten = entry.rewrite("hello!".to_owned()).is_some();
        assert_eq!(is_rewritten, matches!(stage, Writing | Queued | Failed), "{stage:?}");
        assert_eq!(*entry.payload() == message(), !is_rewritten, "{stage:?}");
    }
    for (stored, attempts) in
        [(store::StoredStage::Queued, 0), (store::StoredStage::Queued, 1), (store::StoredStage::Uncertain, 1)]
    {
        let stored = Entry { stage: stored, attempts, ..new_entry(message(), BEGIN).to_stored() };
        let mut entry = OutboxEntry::restored(stored, BEGIN).expect("an entry");
        assert_eq!(entry.rewrite("hello!".to_owned()).is_some(), attempts == 0);
    }
}

/// The new text was sent before it was on disk, where the old text was marked as sent.
#[test]
fn rewritten_entry_is_marked_again_before_it_is_sent() {
    let mut entry = new_entry(message(), BEGIN).written_as_sent();
    assert!(matches!(
        entry.rewrite("hello!".to_owned()),
        Some(OutboxWrite::Put(Entry { stage: store::StoredStage::Queued, attempts: 0, .. }))
    ));
    entry.on_stored(true, BEGIN);
    let writes = entry.begin_attempt(BEGIN, BEGIN + 1_000);
    assert!(
        matches!(&writes[..], [OutboxWrite::Mark { stage: store::StoredStage::Uncertain, attempts: 1, .. }]),
        "{writes:?}"
    );
    assert_eq!(entry.hand_over(BEGIN, None), None, "the mark is not stored yet");
}

/// An entry and what its store knows about it.
struct Story {
    entry: OutboxEntry,
    stored: (store::StoredStage, u32),
    unconfirmed: u32,
    now: Timestamp,
    attempts: u32,
}

impl Story {
    fn new(entry: OutboxEntry) -> Self {
        let Entry { stage, attempts, .. } = entry.to_stored();
        // A new entry that is sent at once is stored with its first attempt counted already.
        let attempts_before = if entry.is_on_disk() { attempts } else { 0 };
        Self { entry, stored: (stage, attempts), unconfirmed: 0, now: BEGIN, attempts: attempts_before }
    }

    fn apply(&mut self, transition: Transition) -> Result<(), TestCaseError> {
        let before = self.entry.clone();
        let Output { writes, is_sent } = apply(&mut self.entry, transition, self.now);
        match transition {
            OnMarkStored => self.unconfirmed = self.unconfirmed.saturating_sub(1),
            OnStoreTimeout => self.unconfirmed = 0,
            _ => {}
        }
        for write in writes {
            self.stored = match write {
                OutboxWrite::Put(Entry { stage, attempts, .. }) => (stage, attempts),
                OutboxWrite::Mark { stage, attempts, .. } => {
                    self.unconfirmed += 1;
                    (stage, attempts)
                }
                OutboxWrite::Remove(_) => return Err(TestCaseError::fail("the entry was removed")),
            };
        }
        if is_sent {
            prop_assert_eq!(&self.stored, &(store::StoredStage::Uncertain, self.entry.attempts()));
            prop_assert_eq!(self.unconfirmed, 0, "sent before the mark was written");
            prop_assert!(self.entry.attempts() > self.attempts, "the attempt was not counted");
            self.attempts = self.entry.attempts();
        }
        self.check(&before, transition)
    }

    fn check(&self, before: &OutboxEntry, transition: Transition) -> Result<(), TestCaseError> {
        let after = &self.entry;
        prop_assert!(!before.needs_user() || after.needs_user() || transition == Retry, "went on without the user");
        prop_assert!(after.failure().is_none() || before.failure().is_none() || after.needs_user());
        prop_assert!(after.is_on_disk() || !before.is_on_disk());
        prop_assert!(after.maybe_sent() || !before.maybe_sent());
        prop_assert!(after.written_at() <= before.written_at());
        prop_assert_eq!((after.local(), after.room()), (before.local(), before.room()));
        prop_assert!(after.payload() == before.payload() || matches!(transition, OnRoomDeleted | Rewrite));
        prop_assert!(after.payload() == before.payload() || after.is_send());
        Ok(())
    }
}

fn start() -> impl Strategy<Value = OutboxEntry> {
    let failed = store::StoredStage::Failed(SendFailure::OtherAccount);
    let stage = prop::sample::select(vec![store::StoredStage::Queued, store::StoredStage::Uncertain, failed]);
    let restored = (stage, 0_u32..3, any::<bool>()).prop_map(|(stage, attempts, is_send)| {
        let is_send = is_send || matches!(stage, store::StoredStage::Failed(_));
        let payload = if is_send { message() } else { edit() };
        let (local, room) = (LocalId::from_random(1), RoomId::new("r1"));
        OutboxEntry::restored(Entry { local, room, payload, stage, attempts, at: BEGIN }, BEGIN).expect("an entry")
    });
    // The local clock may have been ahead of the server's when the entry was written.
    let ahead = prop::sample::select(vec![0, MINUTE]);
    let new = (any::<bool>(), any::<bool>(), ahead).prop_map(|(is_send, at_once, ahead)| {
        let entry = new_entry(if is_send { message() } else { edit() }, BEGIN + ahead);
        if is_send && at_once { entry.written_as_sent() } else { entry }
    });
    prop_oneof![restored, new]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn random_transitions_keep_the_invariants(
        entry in start(),
        steps in prop::collection::vec((prop::sample::select(TRANSITIONS.to_vec()), 0..90_000_i64), 0..80),
    ) {
        let mut story = Story::new(entry);
        for (transition, delay) in steps {
            story.now = story.now + delay;
            // Most entries would be stuck in `Writing`, `Marking` or `Failed` if only chance led them on.
            for next in [transition, OnStored, OnMarkStored, HandOver] {
                if next == transition || delay % 2 == 0 {
                    story.apply(next)?;
                }
            }
        }
    }
}
