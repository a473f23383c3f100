//! What is in the composer, and what becomes of it and of the next line.

use crate::app::{Scene, begun_quotation};
use crate::input::Action;
use crate::text::clip;
use crate::view::preview;

use super::SELECTED;

/// Returns what is in the composer and how to go on; empty if there is nothing.
pub(super) fn composed(scene: Scene<'_>) -> String {
    let composer = &scene.ui.composer;
    let text = composer.text();
    if composer.editing.is_some() {
        return editing(scene, text);
    }
    if composer.is_command() {
        return unsent(scene, "Not run yet", "runs", text);
    }
    let begun = begun_quotation(composer);
    let subject = match &composer.reply {
        Some(reply) => Some(preview::quote(scene, &reply.quote)),
        None => begun.map(|(quotation, _)| without_marks(quotation)),
    };
    let rest = begun.filter(|_| composer.reply.is_none()).map_or(text, |(_, rest)| rest);
    let reply = subject.map(|subject| {
        let cancel = scene.options.key_name(Action::Cancel);
        format!("Replying to {} Your next line is the answer; {cancel} cancels it.", sentence(&subject))
    });
    let draft = (!rest.trim().is_empty()).then(|| unsent(scene, "Not sent yet", "sends", rest));
    reply.into_iter().chain(draft).collect::<Vec<_>>().join("\n")
}

/// Returns the lines of a quotation without what marks them as quoted, in one line.
pub(super) fn without_marks(quotation: &str) -> String {
    let lines = quotation.lines().map(|line| line.trim().trim_start_matches('>').trim_start());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Says that the next line does not become a message of its own.
fn editing(scene: Scene<'_>, text: &str) -> String {
    let cancel = scene.options.key_name(Action::Cancel);
    format!("Editing: {} Your next line replaces it; {cancel} leaves it as it is.", sentence(text))
}

/// Returns a text in one line that ends like a sentence.
fn sentence(text: &str) -> String {
    let text = clip(&text.trim_end().replace('\n', " "), SELECTED);
    let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    text + end
}

/// Returns a text of the user, and what to type to send or run it, to edit it and to discard it.
fn unsent(scene: Scene<'_>, what: &str, verb: &str, text: &str) -> String {
    let key = |action, verb: &str| {
        let key = scene.options.key_name(action);
        (!key.is_empty()).then(|| format!("{key} {verb} it"))
    };
    let ways = [key(Action::Send, verb), key(Action::ExternalEditor, "edits"), Some("/discard discards it".to_owned())];
    let ways: Vec<String> = ways.into_iter().flatten().collect();
    format!("{what}: {text}\n{}. Other lines do not change it.", ways.join(", "))
}
