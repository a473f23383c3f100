//! Ringing, answering, hanging up.

use crate::app::call::{Call, CallStage, RINGS};
use crate::app::effect::Effect;
use crate::app::list::{List, ListKind};
use crate::app::on_server::note;
use crate::app::overlay::Overlay;
use crate::app::state::State;
use crate::domain::{CallId, Request, RoomId, RoomKind};

/// Rings the other side of the open chat.
pub(in crate::app) fn start(state: &mut State, video: bool, effects: &mut Vec<Effect>) {
    let Some(room) = state.open_room() else {
        state.say("There is no chat open to ring. Ctrl+K finds one; /dm USER starts one.");
        return;
    };
    let two = match room.info.kind {
        RoomKind::Single => true,
        RoomKind::Unknown => state.account.me.as_ref().is_some_and(|me| room.peer(me).is_some()),
        RoomKind::Group | RoomKind::Broadcast | RoomKind::Order => false,
    };
    let room = room.info.id.clone();
    if let Some(call) = state.call.as_ref().filter(|call| call.is_shown()) {
        let hang_up = state.options.keymap.shown(crate::input::Action::HangUp);
        state.say(format!("There is a call with {} already; {hang_up} hangs up.", call.with));
    } else if !two {
        state.say("Only a chat of two can ring. Open one with /dm USER, then ring there.");
    } else {
        let stage = CallStage::Out(state.now + RINGS);
        state.call = Some(Call { id: None, with: name_in(state, &room), room: room.clone(), video, stage });
        effects.push(state.ask(Request::StartCall { room, video }));
    }
}

/// What the other side of a room is called.
pub(in crate::app) fn name_in(state: &State, room: &RoomId) -> String {
    state.rooms.get(room).map_or_else(|| "somebody".to_owned(), |room| room.info.title.to_string())
}

/// Takes the call that rings.
pub(in crate::app) fn accept(state: &mut State, effects: &mut Vec<Effect>) {
    let ringing = state.call.as_mut().filter(|call| matches!(call.stage, CallStage::In(_)));
    let Some((id, call)) = ringing.and_then(|call| Some((call.id.clone()?, call))) else {
        state.say("Nobody rings.");
        return;
    };
    call.stage = CallStage::Taking(state.now + RINGS);
    effects.push(state.ask(Request::AcceptCall { call: id }));
}

/// Refuses the call that rings.
pub(in crate::app) fn reject(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(call) = state.call.take_if(|call| matches!(call.stage, CallStage::In(_))) else {
        state.say("Nobody rings.");
        return;
    };
    state.call_left.clone_from(&call.id);
    effects.extend(call.id.map(|call| state.ask(Request::RejectCall { call })));
    state.say(format!("You refused the {} of {}.", if call.video { "video call" } else { "call" }, call.with));
}

/// Hangs up, or gives up ringing.
pub(in crate::app) fn hang_up(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(call) = state.call.as_mut().filter(|call| call.is_shown()) else {
        state.say("There is no call to hang up.");
        return;
    };
    match (&call.id, call.stage) {
        (_, CallStage::In(_)) => reject(state, effects),
        (None, _) => {
            // The server has not said yet what the call is called: it is ended as soon as it has.
            call.stage = CallStage::GivenUp(state.now + RINGS);
            let (room, sentence) = (call.room.clone(), format!("You stopped ringing {}", call.with));
            note(state, &room, &sentence);
            state.say(format!("{sentence}."));
        }
        (Some(id), _) => {
            let request = Request::EndCall { call: id.clone() };
            state.call_left = Some(id.clone());
            let (rang, room) = (matches!(call.stage, CallStage::Out(_)), call.room.clone());
            let sentence = if rang {
                format!("You stopped ringing {}.", call.with)
            } else {
                format!("You hung up on the {} with {}.", call.word(), call.with)
            };
            state.call = None;
            effects.push(state.ask(request));
            if rang {
                // The service says nothing of it in the room.
                note(state, &room, sentence.trim_end_matches('.'));
            }
            state.say(sentence);
        }
    }
}

/// Shows the calls of the past.
pub(in crate::app) fn history(state: &mut State, effects: &mut Vec<Effect>) {
    state.overlay = Some(Overlay::List(List::waiting(ListKind::Calls)));
    effects.push(state.ask(Request::Calls));
}

/// Has the sound and picture of the call carried, by the program that was chosen for it; a terminal carries neither.
pub(in crate::app) fn carry(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(call) = &state.call else { return };
    let Some(program) = state.options.call_command.first().filter(|program| !program.is_empty()) else {
        state.say("A terminal carries no sound or picture; set call_command to a program that does.");
        return;
    };
    let id = call.id.as_ref().map(CallId::as_str).unwrap_or_default();
    let video = if call.video { "true" } else { "false" };
    let values = [
        ("{room}", call.room.as_str()),
        ("{call}", id),
        ("{url}", state.options.url.as_str()),
        ("{name}", call.with.as_str()),
        ("{video}", video),
    ];
    let arguments = state.options.call_command.iter().skip(1).map(|argument| fill_in(argument, &values));
    // The program itself is the user's choice alone: nothing that a server says gets into its name.
    let argv: Vec<String> = std::iter::once(program.clone()).chain(arguments).collect();
    state.say(format!("{program} carries the {}.", call.word()));
    effects.push(Effect::Spawn(argv));
}

/// Puts the values into one argument, each once: what a server chose is never looked through for placeholders itself,
/// and cannot turn an argument that stands for it into an option.
fn fill_in(argument: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(argument.len());
    let mut rest = argument;
    while let Some(c) = rest.chars().next() {
        if let Some((placeholder, value)) = values.iter().find(|(placeholder, _)| rest.starts_with(placeholder)) {
            out.push_str(if out.is_empty() { value.trim_start_matches('-') } else { value });
            rest = &rest[placeholder.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_filled_in_once_and_makes_no_option() {
        let values = [("{room}", "--{call}"), ("{call}", "c1")];
        assert_eq!(fill_in("{room}", &values), "{call}");
        assert_eq!(fill_in("--room={room}&call={call}", &values), "--room=--{call}&call=c1");
        assert_eq!(fill_in("{nothing}", &values), "{nothing}");
    }
}
