//! Commands that are refused stay in the composer, so that they can be corrected.

use minchat_tui::app::{ConfigTrigger, Effect, Event, ExportReply, ScreenDump};
use minchat_tui::config::{Problem, Problems};
use minchat_tui::domain::{Failure, ServerEvent};
use minchat_tui::input::{COMMANDS, CommandId};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// An argument that is wrong for a command; `None` if it takes any text, or reports its outcome in a box.
#[allow(clippy::match_same_arms, reason = "the arms are groups of commands")]
fn wrong_argument(command: CommandId) -> Option<&'static str> {
    Some(match command {
        CommandId::Dm | CommandId::Add | CommandId::Remove | CommandId::Block | CommandId::Unblock => "nobody",
        CommandId::Group | CommandId::Broadcast => "Crew: nobody",
        CommandId::Role => "alice boss",
        CommandId::Notify
        | CommandId::Read
        | CommandId::Sort
        | CommandId::Filter
        | CommandId::Stars
        | CommandId::Shared
        | CommandId::Keys => "wrong",
        CommandId::Send | CommandId::File | CommandId::Picture | CommandId::GroupPicture => "/no/such/file",
        CommandId::Date => "foo",
        CommandId::Export => "txt /no/such/folder/x",
        CommandId::Screen | CommandId::Bundle => "hidden /no/such/folder/x",
        CommandId::Go | CommandId::Profile | CommandId::CloseProfile => "nowhere",
        CommandId::AddProfile => "[bad",
        CommandId::Fault => "nonsense",
        CommandId::Theme => "wrong",
        CommandId::Rename
        | CommandId::Describe
        | CommandId::Nick
        | CommandId::Rooms
        | CommandId::People
        | CommandId::Search
        | CommandId::Find
        | CommandId::Me
        | CommandId::Shrug
        | CommandId::TableFlip
        | CommandId::Help
        | CommandId::Name => return None,
        // These take no argument.
        CommandId::Leave
        | CommandId::Mute
        | CommandId::Unmute
        | CommandId::Pin
        | CommandId::Unpin
        | CommandId::Archive
        | CommandId::Unarchive
        | CommandId::Archived
        | CommandId::PasteImage
        | CommandId::Call
        | CommandId::Video
        | CommandId::Calls
        | CommandId::ClearCalls
        | CommandId::DeleteChat
        | CommandId::Info
        | CommandId::Reconnect
        | CommandId::Reload
        | CommandId::Inspect
        | CommandId::Settings
        | CommandId::Notices
        | CommandId::Discard
        | CommandId::LogOut
        | CommandId::Quit => "surplus",
    })
}

/// Answers what a command has asked the server or the runtime for: no.
fn refuse(story: &mut Story) {
    let reason = || "It cannot be done.".to_owned();
    let account = story.state.ui.shown;
    for effect in std::mem::take(&mut story.effects) {
        let line = |dump: &ScreenDump, name| dump.command_line(name);
        let answer = match effect {
            Effect::Request(account, request) => {
                let (failure, reason) = (Failure::Refused, SafeText::line(&reason()));
                Event::Server(account, ServerEvent::Failed { request, failure, reason })
            }
            Effect::Inspect(account, request) => Event::File(account, request, Err(reason())),
            Effect::Export(account, id, _) => Event::Export(account, id, ExportReply::Failed(reason())),
            Effect::SaveScreen(dump) => Event::CommandRefused(line(&dump, "screen"), reason()),
            Effect::PrepareBundle(dump) => Event::CommandRefused(line(&dump, "bundle"), reason()),
            Effect::SetFaults(_, text) => Event::CommandRefused(format!("/fault {text}"), reason()),
            Effect::LoadConfig(trigger @ ConfigTrigger::Save(_)) => {
                let problem = Problem { location: None, sentence: reason() };
                Event::ConfigLoaded(trigger, Err(Problems(vec![problem])))
            }
            _ => continue,
        };
        story.event(answer);
    }
    assert_eq!(story.state.ui.shown, account);
}

/// Regression test: `/go nowhere` and `/date foo` cleared the line.
#[test]
fn command_with_a_wrong_argument_stays_in_the_composer() {
    for command in COMMANDS {
        let Some(argument) = wrong_argument(command.id) else { continue };
        let mut story = vchat_story(120, 24);
        story.state.account_mut().profile.is_sandbox = true;
        if !matches!(command.id, CommandId::Call | CommandId::Video) {
            story.keys("alt+down").shows("# Release crew");
        }
        story.effects.clear();
        let line = format!("/{} {argument}", command.name);
        story.types(&line).keys("enter").confirms_if_asked();
        refuse(&mut story);
        assert_eq!(story.state.ui.composer.text(), line);
        assert!(story.state.terminal.notice.is_some(), "{line}: it says why");
        assert!(story.state.ui.overlay.is_none(), "{line}");
    }
}

/// The room of a command may be of the wrong kind, or no room may be open.
#[test]
fn command_without_a_fitting_room_stays_in_the_composer() {
    for line in ["/rename Us", "/describe Us", "/add carol", "/group-picture x.png", "/role alice admin"] {
        let mut story = vchat_story(120, 24);
        story.types(line).keys("enter");
        assert_eq!(story.state.ui.composer.text(), line);
    }
    for line in ["/date today", "/nick Crew", "/send x.png", "/export md"] {
        let mut story = Story::online_on(VCHAT, 120, 24);
        story.types(line).keys("enter").shows("No room is open.");
        assert_eq!(story.state.ui.composer.text(), line);
    }
}

/// The next line must not make a message of it, as `/block` and `/unblock` would.
#[test]
fn command_without_its_argument_waits_for_it() {
    let mut story = vchat_story(120, 24);
    story.keys("alt+down").types("/block").keys("enter").shows("Type /block USER.");
    assert_eq!(story.state.ui.composer.text(), "/block ");
    story.types("bob").keys("enter").confirms();
    assert!(format!("{:?}", story.requests()).contains("Block"));
    // There is nothing to correct in a command without arguments.
    story.keys("alt+up").types("/leave").keys("enter").shows("Only groups can be left.");
    assert_eq!(story.state.ui.composer.text(), "");
}

/// A draft and a reply are neither lost nor sent with the command.
#[test]
fn draft_waits_while_a_refused_command_is_corrected() {
    let mut story = vchat_story(120, 24);
    story.types("half a thought").keys("ctrl+k").types("/go").keys("enter").types("nowhere").keys("enter");
    story.shows("There is no room called nowhere.");
    assert_eq!(story.state.ui.composer.text(), "/go nowhere");
    story.keys("ctrl+w").types("Bob").keys("enter").shows("Bob Brown");
    story.keys("alt+up alt+up");
    assert_eq!(story.state.ui.composer.text(), "half a thought");

    let mut story = vchat_story(120, 24);
    story.keys("tab r").shows("Replying to").types("/date foo").keys("enter").shows("Use a date such as");
    assert_eq!(story.state.ui.composer.text(), "/date foo");
    story.keys("ctrl+u").shows("Replying to");
}

/// A command that is refused late does not replace other text.
#[test]
fn late_refusal_leaves_other_text_alone() {
    let mut story = vchat_story(120, 24);
    story.types("/screen /no/such/x.svg").keys("enter").types("Hello");
    story.event(Event::CommandRefused("/screen /no/such/x.svg".into(), "It cannot be written.".into()));
    story.shows("It cannot be written.");
    assert_eq!(story.state.ui.composer.text(), "Hello");
}

/// Regression test: `/Help` and `/DM bob` were unknown commands.
#[test]
fn names_of_commands_may_be_in_upper_case() {
    let mut story = vchat_story(120, 24);
    story.types("/Help").shows("/help").keys("enter").shows("Keys and commands").keys("esc");
    story.types("/DM bob").shows("Bob Brown").keys("enter");
    assert!(format!("{:?}", story.requests()).contains("OpenDirect"));
    story.types("/ME waves").keys("enter");
    let sent = story.outbox_writes.len() + story.requests().len();
    assert!(sent > 0, "a message is composed");
    story.keys("ctrl+u").types("/Nope").keys("enter").shows("Unknown command /Nope.");
    story.keys("ctrl+u").types("//Help").keys("enter").shows("/Help");
}

/// Fingers know the commands of other clients.
#[test]
fn command_of_another_client_names_the_one_here() {
    let mut story = Story::chat(140, 24);
    for (typed, answer) in [
        ("/msg bob", "Unknown command /msg. Here it is /dm."),
        ("/reply", "Unknown command /reply. Press Ctrl+↑ to select a message, then press Enter."),
        ("/archve", "Unknown command /archve. Did you mean /archive? To send a slash, type //."),
        ("/xyzzy", "Unknown command /xyzzy. Try /help, or // to send a slash."),
    ] {
        story.keys("ctrl+u").types(typed).keys("esc enter").shows(answer);
    }
}
