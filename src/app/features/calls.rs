//! Voice and video calls: starting, accepting, declining and ending them.
//!
//! This module handles only the signalling. The program in `call_command` carries sound and video.

use crate::app::effect::Effect;
use crate::app::features::notes::add_note;
use crate::app::model::account::Account;
use crate::app::model::call::{Call, CallStage, RING_TIMEOUT};
use crate::app::model::context::Context;
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{CallAccess, CallId, Request, RoomId, RoomKind};
use crate::input::Action;
use crate::text::percent_encode;

/// Calls the other person of the open direct message.
pub(in crate::app) fn start(cx: &mut Context<'_>, video: bool) {
    let Some(room) = cx.open_room() else {
        cx.notify_no_room();
        return;
    };
    let is_direct = match room.info.kind {
        RoomKind::Direct => true,
        RoomKind::Unknown => cx.account.me.as_ref().is_some_and(|me| room.peer(me).is_some()),
        RoomKind::Group | RoomKind::Broadcast | RoomKind::Order => false,
    };
    let room = room.info.id.clone();
    if let Some(call) = cx.account.call.as_ref().filter(|call| call.is_shown()) {
        let press = cx.options.press(Action::HangUp);
        cx.refuse(format!("There is already a call with {}. {press} to hang up.", call.peer_name));
    } else if !is_direct {
        cx.refuse("Calls work only in direct messages. Open one with /dm USER.");
    } else {
        let stage = CallStage::Outgoing(cx.now + RING_TIMEOUT);
        cx.account.call =
            Some(Call { id: None, peer_name: peer_name(cx.account, &room), room: room.clone(), video, stage });
        cx.request(Request::StartCall { room, video });
    }
}

/// Returns the title of a room, or a placeholder if the room is unknown.
pub(in crate::app) fn peer_name(account: &Account, room: &RoomId) -> String {
    account.rooms.get(room).map_or_else(|| "Unknown user".to_owned(), |room| account.room_label(room).to_string())
}

/// Accepts the incoming call.
pub(in crate::app) fn accept(cx: &mut Context<'_>) {
    let ringing = cx.account.call.as_mut().filter(|call| matches!(call.stage, CallStage::Incoming(_)));
    let Some((id, call)) = ringing.and_then(|call| Some((call.id.clone()?, call))) else {
        cx.notify("There is no incoming call.");
        return;
    };
    call.stage = CallStage::Accepting(cx.now + RING_TIMEOUT);
    cx.request(Request::AcceptCall { call: id });
}

/// Declines the incoming call.
pub(in crate::app) fn decline(cx: &mut Context<'_>) {
    let Some(call) = cx.account.call.take_if(|call| matches!(call.stage, CallStage::Incoming(_))) else {
        cx.notify("There is no incoming call.");
        return;
    };
    cx.account.left_call.clone_from(&call.id);
    let sentence = format!("You declined the {} from {}.", call.kind_name(), call.peer_name);
    cx.effects.extend(call.id.map(|call| cx.account.request(Request::DeclineCall { call })));
    cx.notify(sentence);
}

/// Ends the current call, or cancels an outgoing call that nobody has answered yet.
pub(in crate::app) fn hang_up(cx: &mut Context<'_>) {
    let Some(call) = cx.account.call.as_mut().filter(|call| call.is_shown()) else {
        cx.notify("There is no call to hang up.");
        return;
    };
    match (&call.id, call.stage) {
        (_, CallStage::Incoming(_)) => decline(cx),
        (None, _) => {
            // The server has not sent the id of the call yet. The call is ended as soon as the id arrives.
            call.stage = CallStage::Canceling(cx.now + RING_TIMEOUT);
            let (room, sentence) = (call.room.clone(), format!("You canceled the call to {}", call.peer_name));
            add_note(cx, &room, &sentence);
            cx.notify(format!("{sentence}."));
        }
        (Some(id), _) => {
            let request = Request::EndCall { call: id.clone() };
            cx.account.left_call = Some(id.clone());
            let (was_ringing, room) = (matches!(call.stage, CallStage::Outgoing(_)), call.room.clone());
            let sentence = if was_ringing {
                format!("You canceled the call to {}.", call.peer_name)
            } else {
                format!("You ended the {} with {}.", call.kind_name(), call.peer_name)
            };
            cx.account.call = None;
            cx.request(request);
            if was_ringing {
                // The server posts no message about a canceled call.
                add_note(cx, &room, sentence.trim_end_matches('.'));
            }
            cx.notify(sentence);
        }
    }
}

/// Opens the list of past calls.
pub(in crate::app) fn show_history(cx: &mut Context<'_>) {
    cx.ui.overlay = Some(Overlay::List(List::waiting(ListKind::Calls)));
    cx.request(Request::Calls);
}

/// Placeholder in `call_command` for the address of the server.
const URL: &str = "{url}";

/// Placeholder in `call_command` for the channel that the server has assigned to the call.
const CHANNEL: &str = "{channel}";

/// Starts the program from `call_command`, which carries the sound and video that a terminal cannot. If its arguments
/// contain the placeholder for the channel, access to the channel is requested first. The token is passed in an
/// environment variable, because other users of the machine could see an argument.
pub(in crate::app) fn start_call_program(cx: &mut Context<'_>) {
    let needs_access = |argument: &String| argument.contains(CHANNEL);
    let room = cx.account.call.as_ref().map(|call| call.room.clone());
    match room.filter(|_| cx.account.profile.call_command.iter().skip(1).any(needs_access)) {
        Some(room) => cx.request(Request::CallAccess { room }),
        None => launch(cx, None),
    }
}

/// Starts the program from `call_command`.
pub(in crate::app) fn launch(cx: &mut Context<'_>, access: Option<&CallAccess>) {
    let Some(call) = &cx.account.call else { return };
    let Some(program) = cx.account.profile.call_command.first().filter(|program| !program.is_empty()) else {
        cx.notify("A terminal has no sound or video. Set call_command to a program for calls.");
        return;
    };
    let id = call.id.as_ref().map(CallId::as_str).unwrap_or_default();
    let video = if call.video { "true" } else { "false" };
    let values = [
        ("{room}", call.room.as_str()),
        ("{call}", id),
        (URL, cx.account.profile.url.as_str()),
        ("{name}", call.peer_name.as_str()),
        ("{video}", video),
        (CHANNEL, access.map_or("", |access| &access.channel)),
    ];
    let arguments = cx.account.profile.call_command.iter().skip(1).map(|argument| substitute(argument, &values));
    let Some(arguments) = arguments.collect::<Option<Vec<String>>>() else {
        return cx.notify("The call program was not started: the server sent an id with unsafe characters.");
    };
    // Placeholders are not substituted in the program's name, so the server has no influence on what is executed.
    let argv: Vec<String> = std::iter::once(program.clone()).chain(arguments).collect();
    cx.notify(format!("Started {program} for the {}.", call.kind_name()));
    cx.effects.push(Effect::Spawn(argv, access.cloned()));
}

/// Replaces the placeholders in one argument in a single pass. Returns `None` if a value must not be passed on.
///
/// A value comes from the server, so placeholders inside a value are not expanded, and leading dashes are stripped from
/// a value that begins the argument: it must not become an option of the program. In an address a value is
/// percent-encoded, so that it cannot change the host or the path, and `.` and `..`, which could even when encoded, are
/// refused. An argument with `:`, `/`, `@` or [`URL`] is taken for an address, whatever its scheme, and also without
/// one. The address of the server is encoded inside of another address only. Control characters are refused everywhere:
/// some programs print their arguments.
fn substitute(argument: &str, values: &[(&str, &str)]) -> Option<String> {
    let is_address = |text: &str| text.contains([':', '/', '@']) || text.contains(URL);
    let mut out = String::with_capacity(argument.len());
    let mut rest = argument;
    while let Some(c) = rest.chars().next() {
        if let Some((placeholder, value)) = values.iter().find(|(placeholder, _)| rest.starts_with(placeholder)) {
            let before = &argument[..argument.len() - rest.len()];
            let is_in_address = is_address(if *placeholder == URL { before } else { argument });
            if value.chars().any(char::is_control) || (is_in_address && matches!(*value, "." | "..")) {
                return None;
            }
            match is_in_address {
                true => out.push_str(&percent_encode(value)),
                false if out.is_empty() => out.push_str(value.trim_start_matches('-')),
                false => out.push_str(value),
            }
            rest = &rest[placeholder.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholder_is_expanded_once_and_never_an_option() {
        let values = [("{room}", "--{call}"), ("{call}", "c1")];
        assert_eq!(substitute("{room}", &values).as_deref(), Some("{call}"));
        assert_eq!(substitute("--room={room}&call={call}", &values).as_deref(), Some("--room=--{call}&call=c1"));
        assert_eq!(substitute("{nothing}", &values).as_deref(), Some("{nothing}"));
    }

    /// Regression test: ids could change the host or the path of an address that contained them.
    #[test]
    fn values_in_an_address_change_neither_host_nor_path() {
        let in_address = |room| substitute("https://meet.example/{room}?x=1", &[("{room}", room)]);
        assert_eq!(in_address("c1-_~.x").as_deref(), Some("https://meet.example/c1-_~.x?x=1"));
        assert_eq!(
            in_address("../a?b#c@d:e\\f").as_deref(),
            Some("https://meet.example/..%2Fa%3Fb%23c%40d%3Ae%5Cf?x=1")
        );
        assert_eq!(in_address("%2e%2e").as_deref(), Some("https://meet.example/%252e%252e?x=1"));
        assert_eq!((in_address("."), in_address("..")), (None, None));
        let values = [("{url}", "https://chat.example/v1"), ("{room}", "a/b"), ("{name}", "Zoë & Co")];
        let link = substitute("--to={url}/call/{room}?name={name}", &values);
        assert_eq!(link.as_deref(), Some("--to=https://chat.example/v1/call/a%2Fb?name=Zo%C3%AB%20%26%20Co"));
        let two = substitute("{url}/{room}?from={url}", &values);
        assert_eq!(two.as_deref(), Some("https://chat.example/v1/a%2Fb?from=https%3A%2F%2Fchat.example%2Fv1"));
        let other = substitute("https://meet.example/?server={url}", &values);
        assert_eq!(other.as_deref(), Some("https://meet.example/?server=https%3A%2F%2Fchat.example%2Fv1"));
        assert_eq!(substitute("{name}", &values).as_deref(), Some("Zoë & Co"));
    }

    /// Only what stood after `://` or `{url}` was taken for an address.
    #[test]
    fn values_are_encoded_in_addresses_of_any_form() {
        for (argument, expected) in [
            ("meet.example/{name}", "meet.example/%40evil.example%2Fx%23"),
            ("sip:{name}@pbx.example", "sip:%40evil.example%2Fx%23@pbx.example"),
            ("{name}@pbx.example", "%40evil.example%2Fx%23@pbx.example"),
            ("{name}.meet.example/x", "%40evil.example%2Fx%23.meet.example/x"),
            ("mailto:{name}", "mailto:%40evil.example%2Fx%23"),
            ("https:{name}", "https:%40evil.example%2Fx%23"),
            ("--open={name}", "--open=@evil.example/x#"),
            ("{name}", "@evil.example/x#"),
        ] {
            let values = [(URL, "https://chat.example"), ("{name}", "@evil.example/x#")];
            assert_eq!(substitute(argument, &values).as_deref(), Some(expected), "{argument}");
        }
        assert_eq!(substitute("meet.example/{name}", &[("{name}", "..")]), None);
    }

    #[test]
    fn control_characters_reach_no_program() {
        for value in ["a\u{1b}]0;x", "a\nb", "\u{7f}", "\u{9b}31m", "a\tb"] {
            for argument in ["{room}", "--room={room}", "https://meet.example/{room}"] {
                assert_eq!(substitute(argument, &[("{room}", value)]), None, "{value:?} in {argument}");
            }
        }
    }
}
