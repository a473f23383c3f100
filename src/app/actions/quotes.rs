//! Replies, the messages they quote, and sending messages on.

use crate::app::account::ConnectionState;
use crate::app::allowed::why_not_named;
use crate::app::composer::Reply;
use crate::app::context::{Context, Scene};
use crate::app::hunt::{self, JumpTarget};
use crate::app::overlay::{Overlay, Question};
use crate::app::switcher::{Purpose, Switcher};
use crate::app::ui::Focus;
use crate::app::waiting::Unsent;
use crate::domain::{Content, LocalId, Message, MessageId, Quote, Request, Room, RoomId};
use crate::text::SafeText;

use super::messages::selected_message;
use super::unsent::retry_selected;
use super::{compose, switching};

/// How much of a message a quote holds: a row of the widest screen, and more.
const QUOTED: usize = 300;

/// Begins a reply to the selected message. One that failed, or may have been sent, is sent again instead: there is nothing to answer yet, and
/// that is what the key means elsewhere.
pub(in crate::app) fn reply(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if matches!(cx.account.unsent(message), Some(Unsent::Failed | Unsent::Asks | Unsent::LookedFor)) {
        return retry_selected(cx);
    }
    if let Some(why) = why_not_named(message) {
        cx.notify(why);
    } else if let Some(why) = cx.closed() {
        cx.notify(why);
    } else if cx.ui.composer.editing.is_some() {
        cx.notify("Finish the change first, or leave it with Esc; then reply.");
    } else if let Some(reply) = reply_to(cx.scene(), message) {
        cx.ui.pane.reveal = cx.ui.selected();
        cx.ui.composer.reply = Some(Box::new(reply));
        cx.ui.focus = Focus::Composer;
    }
}

/// The reply to the message that was sent as `local`, if it is in `room`.
pub(in crate::app) fn find_reply(scene: Scene<'_>, room: &Room, local: LocalId) -> Option<Reply> {
    let slot = room.timeline.sent_as(local)?;
    reply_to(scene, room.timeline.get(slot))
}

fn reply_to(scene: Scene<'_>, message: &Message) -> Option<Reply> {
    let (id, to) = message.id.clone().zip(message.local.as_deref().copied())?;
    let said = match &message.attachment {
        _ if message.deleted => String::new(),
        Some(file) if message.text.is_empty() => file.in_words(),
        _ => message.text.chars().take(QUOTED).collect(),
    };
    let author_name = SafeText::line(scene.account.name_of(&message.author));
    let quote = Quote { id, author: message.author.clone(), author_name, text: SafeText::line(&said) };
    Some(Reply { to, quote })
}

/// Goes to the message that the selected one replies to.
pub(in crate::app) fn to_quoted(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.ui.open.clone()) else { return };
    match message.quote.as_ref().map(|quote| quote.id.clone()) {
        Some(quoted) => go_to(cx, &room, &quoted),
        None => cx.notify("This message replies to no other."),
    }
}

/// Asks where to send the selected message on to.
pub(in crate::app) fn forward(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if let Some(why) = why_not_named(message) {
        cx.notify(why);
    } else if let Some(of) = message.local.as_deref().copied() {
        let mut switcher = Switcher::over(switching::rooms(cx.scene()));
        switcher.purpose = Purpose::SendOn(of);
        cx.ui.overlay = Some(Overlay::Switcher(switcher));
    }
}

/// Sends a message of the open room on to another room, where it waits like anything that is sent.
pub(super) fn send_on(cx: &mut Context<'_>, of: LocalId, to: &RoomId) {
    let source = cx.open_room().and_then(|room| Some(room.timeline.get(room.timeline.sent_as(of)?)));
    let Some(source) = source.filter(|source| !source.deleted).cloned() else {
        cx.notify("The message is gone; there is nothing to send on.");
        return;
    };
    let title = cx.account.rooms.get(to).map(|room| room.info.title.to_string()).unwrap_or_default();
    let text = match &source.attachment {
        Some(file) if source.text.is_empty() => file.in_words(),
        _ => source.text.to_string(),
    };
    let shape =
        |message: Message| Message { attachment: source.attachment, kind: source.kind, forwarded: true, ..message };
    if compose::put_out(cx, to, source.text, Content::Forward { of, text }, shape) {
        cx.ui.focus = Focus::Composer;
        cx.notify(format!("Sending it on to {title}."));
    }
}

/// Asks whether to delete the selected message for oneself.
pub(in crate::app) fn delete_for_me(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.ui.open.clone()) else { return };
    match message.id.clone() {
        Some(id) => {
            cx.ui.pane.reveal = cx.ui.selected();
            cx.ui.overlay = Some(Overlay::Question(Question::DeleteForMe(room, id)));
        }
        None => cx.notify("This message has not been sent; as long as it waits, it can be taken back instead."),
    }
}

/// Opens a room and goes to one of its messages, fetching older pages until it is there. A room that is not in the list
/// is asked for.
pub(in crate::app) fn go_to(cx: &mut Context<'_>, room: &RoomId, message: &MessageId) {
    if cx.account.rooms.get(room).is_none() {
        if cx.account.connection != ConnectionState::Online {
            return cx.notify("That chat is not in the list, and there is no connection to ask for it.");
        }
        cx.request(Request::Room { room: room.clone() });
        cx.notify("That chat is not in the list; asking for it.");
    }
    cx.ui.jump = Some(JumpTarget { room: room.clone(), message: message.clone(), pages: hunt::MOST_PAGES });
    if let Some(known) = cx.account.rooms.get_mut(room) {
        known.history.stuck = false;
    }
    hunt::proceed(cx);
}
