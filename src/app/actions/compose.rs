//! Writing and sending.

use crate::app::abilities::command_needs;
use crate::app::access;
use crate::app::composer::Composer;
use crate::app::effect::Effect;
use crate::app::outbox;
use crate::app::overlay::{Overlay, Question};
use crate::app::search;
use crate::app::state::State;
use crate::domain::{Content, Message, Request, RoomId};
use crate::input::Command;
use crate::store::OutboxPayload;
use crate::text::SafeText;

use super::{calls, files, finding, members, messages, people, quit, rooms, stars, typing};

/// Empties the composer and ends an edit.
pub(in crate::app) fn reset(state: &mut State, effects: &mut Vec<Effect>) {
    state.composer = Composer::default();
    typing::stop_typing(state, effects);
    access::follow(state, effects);
}

/// Enter: a command is carried out, an edit is saved, anything else is sent.
pub(in crate::app) fn send(state: &mut State, effects: &mut Vec<Effect>) {
    let text = state.composer.text();
    if text.trim().is_empty() {
        return;
    }
    if let Some(message) = state.composer.editing.clone() {
        return messages::save_edit(state, message, text, effects);
    }
    let text = match text.strip_prefix('/').filter(|_| !state.composer.literal) {
        Some(escaped) if escaped.starts_with('/') => escaped.to_owned(),
        Some(command) if !command.contains('\n') => return run(state, command, effects),
        _ => text,
    };
    if let Some(why) = state.closed() {
        state.say(why);
        return;
    }
    send_text(state, text, effects);
}

fn send_text(state: &mut State, text: String, effects: &mut Vec<Effect>) {
    let Some(room) = state.open.clone().filter(|_| state.account.me.is_some()) else {
        state.say("There is no chat open to send this to. Ctrl+K finds one; /dm USER starts one.");
        return;
    };
    let reply = state.composer.reply.clone().map(|reply| (reply.to, Box::new(reply.quote)));
    let (reply_to, quote) = reply.unzip();
    let shown = SafeText::block(&text);
    let shape = |message: Message| Message { quote, ..message };
    typing::stop_typing(state, effects);
    // What is written stays where it is until the outbox has it, on disk too: the draft is forgotten after that.
    if put_out(state, &room, shown, Content::Text { text, reply_to }, shape, effects) {
        reset(state, effects);
    }
}

/// Sends something to a room: it goes into the outbox, and waits in the room in the shape that `shape` gives it. Says
/// whether it was taken.
pub(super) fn put_out(
    state: &mut State,
    room: &RoomId,
    text: SafeText,
    content: Content,
    shape: impl FnOnce(Message) -> Message,
    effects: &mut Vec<Effect>,
) -> bool {
    let Some((_, me)) = state.rooms.get(room).zip(state.account.me.clone()) else {
        state.say("That chat is not in the list any more; nothing was sent.");
        return false;
    };
    let now = state.server_time();
    let shape = |local| Some(shape(Message::queued(local, me, text, now)));
    outbox::put(state, room, OutboxPayload::Send(content), shape, effects)
}

fn run(state: &mut State, line: &str, effects: &mut Vec<Effect>) {
    let command = match Command::parse(line) {
        Ok(command) => command,
        Err(error) => {
            state.say(error.to_string());
            return;
        }
    };
    if let Some(feature) = command_needs(&command)
        && !state.can(feature)
    {
        state.say_impossible(feature);
        return;
    }
    let sends = matches!(command, Command::Send(_) | Command::File(_) | Command::Call(_));
    if let Some(why) = state.closed().filter(|_| sends) {
        state.say(why);
        return;
    }
    // A command is no message: what is being replied to still is.
    let reply = state.composer.reply.take();
    reset(state, effects);
    state.composer.reply = reply;
    match command {
        Command::Direct(username) => effects.push(state.ask(Request::OpenDirect { username })),
        Command::Group(title, usernames) => effects.push(state.ask(Request::CreateGroup { title, usernames })),
        Command::Add(username) => people::change_members(state, &username, true, effects),
        Command::Remove(username) => people::change_members(state, &username, false, effects),
        Command::Broadcast(title, usernames) => {
            effects.push(state.ask(Request::CreateBroadcast { title, usernames }));
        }
        Command::Role(username, role) => members::set_role(state, &username, &role, effects),
        Command::Leave => members::leave(state),
        Command::Rename(title) => members::rename(state, &title, effects),
        Command::Mute(on) => members::mute(state, on, effects),
        Command::Archive(on) => members::archive(state, on, effects),
        Command::Archived => finding::archived(state, effects),
        Command::Rooms(title) => finding::rooms(state, &title, effects),
        Command::People(name) => finding::people(state, &name, effects),
        Command::Find(words) => search::open(state, &words, effects),
        Command::Block(username, on) => people::block(state, username, on, effects),
        Command::Stars(all) => stars::list(state, all, effects),
        Command::Send(path) => files::send(state, &path, false, effects),
        Command::File(path) => files::send(state, &path, true, effects),
        Command::Call(video) => calls::start(state, video, effects),
        Command::Calls => calls::history(state, effects),
        Command::DeleteChat => match state.open.clone() {
            Some(room) => state.overlay = Some(Overlay::Question(Question::DeleteRoom(room))),
            None => state.say("There is no chat open to delete."),
        },
        Command::Info => rooms::show_info(state, effects),
        Command::Go(title) => rooms::go(state, &title, effects),
        Command::Reconnect => rooms::reconnect(state, effects),
        Command::Help => state.overlay = Some(Overlay::Help { scroll: 0 }),
        Command::Quit => quit(state, effects),
    }
}
