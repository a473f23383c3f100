//! Every command and every action either asks before it acts, or has a reason not to.

use minchat_tui::app::{Event, Overlay};
use minchat_tui::domain::{Failure, Member, MemberRole, Membership, Request, RoomInfo, RoomKind, ServerEvent};
use minchat_tui::input::{Action, COMMANDS, CommandId, Context};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// Whether a command or an action asks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// Yes.
    First,
    /// No, for this reason.
    Not(&'static str),
}
use Asks::{First, Not};

const NOTHING_CHANGES: Asks = Not("it only shows something, or goes somewhere");
const REVERSIBLE: Asks = Not("the same command or key reverses it");
const WRITTEN: Asks = Not("the user has written it for others; a message can be deleted");
const OWN_SCREEN: Asks = Not("only this screen changes");
const UNDO: Asks = Not("the composer can undo it");
const MOMENT: Asks = Not("a call rings only for a moment, and can be repeated");
const CONFIRMS: Asks = Not("it belongs to a box that the user has opened, and that can be left without it");

/// An argument of each command, and whether it asks.
#[allow(clippy::match_same_arms, reason = "the arms are groups of commands")]
fn command(id: CommandId) -> (&'static str, Asks) {
    match id {
        CommandId::Remove => ("bob", First),
        CommandId::Role => ("bob admin", First),
        CommandId::Block => ("bob", First),
        CommandId::Leave | CommandId::DeleteChat | CommandId::ClearCalls | CommandId::LogOut => ("", First),
        CommandId::Quit => ("", Not("the command itself is not unsent text; with other unsent text it asks")),
        CommandId::Dm => ("bob", WRITTEN),
        CommandId::Group | CommandId::Broadcast => ("Crew: bob", WRITTEN),
        CommandId::Me | CommandId::Shrug | CommandId::TableFlip => ("x", WRITTEN),
        CommandId::Send | CommandId::File => ("/tmp/x", WRITTEN),
        CommandId::PasteImage => ("", WRITTEN),
        CommandId::Add => ("dora", REVERSIBLE),
        CommandId::Unblock => ("bob", REVERSIBLE),
        CommandId::Rename | CommandId::Describe | CommandId::Nick | CommandId::Name => ("Name", REVERSIBLE),
        CommandId::Picture | CommandId::GroupPicture => ("/tmp/x.png", REVERSIBLE),
        CommandId::Mute | CommandId::Unmute | CommandId::Pin | CommandId::Unpin => ("", REVERSIBLE),
        CommandId::Archive | CommandId::Unarchive => ("", REVERSIBLE),
        CommandId::Notify | CommandId::Filter => ("all", REVERSIBLE),
        CommandId::Sort => ("name", REVERSIBLE),
        CommandId::Theme => ("dark", REVERSIBLE),
        CommandId::Discard => ("", UNDO),
        CommandId::Fault => ("latency=1s", REVERSIBLE),
        CommandId::Profile | CommandId::CloseProfile => ("work", Not("unsent text keeps the profile open")),
        CommandId::AddProfile => ("work", Not("it asks about the account anyway")),
        CommandId::Read => ("", Not("users do it all the time, and messages can be marked as unread")),
        CommandId::Export => ("txt", Not("it asks before it replaces a file")),
        CommandId::Screen => ("", Not("it never replaces a file")),
        CommandId::Bundle => ("", Not("it asks once it knows what the bundle contains")),
        CommandId::Call | CommandId::Video => ("", MOMENT),
        CommandId::Rooms | CommandId::People | CommandId::Search | CommandId::Find => ("x", NOTHING_CHANGES),
        CommandId::Date => ("today", NOTHING_CHANGES),
        CommandId::Go => ("Release", NOTHING_CHANGES),
        CommandId::Keys => ("test", NOTHING_CHANGES),
        CommandId::Archived
        | CommandId::Stars
        | CommandId::Shared
        | CommandId::Calls
        | CommandId::Info
        | CommandId::Reconnect
        | CommandId::Reload
        | CommandId::Inspect
        | CommandId::Settings
        | CommandId::Notices
        | CommandId::Help => ("", NOTHING_CHANGES),
    }
}

/// Whether an action asks, where everything is at stake: see [`at_stake`].
#[allow(clippy::match_same_arms, reason = "the arms are groups of actions")]
fn action(action: Action) -> Asks {
    match action {
        Action::MemberPromote | Action::MemberDemote | Action::MemberRemove => First,
        Action::MessageDelete | Action::MessageDeleteForMe => First,
        Action::MessageCancel => Not("the text returns to the composer"),
        Action::Quit | Action::Cancel => First,
        Action::Interrupt => Not("it has to be pressed twice"),
        Action::ReadRoom => Not("users do it all the time, and messages can be marked as unread"),
        Action::MarkAllRead => Not("it asks only if several rooms are unread"),
        Action::Send | Action::PasteImage | Action::MessageForward | Action::MessageRetry => WRITTEN,
        Action::PinRoom | Action::MuteRoom | Action::ArchiveRoom | Action::SortRooms | Action::FilterRooms => {
            REVERSIBLE
        }
        Action::MessageStar | Action::MessageMark | Action::MessageUnread => REVERSIBLE,
        Action::AcceptCall | Action::RejectCall | Action::HangUp => MOMENT,
        Action::Yes | Action::No | Action::Confirm | Action::MessageSave => CONFIRMS,
        Action::NewLine
        | Action::Complete
        | Action::CompletionAccept
        | Action::CompletionConfirm
        | Action::OlderLine
        | Action::NewerLine
        | Action::ExternalEditor
        | Action::DeleteNext
        | Action::DeleteWord
        | Action::DeleteToBlank
        | Action::DeleteNextWord
        | Action::DeleteToStart
        | Action::DeleteToEnd
        | Action::DeleteBlanks
        | Action::Yank
        | Action::YankPop
        | Action::TransposeChars
        | Action::TransposeWords
        | Action::UpperCaseWord
        | Action::LowerCaseWord
        | Action::CapitalizeWord
        | Action::Undo
        | Action::Redo
        | Action::Cut
        | Action::MessageReply
        | Action::MessageEdit
        | Action::EditLast => UNDO,
        Action::ToggleMembers
        | Action::ToggleRooms
        | Action::NarrowRooms
        | Action::WidenRooms
        | Action::NarrowMembers
        | Action::WidenMembers
        | Action::ToggleDensity
        | Action::ToggleMarkdown
        | Action::ToggleMouse
        | Action::Latency
        | Action::Redraw
        | Action::Suspend
        | Action::MessageSource
        | Action::MessageFold
        | Action::ZoomIn
        | Action::ZoomOut
        | Action::ZoomFit
        | Action::ShowSecret
        | Action::InspectorPause
        | Action::InspectorGroup
        | Action::InspectorFold
        | Action::InspectorFilter => OWN_SCREEN,
        Action::Switcher
        | Action::NextRoom
        | Action::PreviousRoom
        | Action::NextUnread
        | Action::PreviousUnread
        | Action::LastRoom
        | Action::Notices
        | Action::FirstUnread
        | Action::NextMention
        | Action::ScrollUp
        | Action::ScrollDown
        | Action::ToOldest
        | Action::ToNewest
        | Action::JumpBack
        | Action::SelectMessage
        | Action::FocusRooms
        | Action::Search
        | Action::RoomInfo
        | Action::Help
        | Action::Reconnect
        | Action::NextProfile
        | Action::FillGap
        | Action::Inspector
        | Action::Up
        | Action::Down
        | Action::First
        | Action::Last
        | Action::Left
        | Action::Right
        | Action::SearchScope
        | Action::InspectorPane
        | Action::InspectorSearch
        | Action::InspectorNext
        | Action::InspectorPrevious
        | Action::InspectorCopy
        | Action::MessageUp
        | Action::MessageDown
        | Action::MessageOldest
        | Action::MessageNewest
        | Action::MessageMenu
        | Action::MessageDetails
        | Action::MessageInspect
        | Action::MessageSearch
        | Action::MessageQuoted
        | Action::FoundOlder
        | Action::FoundNewer
        | Action::MessageSeenBy
        | Action::MessageCopy
        | Action::MessageOpen
        | Action::MessageCopyLink
        | Action::MessagePicture
        | Action::MessageHelp
        | Action::FocusMessages
        | Action::CompletionUp
        | Action::CompletionDown
        | Action::CompletionClose
        | Action::LineStart
        | Action::LineEnd
        | Action::CharLeft
        | Action::CharRight
        | Action::RowUp
        | Action::RowDown
        | Action::WordLeft
        | Action::WordRight
        | Action::SelectLeft
        | Action::SelectRight
        | Action::SelectUp
        | Action::SelectDown
        | Action::SelectWordLeft
        | Action::SelectWordRight
        | Action::SelectToLineStart
        | Action::SelectToLineEnd
        | Action::SelectAll
        | Action::Copy => NOTHING_CHANGES,
    }
}

fn asks(story: &Story) -> bool {
    matches!(story.state.ui.overlay, Some(Overlay::Question(_)))
}

/// The open group, of which the user is the owner.
fn group() -> Story {
    let mut story = vchat_story(100, 30);
    story.keys("alt+down").shows("# Release crew");
    let owner = Membership { role: Some(MemberRole::Owner), members: Some(3), ..Membership::default() };
    story.server(ServerEvent::Membership { room: room_id("r2"), membership: owner });
    story.effects.clear();
    story
}

/// The list of the group's members, where Bob is selected.
fn member_list(role: MemberRole) -> Story {
    let mut story = group();
    story.keys("f2");
    let member = |name: &str, role| Member { person: person(name, name_of(name)), role: Some(role) };
    let members = vec![member("me", MemberRole::Owner), member("bob", role)];
    story.server(ServerEvent::Members { room: room_id("r2"), page: 1, more: false, members });
    story.keys("down").effects.clear();
    story
}

/// Where the key of an action does what it is for, and something could be lost.
fn at_stake(action: Action) -> Story {
    match action.context() {
        Context::Overlay if action == Action::MemberDemote => member_list(MemberRole::Admin),
        Context::Overlay => member_list(MemberRole::Member),
        Context::Message => {
            let mut story = vchat_story(100, 30);
            if action == Action::MessageCancel {
                story.types("hello").keys("enter");
                let (_, _, request) = take_send(&mut story);
                let reason = SafeText::line("no");
                story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
                story.keys("ctrl+up");
            } else {
                story.keys("ctrl+up up");
            }
            story
        }
        Context::Anywhere => {
            let mut story = Story::chat(100, 30);
            story.keys("up").types("changed");
            story
        }
        Context::Rooms => {
            let mut story = group();
            story.keys("ctrl+b");
            story
        }
        Context::Ringing => {
            let mut story = group();
            story.server(incoming_call("c1", "r1", "alice", false));
            story
        }
        Context::Inspector => {
            let mut story = group();
            story.keys("f12");
            story
        }
        Context::Completion | Context::EmptyComposer | Context::Composer | Context::Selection => {
            let mut story = group();
            story.types("some text").keys("shift+left");
            story
        }
    }
}

#[test]
fn every_command_asks_or_has_a_reason_not_to() {
    for spec in COMMANDS {
        let (argument, expected) = command(spec.id);
        let mut story = if spec.id == CommandId::Call { vchat_story(100, 30) } else { group() };
        story.types(&format!("/{} {argument}", spec.name)).keys("enter");
        assert_eq!(asks(&story), expected == First, "/{}: {expected:?}\n{}", spec.name, story.screen());
        if expected == First {
            story.lacks("Continue?");
            assert_eq!(take_requests(&mut story), [], "/{}: nothing is sent before the answer", spec.name);
            story.confirms();
            assert_eq!(take_requests(&mut story).len(), 1, "/{}: the answer sends it", spec.name);
        }
    }
}

#[test]
fn every_action_asks_or_has_a_reason_not_to() {
    for one in Action::all() {
        let Some(key) = one.default_keys().first() else { continue };
        let mut story = at_stake(one);
        story.effects.clear();
        story.keys(key);
        assert_eq!(asks(&story), action(one) == First, "{}: {:?}\n{}", one.name(), action(one), story.screen());
    }
}

/// Regression test: `p` and `d` in the list of members acted at once.
#[test]
fn change_of_a_role_asks_and_returns_to_the_list() {
    for (key, role, question) in [
        ("p", MemberRole::Member, "Make Bob Brown an admin of Release crew?"),
        ("d", MemberRole::Admin, "Make Bob Brown a member of Release crew"),
    ] {
        let mut story = member_list(role);
        story.keys(key).shows(question);
        assert_eq!(take_requests(&mut story), []);
        story.wait(400).keys("n").shows("Members");
        assert_eq!(take_requests(&mut story), []);
        let mut story = member_list(role);
        story.keys(key).confirms().shows("Members");
        let sent = take_requests(&mut story);
        assert!(matches!(sent.as_slice(), [Request::SetRole { .. }]), "{sent:?}");
    }
}

/// Regression test: `/block` blocked at once, also whoever had just been written to.
#[test]
fn block_asks_and_a_refusal_returns_the_command() {
    let mut story = vchat_story(100, 30);
    story.types("/block").keys("enter").shows("Block Alice Archer?");
    story.wait(400).keys("n");
    assert_eq!(take_requests(&mut story), []);
    story.types("/block bob").keys("enter").shows("Block Bob Brown?").confirms();
    let request = Request::Block { username: "bob".into(), on: true };
    assert_eq!(take_requests(&mut story), std::slice::from_ref(&request));
    let reason = SafeText::line("No.");
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
    assert_eq!(story.state.ui.composer.text(), "/block bob");
}

/// On MinChat, the server is asked about the user only after the answer.
#[test]
fn removal_asks_before_the_user_is_looked_up() {
    let mut story = Story::chat(100, 24);
    let last = message("g1", "alice", "hi", -60_000);
    let info = RoomInfo { kind: RoomKind::Group, ..room("r2", "Crew", &["alice", "bob"], last) };
    story.server(ServerEvent::RoomOpened(Box::new(info))).effects.clear();
    story.types("/remove alice").keys("enter").shows("Remove Alice Archer from Crew?");
    assert_eq!(story.requests(), []);
    story.confirms();
    let request = Request::FindPerson { username: "alice".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    let found = Some(person("alice", name_of("alice")));
    story.event(Event::Server(story.state.ui.shown, ServerEvent::Person { request, person: found }));
    assert!(matches!(story.requests().as_slice(), [Request::RemoveMember { .. }]), "the answer was given before");
    assert!(!asks(&story));
}
