//! Collects what can be inserted for a word.

use crate::app::features::completion::{commands, emoji, paths, people};
use crate::app::features::profiles;
use crate::app::features::room_labels::room_labels;
use crate::app::model::account::Account;
use crate::app::model::completion::{Candidate, CompletedWord, WordKind};
use crate::app::model::context::Context;
use crate::app::model::room_title::room_title;
use crate::input::ArgumentKind;

/// Returns the candidates for a word, the most likely first. For a path, a folder may have to be listed first.
pub(in crate::app) fn collect(cx: &mut Context<'_>, completed: &CompletedWord) -> Vec<Candidate> {
    match completed.kind {
        WordKind::Command => commands::candidates(cx.scene()),
        WordKind::Mention | WordKind::Name => people::mentions(cx.scene()),
        WordKind::Emoji => emoji::candidates(cx.scene(), completed.query()),
        WordKind::Argument(_, ArgumentKind::Path, _) | WordKind::SavePath => paths::candidates(cx, completed),
        WordKind::Argument(_, kind, continues) => arguments(cx, kind, continues),
    }
}

fn arguments(cx: &Context<'_>, kind: ArgumentKind, continues: bool) -> Vec<Candidate> {
    match kind {
        ArgumentKind::User | ArgumentKind::Member | ArgumentKind::Outsider | ArgumentKind::Users => {
            people::users(cx.scene(), kind, continues)
        }
        ArgumentKind::Room => rooms(cx.account),
        ArgumentKind::Profile => profiles::candidates(cx.scene()),
        ArgumentKind::Choice(words) => words.iter().map(|word| Candidate::word(word, word, continues)).collect(),
        ArgumentKind::Text | ArgumentKind::Title | ArgumentKind::Path => Vec::new(),
    }
}

/// Returns the rooms of the list, in its order.
fn rooms(account: &Account) -> Vec<Candidate> {
    let labels = room_labels(account, account.rooms.iter());
    let rooms = account.rooms.iter().zip(labels).map(|(room, label)| Candidate {
        label: label.name.to_owned(),
        mark: label.mark.into_owned(),
        hint: if room.unread().any() { "unread".to_owned() } else { String::new() },
        insert: room_title(room).to_owned(),
        ..Candidate::default()
    });
    rooms.collect()
}
