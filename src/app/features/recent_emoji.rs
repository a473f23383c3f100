//! Emoji that the user has used lately, whether they were completed, typed as a shortcode or inserted as a character.

use crate::app::model::context::Context;
use crate::app::model::recent_emoji::MAX_EMOJI;
use crate::store::Write;
use crate::text::emoji_in;

/// Notes an emoji that was inserted.
pub(in crate::app) fn note(cx: &mut Context<'_>, emoji: &str) {
    note_all(cx, &[emoji]);
}

/// Notes the emoji in a text that is sent.
pub(in crate::app) fn note_in(cx: &mut Context<'_>, text: &str) {
    let found = emoji_in(text, MAX_EMOJI);
    note_all(cx, &found);
}

fn note_all(cx: &mut Context<'_>, emoji: &[&str]) {
    // Those of one message are offered in the order in which they were written.
    let mut is_changed = false;
    for emoji in emoji.iter().rev() {
        is_changed |= cx.account.recent_emoji.note(emoji);
    }
    if is_changed && cx.account.persistence.enabled && cx.account.persistence.loaded {
        cx.persist(Write::RecentEmoji(cx.account.recent_emoji.to_store()));
    }
}
