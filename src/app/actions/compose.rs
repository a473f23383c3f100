//! Writing and sending.

use crate::app::abilities::command_needs;
use crate::app::access;
use crate::app::composer::Composer;
use crate::app::context::Context;
use crate::app::outbox;
use crate::app::overlay::{Overlay, Question};
use crate::app::search;
use crate::domain::{Content, Message, Request, RoomId};
use crate::input::Command;
use crate::store::OutboxPayload;
use crate::text::SafeText;

use super::{calls, files, finding, members, messages, people, quit, rooms, stars, typing};

/// Empties the composer and ends an edit.
pub(in crate::app) fn reset(cx: &mut Context<'_>) {
    cx.ui.composer = Composer::default();
    typing::stop_typing(cx);
    access::follow(cx);
}

/// Enter: a command is carried out, an edit is saved, anything else is sent.
pub(in crate::app) fn send(cx: &mut Context<'_>) {
    let text = cx.ui.composer.text();
    if text.trim().is_empty() {
        return;
    }
    if let Some(message) = cx.ui.composer.editing.clone() {
        return messages::save_edit(cx, message, text);
    }
    let text = match text.strip_prefix('/').filter(|_| !cx.ui.composer.literal) {
        Some(escaped) if escaped.starts_with('/') => escaped.to_owned(),
        Some(command) if !command.contains('\n') => return run(cx, command),
        _ => text,
    };
    if let Some(why) = cx.closed() {
        cx.notify(why);
        return;
    }
    send_text(cx, text);
}

fn send_text(cx: &mut Context<'_>, text: String) {
    let Some(room) = cx.ui.open.clone().filter(|_| cx.account.me.is_some()) else {
        cx.notify("There is no chat open to send this to. Ctrl+K finds one; /dm USER starts one.");
        return;
    };
    let reply = cx.ui.composer.reply.clone().map(|reply| (reply.to, Box::new(reply.quote)));
    let (reply_to, quote) = reply.unzip();
    let shown = SafeText::block(&text);
    let shape = |message: Message| Message { quote, ..message };
    typing::stop_typing(cx);
    // What is written stays where it is until the outbox has it, on disk too: the draft is forgotten after that.
    if put_out(cx, &room, shown, Content::Text { text, reply_to }, shape) {
        reset(cx);
    }
}

/// Sends something to a room: it goes into the outbox, and waits in the room in the shape that `shape` gives it. Says
/// whether it was taken.
pub(super) fn put_out(
    cx: &mut Context<'_>,
    room: &RoomId,
    text: SafeText,
    content: Content,
    shape: impl FnOnce(Message) -> Message,
) -> bool {
    let Some((_, me)) = cx.account.rooms.get(room).zip(cx.account.me.clone()) else {
        cx.notify("That chat is not in the list any more; nothing was sent.");
        return false;
    };
    let now = cx.server_time();
    let shape = |local| Some(shape(Message::queued(local, me, text, now)));
    outbox::put(cx, room, OutboxPayload::Send(content), shape)
}

fn run(cx: &mut Context<'_>, line: &str) {
    let command = match Command::parse(line) {
        Ok(command) => command,
        Err(error) => {
            cx.notify(error.to_string());
            return;
        }
    };
    if let Some(feature) = command_needs(&command)
        && !cx.account.can(feature)
    {
        cx.notify_unsupported(feature);
        return;
    }
    let sends = matches!(command, Command::Send(_) | Command::File(_) | Command::Call(_));
    if let Some(why) = cx.closed().filter(|_| sends) {
        cx.notify(why);
        return;
    }
    // A command is no message: what is being replied to still is.
    let reply = cx.ui.composer.reply.take();
    reset(cx);
    cx.ui.composer.reply = reply;
    match command {
        Command::Direct(username) => cx.effects.push(cx.account.request(Request::OpenDirect { username })),
        Command::Group(title, usernames) => {
            cx.effects.push(cx.account.request(Request::CreateGroup { title, usernames }))
        }
        Command::Add(username) => people::change_members(cx, &username, true),
        Command::Remove(username) => people::change_members(cx, &username, false),
        Command::Broadcast(title, usernames) => {
            cx.request(Request::CreateBroadcast { title, usernames });
        }
        Command::Role(username, role) => members::set_role(cx, &username, &role),
        Command::Leave => members::leave(cx),
        Command::Rename(title) => members::rename(cx, &title),
        Command::Mute(on) => members::mute(cx, on),
        Command::Archive(on) => members::archive(cx, on),
        Command::Archived => finding::archived(cx),
        Command::Rooms(title) => finding::rooms(cx, &title),
        Command::People(name) => finding::people(cx, &name),
        Command::Find(words) => search::open(cx, &words),
        Command::Block(username, on) => people::block(cx, username, on),
        Command::Stars(all) => stars::list(cx, all),
        Command::Send(path) => files::send(cx, &path, false),
        Command::File(path) => files::send(cx, &path, true),
        Command::Call(video) => calls::start(cx, video),
        Command::Calls => calls::history(cx),
        Command::DeleteChat => match cx.ui.open.clone() {
            Some(room) => cx.ui.overlay = Some(Overlay::Question(Question::DeleteRoom(room))),
            None => cx.notify("There is no chat open to delete."),
        },
        Command::Info => rooms::show_info(cx),
        Command::Go(title) => rooms::go(cx, &title),
        Command::Reconnect => rooms::reconnect(cx),
        Command::Help => cx.ui.overlay = Some(Overlay::Help { scroll: 0 }),
        Command::Quit => quit(cx),
    }
}
