//! The menu of the selected message, or of all marked ones.

use crate::app::features::marked;
use crate::app::features::selection::selected_message;
use crate::app::model::context::Context;
use crate::app::overlays::menu::Menu;
use crate::app::overlays::overlay::Overlay;
use crate::input::{Action, Context as KeyContext};

/// Opens the menu of everything that can be done with the selected message, or with all marked ones.
pub(in crate::app) fn show(cx: &mut Context<'_>) {
    let scene = cx.scene();
    let count = marked::messages(scene).len();
    if count > 0 {
        let actions = marked::actions(scene).into_iter().map(|(action, _)| action).collect();
        cx.ui.overlay = Some(Overlay::Menu(Menu::of(actions, count)));
        return;
    }
    let Some(message) = selected_message(scene) else { return };
    let actions = Action::hinted(KeyContext::Message).into_iter().map(|(action, _)| action);
    let actions = actions.filter(|action| *action != Action::MessageMenu && scene.offers_on(message, *action));
    cx.ui.overlay = Some(Overlay::Menu(Menu::of(actions.collect(), 0)));
}
