//! Replies on services without them: the text of the other message, quoted as in mail, at the start of the draft.

use crate::app::features::selection::selected_message;
use crate::app::features::{sending, typing};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::app::model::ui::Focus;
use crate::domain::Message;
use crate::text::{SafeText, own_words};

/// Number of quoted lines. A quote reminds of a message; it does not repeat it.
const QUOTED_LINES: usize = 4;

/// Number of characters quoted of a line.
const QUOTED_CHARS: usize = 200;

/// Writes a quotation of the selected message above the draft.
pub(in crate::app) fn quote_selected(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if message.deleted {
        return cx.notify("Deleted messages cannot be quoted.");
    }
    if message.kind.is_system() {
        return cx.notify("Only messages from people can be quoted.");
    }
    if message.id.is_none() {
        return cx.notify("This message has not been sent yet. Reply once it is sent.");
    }
    let block = block(&SafeText::line(cx.account.name_of(&message.author)), message);
    if let Some(reason) = cx.closed_reason() {
        return cx.notify(reason);
    }
    cx.ui.pane.reveal = cx.ui.selected();
    cx.ui.composer.insert_quotation(&block);
    cx.ui.focus = Focus::Composer;
    typing::update_typing(cx);
}

/// Whether the draft begins with a quotation that can be removed: one that was inserted, or one without an answer.
pub(in crate::app) fn is_begun(composer: &Composer) -> bool {
    composer.editing.is_none() && (!composer.quotation().is_empty() || is_unanswered(composer))
}

/// Removes the quotation of a reply that was begun, and returns it with a line break at its end; empty if there is none.
pub(in crate::app) fn take_begun(composer: &mut Composer) -> String {
    let Some((quotation, rest)) = begun_quotation(composer) else { return String::new() };
    let (quotation, rest) = (format!("{}\n", quotation.trim_end()), rest.to_owned());
    composer.replace_all(&rest);
    quotation
}

/// Returns the quotation of a reply that was begun, and the text below it; `None` if the draft does not begin with one.
pub fn begun_quotation(composer: &Composer) -> Option<(&str, &str)> {
    let end = if is_unanswered(composer) { composer.text().len() } else { composer.quotation().len() };
    composer.text().split_at_checked(end).filter(|_| is_begun(composer))
}

/// Whether nothing was written below the quotation that was inserted. One that the user has typed may be all they want to
/// send.
pub(in crate::app) fn lacks_reply(composer: &Composer) -> bool {
    let quotation = composer.quotation().trim();
    !quotation.is_empty() && composer.text().trim() == quotation
}

/// Whether the draft is a quotation without an answer.
fn is_unanswered(composer: &Composer) -> bool {
    let mut lines = composer.text().lines().filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with("> "))
}

/// Removes the quotation. It can be inserted again like a deleted text, and the answer stays.
pub(in crate::app) fn cancel(cx: &mut Context<'_>) {
    if is_unanswered(&cx.ui.composer) {
        cx.terminal.kill_ring.push(cx.ui.composer.text().to_owned());
        return sending::clear_composer(cx);
    }
    let quotation = cx.ui.composer.remove_quotation();
    cx.terminal.kill_ring.push(quotation);
    typing::update_typing(cx);
}

/// Returns the quotation, which ends with a line break. What the message quotes itself is left out.
fn block(author: &str, message: &Message) -> String {
    let summary = message.attachment.as_ref().filter(|_| message.text.is_empty()).map(|file| file.summary());
    let text = summary.as_deref().unwrap_or_else(|| own_words(message.text.with_tabs()));
    let mut lines: Vec<String> =
        text.lines().filter(|line| !line.trim().is_empty()).take(QUOTED_LINES + 1).map(shorten).collect();
    if lines.len() > QUOTED_LINES {
        lines.truncate(QUOTED_LINES);
        lines.push("…".to_owned());
    }
    let first = format!("> {author}: {}\n", lines.first().map_or("", String::as_str));
    lines.iter().skip(1).fold(first, |block, line| block + "> " + line + "\n")
}

/// Returns a line without its end if it is long.
fn shorten(line: &str) -> String {
    match line.char_indices().nth(QUOTED_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
