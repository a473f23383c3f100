//! Words typed at a question: what belongs to the answer, and what is text.

use minchat_tui::app::{Effect, Event, Overlay};
use minchat_tui::domain::{Capabilities, Member, MemberRole, Membership, Request, ServerEvent};
use test_support::story::vchat::take_requests;
use test_support::story::*;

/// The chat with Alice, where the user is asked whether to delete it.
fn asked_on(can: Capabilities) -> Story {
    let mut story = Story::chat_on(can, 100, 24);
    story.types("/delete-chat").keys("enter").shows("Delete Alice Archer and all its messages").effects.clear();
    story
}

/// The open question, ready for an answer.
fn ready(can: Capabilities) -> Story {
    let mut story = asked_on(can);
    story.wait(400).shows("y yes");
    story
}

fn is_asked(story: &Story) -> bool {
    matches!(story.state.ui.overlay, Some(Overlay::Question(_)))
}

fn composed(story: &Story) -> &str {
    story.state.ui.composer.text()
}

fn is_send(request: &Request) -> bool {
    matches!(request, Request::Send { .. })
}

fn is_delete(request: &Request) -> bool {
    matches!(request, Request::DeleteRoom { .. })
}

/// Regression test: whoever typed `yes` sent "es" to the room.
#[test]
fn rest_of_an_answer_is_dropped() {
    for can in [MINCHAT, VCHAT] {
        for word in ["y", "yes", "Yes", "yeah", "yep", "yup", "yess", "yy", "n", "no", "No", "nope", "nah", "noo", "nn"]
        {
            let mut story = ready(can);
            story.types(&word.to_lowercase()).keys("enter");
            assert!(!is_asked(&story), "{word}");
            assert_eq!(composed(&story), "", "{word}");
            let requests = take_requests(&mut story);
            assert_eq!(requests.iter().any(is_delete), word.to_lowercase().starts_with('y'), "{word}: {requests:?}");
            assert!(!requests.iter().any(is_send), "{word}: {requests:?}");
            story.wait(500);
            assert_eq!(composed(&story), "", "{word}");
            story.types("eso").keys("enter");
            assert!(take_requests(&mut story).iter().any(is_send), "what follows is a message: {word}");
        }
    }
}

/// Regression test: a key that came too early was ignored without a word.
#[test]
fn early_yes_is_answered() {
    for can in [MINCHAT, VCHAT] {
        let mut story = asked_on(can);
        story.lacks("y yes").keys("y").shows("Press y again to confirm.");
        assert!(is_asked(&story));
        story.wait(400).shows("y yes").keys("y").lacks("Press y again");
        assert!(!is_asked(&story) && take_requests(&mut story).iter().any(is_delete));
        let mut story = asked_on(can);
        story.keys("y").wait(400).keys("n").lacks("Press y again");
        assert!(!is_asked(&story));
        let mut story = asked_on(can);
        story.keys("y y y").wait(600).shows("Press y again to confirm.").shows("y yes");
        assert!(is_asked(&story));
    }
}

/// A word ends with a pause as well.
#[test]
fn answer_without_enter_is_dropped() {
    for word in ["yes", "no"] {
        let mut story = ready(MINCHAT);
        story.types(word).wait(499);
        assert_eq!(composed(&story), "");
        story.wait(1).types("s");
        assert_eq!(composed(&story), "s", "{word}");
    }
}

#[test]
fn text_after_an_answer_is_whole() {
    let texts =
        ["hello", "everything is fine", "es ist spät", "of course", "okay", "nobody", "no problem", "/in", "o!"];
    for answer in ["y", "n"] {
        for text in texts {
            let mut story = ready(VCHAT);
            story.keys(answer).types(text);
            assert_eq!(composed(&story), text, "after {answer}");
            story.wait(1_000);
            assert_eq!(composed(&story), text, "after {answer}");
        }
        for (text, pause) in [("es", 500), ("o", 500), ("e", 0), ("ye", 0)] {
            let mut story = ready(MINCHAT);
            story.keys(answer).wait(pause).types(text).wait(500);
            let is_rest = answer == "n" && text == "o" && pause == 0;
            assert_eq!(composed(&story), if is_rest { "" } else { text }, "after {answer} and {pause} ms");
        }
    }
    let mut story = ready(MINCHAT);
    story.keys("n").types("o").event(Event::Paste("pasted".into()));
    assert_eq!(composed(&story), "pasted");
}

/// The Enter after the answer sent the draft.
#[test]
fn answer_does_not_send_the_draft() {
    for can in [MINCHAT, VCHAT] {
        for word in ["y", "yes", "n", "no"] {
            let mut story = Story::chat_on(can, 100, 24);
            story.types("draft").keys("ctrl+up up d").wait(400).shows("y yes").effects.clear();
            story.types(word).keys("enter");
            assert_eq!(composed(&story), "draft", "{word}");
            assert!(!story.requests().iter().any(is_send), "{word}");
            story.keys("esc").wait(500).keys("enter");
            assert_eq!(composed(&story), "", "{word}: {}", story.screen());
        }
    }
}

/// Words of other languages, and those of people who have not seen the question.
#[test]
fn other_word_is_text_that_is_not_sent_at_once() {
    for can in [MINCHAT, VCHAT] {
        for word in ["ja", "ok", "sure", "delete it", "yesterday"] {
            let mut story = asked_on(can);
            if word != "yesterday" {
                story.wait(400);
            }
            story.types(word).shows("Nothing was done: the question takes y or n.").keys("enter");
            story.shows("Not sent: you typed this at a question. Press Enter to send it.");
            assert!(!is_asked(&story));
            assert_eq!(composed(&story), word);
            assert_eq!(take_requests(&mut story), [], "{word}");
            story.keys("enter");
            assert!(matches!(take_requests(&mut story)[..], [Request::Send { .. }]), "{word}");
        }
    }
}

/// The word has begun before the question accepts an answer.
#[test]
fn early_answer_leaves_the_question_open() {
    let mut story = asked_on(MINCHAT);
    story.types("yes").keys("enter");
    assert!(is_asked(&story));
    story.wait(400).keys("y");
    assert!(take_requests(&mut story).iter().any(is_delete));
    let mut story = asked_on(MINCHAT);
    story.wait(200).keys("y").wait(200).keys("y");
    assert!(take_requests(&mut story).iter().any(is_delete), "a second attempt counts");
}

/// Regression test: the rest of "nope" opened a link, and that of "delete" edited the message.
#[test]
fn rest_of_a_word_runs_no_command() {
    for word in ["nope", "none", "delete", "ce"] {
        let mut story = Story::chat(100, 24);
        story.keys("tab up d").wait(400).effects.clear();
        story.types(word).keys("enter");
        assert!(story.state.ui.composer.editing.is_none() && story.state.ui.overlay.is_none(), "{word}");
        assert_eq!(story.requests(), [], "{word}");
        assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))), "{word}");
        story.wait(500).keys("e");
        assert!(story.state.ui.composer.editing.is_some(), "{word}: {}", story.screen());
    }
    let mut story = Story::chat(100, 24);
    story.keys("tab up d").wait(400).keys("n k");
    assert!(story.state.ui.selected().is_some(), "a command after the answer runs");
}

/// The Enter opened the direct message with the next member.
#[test]
fn word_for_a_listed_member_leaves_the_list_open() {
    let mut story = vchat::vchat_story(100, 30);
    story.keys("alt+down");
    let owner = Membership { role: Some(MemberRole::Owner), ..Membership::default() };
    story.server(ServerEvent::Membership { room: room_id("r2"), membership: owner });
    story.keys("f2");
    let member = |name: &str, role| Member { person: person(name, name_of(name)), role: Some(role) };
    let members = vec![member("me", MemberRole::Owner), member("bob", MemberRole::Member)];
    story.server(ServerEvent::Members { room: room_id("r2"), page: 1, more: false, members });
    story.keys("down x").wait(400).effects.clear();
    story.types("yes").keys("enter").shows("Members of Release crew");
    assert!(matches!(take_requests(&mut story)[..], [Request::RemoveMember { .. }]));
}

#[test]
fn paste_does_not_answer() {
    let mut story = ready(MINCHAT);
    story.event(Event::Paste("yes\n".into()));
    assert!(is_asked(&story));
    assert_eq!(composed(&story), "");
    assert_eq!(take_requests(&mut story), []);
}
