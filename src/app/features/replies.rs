//! Replies, and jumping to the messages that they quote.

use crate::app::features::jump::jump_to;
use crate::app::features::quotes::reply_to;
use crate::app::features::selection::selected_message;
use crate::app::features::unsent::retry_selected;
use crate::app::model::context::Context;
use crate::app::model::message_actions::reference_error;
use crate::app::model::send_status::SendStatus;
use crate::app::model::ui::Focus;
use crate::domain::Feature;
use crate::input::Action;

/// Begins a reply to the selected message.
///
/// A message that failed or whose delivery is uncertain is retried instead: it cannot be replied to yet, and other
/// clients use the same key to retry.
pub(in crate::app) fn reply(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if matches!(
        cx.account.send_status(message),
        Some(SendStatus::Failed | SendStatus::NeedsUser | SendStatus::Checking)
    ) {
        return retry_selected(cx);
    }
    if let Some(reason) = reference_error(message) {
        cx.notify(reason);
    } else if let Some(reason) = cx.closed_reason() {
        cx.notify(reason);
    } else if cx.ui.composer.editing.is_some() {
        let cancel = cx.options.to_press(Action::Cancel);
        cx.notify(format!("Finish editing first, or {cancel} to cancel it."));
    } else if let Some(reply) = reply_to(cx.account, message) {
        cx.ui.pane.reveal = cx.ui.selected();
        cx.ui.composer.reply = Some(Box::new(reply));
        cx.ui.focus = Focus::Composer;
    }
}

/// Jumps to the message that the selected one replies to.
pub(in crate::app) fn jump_to_quoted(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.ui.open.clone()) else { return };
    match message.quote.as_ref().map(|quote| quote.id.clone()) {
        Some(quoted) => jump_to(cx, &room, &quoted),
        None if !cx.account.can(Feature::Reply) && message.text.starts_with('>') => {
            let service = cx.account.capabilities.map_or("This service", |can| can.name);
            cx.notify(format!("{service} does not tell which message is quoted."));
        }
        None => cx.notify("This message is not a reply."),
    }
}
