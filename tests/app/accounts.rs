//! Two accounts on different services in one program: whatever happens to one changes nothing of the other.

mod arrangement;
mod drafts;
mod opening;
mod searching;

use minchat_tui::app::{
    ConfigTrigger, ConnectionState, Effect, Event, ExportReply, ExportStep, Options, PersistenceState, Profile, Size,
    State, deadline, layout, update,
};
use minchat_tui::domain::{
    AccountId, Capabilities, ConnectionStatus, Content, LocalId, Pause, Request, RoomInfo, ServerEvent, Timestamp,
};
use minchat_tui::input::{Code, Key};
use minchat_tui::store::{Answer, Entry, OutboxPayload, Snapshot, StoredStage};
use minchat_tui::text::SafeText;
use test_support::story::vchat::{listed_room, sent_message};
use test_support::story::*;

/// The account on screen, on MinChat.
const SHOWN: AccountId = AccountId(0);
/// The other one, on V Chat.
const HIDDEN: AccountId = AccountId(1);

/// A program with two accounts, and what each of them asked for.
struct Program {
    state: State,
    now: Timestamp,
    effects: Vec<Effect>,
}

impl Program {
    fn new() -> Self {
        let profile = |name: &str| Profile { name: name.into(), user: "me".into(), ..Profile::default() };
        let mut state = State::new(Options::default(), profile("work"), Size { width: 100, height: 24 }, BEGIN, 1);
        assert_eq!(state.open_account(profile("home")), HIDDEN);
        for account in state.accounts.iter_mut() {
            account.persistence = PersistenceState::on_disk();
        }
        Self { state, now: BEGIN, effects: Vec::new() }
    }

    fn event(&mut self, event: Event) {
        self.effects.extend(update(&mut self.state, self.now, event));
        for _ in 0..10 {
            layout(&mut self.state);
            let effects = update(&mut self.state, self.now, Event::FrameDrawn);
            if effects.is_empty() {
                return;
            }
            self.effects.extend(effects);
        }
    }

    fn wait(&mut self, millis: i64) {
        let end = self.now + millis;
        while let Some(at) = deadline(&self.state).filter(|at| *at <= end) {
            self.now = at.max(self.now);
            self.event(Event::Tick);
        }
        self.now = end;
    }

    fn types(&mut self, text: &str) {
        for c in text.chars() {
            let code = if c == '\n' { Code::Enter } else { Code::Char(c) };
            self.event(Event::Key(Key::plain(code)));
        }
    }

    /// The effects that name `account`, in order.
    fn effects_of(&self, account: AccountId) -> Vec<&Effect> {
        let names = |effect: &&Effect| match effect {
            Effect::Request(id, _)
            | Effect::Reconnect(id)
            | Effect::SetFaults(id, _)
            | Effect::Inspect(id, _)
            | Effect::PasteImage(id, ..)
            | Effect::FindFiles(id, ..)
            | Effect::SavePaste(id, ..)
            | Effect::EditText(id, _)
            | Effect::FindPath(id, _)
            | Effect::Download(id, ..)
            | Effect::CancelDownload(id, _)
            | Effect::Export(id, ..)
            | Effect::AbandonExport(id, _)
            | Effect::LoadPicture(id, _)
            | Effect::ForgetPictures(id, _)
            | Effect::Persist(id, _)
            | Effect::CloseProfile(id)
            | Effect::Query(id, _) => *id == account,
            Effect::ShowNotification(notification) => notification.id.account == account,
            Effect::WithdrawNotification(id) => id.account == account,
            Effect::FromWire(_)
            | Effect::Bell
            | Effect::WindowTitle(_)
            | Effect::NotifyCommand(..)
            | Effect::Copy(_)
            | Effect::ListFolder(_)
            | Effect::Spawn(..)
            | Effect::OpenLink(..)
            | Effect::Log(..)
            | Effect::Mouse(_)
            | Effect::Hyperlinks(_)
            | Effect::EscapeTime(_)
            | Effect::LoadConfig(_)
            | Effect::ReportBytes(_)
            | Effect::ReadWire(_)
            | Effect::AskForBackground
            | Effect::OpenProfile(_)
            | Effect::AddProfile(_)
            | Effect::RememberProfiles(_)
            | Effect::SaveScreen(_)
            | Effect::PrepareBundle(_)
            | Effect::WriteBundle
            | Effect::DiscardBundle
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit => false,
        };
        self.effects.iter().filter(names).collect()
    }

    /// What the user could notice of `account`, as text.
    fn account(&self, account: AccountId) -> String {
        let account = self.state.accounts.get(account).expect("the account");
        let rooms: Vec<String> = account
            .rooms
            .iter()
            .map(|room| {
                let messages: Vec<_> = room.timeline.iter().collect();
                format!("{:#?}", (&room.info, &room.membership, room.unread(), messages))
            })
            .collect();
        let drafts: Vec<String> = account.drafts.values().map(|draft| draft.text().to_owned()).collect();
        let outbox: Vec<_> = account.outbox.iter().collect();
        format!("{:#?}\n{:#?}\n{drafts:#?}\n{outbox:#?}\n{}", account.connection, account.me, rooms.join("\n"))
    }
}

/// One step of an account's story.
type Step = Box<dyn Fn(&mut Program)>;

fn server(account: AccountId, event: ServerEvent) -> Step {
    Box::new(move |program| {
        let event = answering(&mut program.state, account, event.clone());
        program.event(Event::Server(account, event));
    })
}

fn store(account: AccountId, answer: Answer) -> Step {
    Box::new(move |program| program.event(Event::Store(account, answer.clone())))
}

/// A send that waited when the program ended. Both accounts have one with the same id.
fn queued(text: &str) -> Snapshot {
    let payload = OutboxPayload::Send(Content::text(text));
    let (local, room) = (LocalId::from_random(9), room_id("r1"));
    let entry = Entry { local, room, payload, stage: StoredStage::Queued, attempts: 0, at: BEGIN };
    Snapshot { outbox: vec![entry], ..Snapshot::default() }
}

fn connected(account: AccountId, can: Capabilities, rooms: Vec<RoomInfo>, text: &str) -> Vec<Step> {
    let messages = vec![seen(sent_message("m1", "me", "Hello", -120_000)), sent_message("m2", "alice", text, -60_000)];
    vec![
        store(account, Answer::Loaded(Box::new(queued(&format!("queued by {}", account.0))))),
        server(account, ServerEvent::SignedIn { me: me(), capabilities: can }),
        server(account, ServerEvent::Connection(ConnectionStatus::Online)),
        server(account, ServerEvent::Rooms { page: 1, pages: 1, rooms }),
        server(
            account,
            ServerEvent::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, pages: 1, total: None, messages },
        ),
        server(account, ServerEvent::Message(sent_message("m3", "alice", text, 10))),
    ]
}

/// The story of the account on screen: it connects, sends, edits a draft, and gets answers from server and store.
fn shown_story() -> Vec<Step> {
    let rooms = vec![room("r1", "Alice Archer", &["alice"], message("m2", "alice", "work", -60_000))];
    let mut steps = connected(SHOWN, MINCHAT, rooms, "work");
    steps.push(Box::new(|program| program.types("hello from work\n")));
    steps.push(Box::new(|program| {
        let local = program.state.account().outbox.iter().last().expect("a send").local();
        program.event(Event::Store(
            SHOWN,
            Answer::OutboxConfirmed { local, step: minchat_tui::store::OutboxStep::Put, on_disk: true },
        ));
    }));
    steps.push(Box::new(|program| program.types("a draft")));
    steps.push(server(SHOWN, ServerEvent::Deleted(message_id("m3"))));
    steps
}

/// The story of the other account: the same room and message ids, a disconnect, a full disk, another deletion.
fn hidden_story() -> Vec<Step> {
    let last = sent_message("m2", "alice", "home", -60_000);
    let rooms = vec![listed_room("r1", "Alice Archer", minchat_tui::domain::RoomKind::Direct, 1, last)];
    let mut steps = connected(HIDDEN, VCHAT, rooms, "home");
    let offline = ConnectionStatus::Offline { retry_in: 3_600_000, reason: SafeText::line("No network.") };
    steps.push(server(HIDDEN, ServerEvent::Connection(offline)));
    steps.push(server(HIDDEN, ServerEvent::RoomDeleted(room_id("r2"))));
    steps.push(server(HIDDEN, ServerEvent::Message(sent_message("m4", "alice", "still home", 20))));
    steps
}

/// Runs both stories, a step of each in turn, with time between them. An empty story only lets the time pass.
fn run(shown: &[Step], hidden: &[Step]) -> Program {
    let mut program = Program::new();
    for turn in 0..shown_story().len().max(hidden_story().len()) {
        if let Some(step) = shown.get(turn) {
            step(&mut program);
        }
        if let Some(step) = hidden.get(turn) {
            step(&mut program);
        }
        program.wait(700);
    }
    // Notices of an account that is not shown are shown too; they have disappeared by then.
    program.wait(7_000);
    program
}

/// The screen to the right of the room list, which has the rooms of both accounts.
fn open_room_of(state: &State) -> String {
    let rows: Vec<String> =
        screen_of(state).lines().map(|row| row.split_once('│').map_or(row, |(_, right)| right).to_owned()).collect();
    rows.join("\n")
}

#[test]
fn hidden_account_does_not_change_the_shown_one() {
    let (alone, both) = (run(&shown_story(), &[]), run(&shown_story(), &hidden_story()));
    assert_eq!(alone.account(SHOWN), both.account(SHOWN));
    assert_eq!(alone.effects_of(SHOWN), both.effects_of(SHOWN));
    assert_eq!(open_room_of(&alone.state), open_room_of(&both.state));
    assert_eq!(both.state.ui.composer.text(), "a draft");
}

#[test]
fn shown_account_does_not_change_the_hidden_one() {
    let (alone, both) = (run(&[], &hidden_story()), run(&shown_story(), &hidden_story()));
    assert_eq!(alone.account(HIDDEN), both.account(HIDDEN));
    assert_eq!(alone.effects_of(HIDDEN), both.effects_of(HIDDEN));
    let hidden = both.state.accounts.get(HIDDEN).expect("the account");
    assert!(matches!(hidden.connection, ConnectionState::Offline { .. }), "{:?}", hidden.connection);
    assert!(hidden.rooms.get(&room_id("r1")).is_some_and(|room| room.unread().any()), "nobody looked at it");
}

#[test]
fn each_account_sends_its_own_queue() {
    let both = run(&shown_story(), &hidden_story());
    for account in [SHOWN, HIDDEN] {
        let texts: Vec<&str> = both
            .effects_of(account)
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Request(_, Request::Send { content: Content::Text { text, .. }, .. }) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let other = format!("queued by {}", 1 - account.0);
        assert!(!texts.contains(&other.as_str()), "{account:?} sent {texts:?}");
        assert!(both.state.accounts.get(account).is_some_and(|account| !account.outbox.is_empty()));
    }
}

#[test]
fn events_of_an_unknown_account_are_ignored() {
    let mut program = run(&shown_story(), &hidden_story());
    let before = (program.account(SHOWN), program.account(HIDDEN));
    program.effects.clear();
    program.event(Event::Server(AccountId(7), ServerEvent::Message(sent_message("m9", "alice", "lost", 30))));
    program.event(Event::Store(AccountId(7), Answer::Recovered));
    assert_eq!(before, (program.account(SHOWN), program.account(HIDDEN)));
    assert_eq!(program.effects, []);
}

/// The rows of the room list, without what is to its right.
fn list_of(state: &State) -> Vec<String> {
    let screen = screen_of(state);
    screen.lines().filter_map(|row| row.split_once('│')).map(|(left, _)| left.trim().to_owned()).collect()
}

fn press(program: &mut Program, key: &str) {
    program.event(Event::Key(key.parse().expect("a key")));
}

#[test]
fn rooms_of_each_profile_are_below_its_heading() {
    let both = run(&shown_story(), &hidden_story());
    let list = list_of(&both.state);
    let place = |start: &str| list.iter().position(|row| row.starts_with(start)).unwrap_or_else(|| panic!("{list:#?}"));
    assert!(place("● work") < place("○ home"));
    assert!(list[place("○ home")].ends_with("s"), "the time of the next attempt: {list:#?}");
    assert!(list[place("○ home") + 1].contains("Alice Archer"), "{list:#?}");
    assert!(screen_of(&both.state).contains("work · Alice Archer"), "the title names the profile");
}

#[test]
fn single_profile_has_no_heading() {
    let mut state = run(&shown_story(), &[]).state;
    state = State::new(Options::default(), state.account().profile.clone(), state.terminal.size, BEGIN, 1);
    layout(&mut state);
    assert!(!screen_of(&state).contains("work ─"), "{}", screen_of(&state));
}

#[test]
fn next_unread_room_may_be_of_another_profile() {
    let mut both = run(&shown_story(), &hidden_story());
    press(&mut both, "alt+a");
    assert_eq!(both.state.ui.shown, HIDDEN);
    assert!(screen_of(&both.state).contains("home · Alice Archer"), "{}", screen_of(&both.state));
    assert_eq!(both.state.ui.composer.text(), "", "the draft stays in its account");
    press(&mut both, "alt+up");
    assert_eq!((both.state.ui.shown, both.state.ui.composer.text()), (SHOWN, "a draft"));
}

#[test]
fn switcher_finds_rooms_of_all_profiles_by_profile() {
    let mut both = run(&shown_story(), &hidden_story());
    press(&mut both, "ctrl+k");
    both.types("alice home");
    press(&mut both, "enter");
    assert_eq!(both.state.ui.shown, HIDDEN);
    press(&mut both, "ctrl+k");
    both.types("profile work");
    press(&mut both, "enter");
    assert_eq!((both.state.ui.shown, both.state.ui.composer.text()), (SHOWN, "a draft"));
}

#[test]
fn room_list_leads_to_another_profile() {
    let mut both = run(&shown_story(), &hidden_story());
    press(&mut both, "ctrl+b");
    for _ in 0..2 {
        press(&mut both, "down");
    }
    assert_eq!(both.state.ui.shown, SHOWN, "looking at the list changes nothing");
    press(&mut both, "enter");
    assert_eq!(both.state.ui.shown, HIDDEN);
}

#[test]
fn notice_of_another_profile_names_it() {
    let mut both = run(&shown_story(), &hidden_story());
    both.event(Event::Store(HIDDEN, Answer::Recovered));
    assert!(screen_of(&both.state).contains("home: Saving to disk works again."), "{}", screen_of(&both.state));
}

/// Regression test: an announcement to a hidden profile replaced a notice that the user had not read yet.
#[test]
fn announcement_to_another_profile_replaces_no_notice() {
    let mut both = run(&shown_story(), &hidden_story());
    both.event(Event::Notice("Saved to cat.png.".into()));
    both.event(Event::Server(HIDDEN, ServerEvent::Notice(SafeText::line("Maintenance tonight"))));
    assert!(screen_of(&both.state).contains("Saved to cat.png."), "{}", screen_of(&both.state));
}

/// Regression tests: the notice stayed for seconds after the server had accepted the message, or disappeared long
/// before.
#[test]
fn notice_about_a_pause_ends_with_the_pause_of_its_profile() {
    let mut both = run(&shown_story(), &hidden_story());
    let paused_for = |has_changes| {
        let sentence = SafeText::line("The server asks to slow down.");
        ServerEvent::Paused(Some(Pause { sentence, millis: 60_000, has_changes }))
    };
    let paused = || paused_for(true);
    let shows = |both: &Program, text: &str| screen_of(&both.state).contains(text);
    for (account, other, text) in
        [(SHOWN, HIDDEN, "The server asks to slow down."), (HIDDEN, SHOWN, "home: The server asks to slow down.")]
    {
        both.event(Event::Server(account, paused()));
        both.event(Event::Server(other, ServerEvent::Paused(None)));
        both.wait(30_000);
        assert!(shows(&both, text), "{}", screen_of(&both.state));
        both.event(Event::Server(account, ServerEvent::Paused(None)));
        assert!(!shows(&both, text), "{}", screen_of(&both.state));
    }
    // Nothing of the user's waits.
    both.event(Event::Server(SHOWN, paused_for(false)));
    assert!(!shows(&both, "slow down"), "{}", screen_of(&both.state));
    both.event(Event::Server(SHOWN, paused()));
    both.event(Event::Notice("Saved to cat.png.".into()));
    both.event(Event::Server(SHOWN, paused()));
    both.event(Event::Server(SHOWN, ServerEvent::Paused(None)));
    assert!(shows(&both, "Saved to cat.png."), "{}", screen_of(&both.state));
}

#[test]
fn nothing_is_read_while_another_profile_is_shown() {
    let mut both = run(&shown_story(), &hidden_story());
    both.effects.clear();
    both.wait(5_000);
    let read =
        both.effects_of(HIDDEN).into_iter().any(|effect| matches!(effect, Effect::Request(_, Request::Seen { .. })));
    assert!(!read, "{:?}", both.effects_of(HIDDEN));
}

#[test]
fn search_of_all_rooms_includes_other_profiles() {
    let mut both = run(&shown_story(), &hidden_story());
    press(&mut both, "ctrl+f");
    both.types("still home");
    let query = both.effects.iter().rev().find_map(|effect| match effect {
        Effect::Query(HIDDEN, minchat_tui::store::Query::Search { id, .. }) => Some(*id),
        _ => None,
    });
    let message = minchat_tui::domain::Message::from(sent_message("m4", "alice", "still home", 20));
    let found = minchat_tui::store::SearchMatch { room: room_id("r1"), message };
    let results =
        minchat_tui::store::SearchResults { id: query.expect("a search"), matches: vec![found], has_more: false };
    both.event(Event::Store(HIDDEN, Answer::SearchResults(results)));
    let screen = screen_of(&both.state);
    assert!(screen.contains("Search all rooms of all profiles") && screen.contains("Alice Archer · home"), "{screen}");
    press(&mut both, "enter");
    assert_eq!(both.state.ui.shown, HIDDEN);
    assert!(matches!(both.state.ui.focus, minchat_tui::app::Focus::Message(_)), "{}", screen_of(&both.state));
}

#[test]
fn question_names_its_profile() {
    let mut both = run(&shown_story(), &hidden_story());
    press(&mut both, "alt+a");
    both.types("/delete-chat\n");
    assert!(screen_of(&both.state).contains("Delete room · home"), "{}", screen_of(&both.state));
}

/// A question of a profile that is not shown waits for the user to go there, and keeps no key from the shown one.
#[test]
fn question_of_another_profile_waits_for_a_visit() {
    let mut both = run(&shown_story(), &hidden_story());
    press(&mut both, "alt+a");
    both.types("/export ~/x.txt\n");
    let id = both.effects.iter().rev().find_map(|effect| match effect {
        Effect::Export(_, id, ExportStep::Open(_)) => Some(*id),
        _ => None,
    });
    press(&mut both, "alt+o");
    both.event(Event::Export(HIDDEN, id.expect("an export"), ExportReply::Exists("~/x.txt".into())));
    let screen = screen_of(&both.state);
    assert!(screen.contains("home: ~/x.txt exists already. Go to this profile to decide"), "{screen}");
    assert!(!screen.contains("Replace it?"), "{screen}");
    press(&mut both, "alt+o");
    assert!(screen_of(&both.state).contains("Replace it?"), "{}", screen_of(&both.state));
}

#[test]
fn last_room_may_be_of_another_profile() {
    let mut both = run(&shown_story(), &hidden_story());
    press(&mut both, "alt+a");
    for shown in [SHOWN, HIDDEN, SHOWN] {
        press(&mut both, "alt+o");
        assert_eq!(both.state.ui.shown, shown, "{}", screen_of(&both.state));
    }
}
