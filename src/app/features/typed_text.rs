//! Tells which keys type text that belongs to the user, for recordings without names.

use crate::app::features::completion::find_word;
use crate::app::model::completion::WordKind;
use crate::app::model::state::State;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::input::{ArgumentKind, Key};

/// Returns the text before the cursor of the field into which a key types a character. `None` if the key types none,
/// or if the field wants a word of the program there, such as the name of a command.
pub fn typed_after(state: &State, key: Key) -> Option<String> {
    key.typed()?;
    let ui = &state.ui;
    match &ui.overlay {
        Some(Overlay::Switcher(switcher)) => Some(switcher.query.before_cursor().to_owned()),
        Some(Overlay::Search(search)) => Some(search.query.before_cursor().to_owned()),
        Some(Overlay::Save(prompt)) => Some(prompt.input.before_cursor().to_owned()),
        None if ui.focus == Focus::Composer => {
            let kind = find_word(&ui.composer, false).map(|word| word.kind);
            let is_own = matches!(
                kind,
                Some(WordKind::Command | WordKind::Argument(_, ArgumentKind::Choice(_), _) | WordKind::Emoji)
            );
            let before = ui.composer.text().get(..ui.composer.cursor_byte()).unwrap_or_default();
            (!is_own).then(|| before.to_owned())
        }
        Some(_) | None => None,
    }
}
