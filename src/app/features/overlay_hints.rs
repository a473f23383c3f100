//! Hints for the keys of the open overlay.

use crate::app::features::list_targets;
use crate::app::features::rooms::members;
use crate::app::model::context::Scene;
use crate::app::overlays::overlay::Overlay;
use crate::input::Action;

/// Returns the keys of the open overlay that do something right now, each with its word for the status line.
pub fn overlay_hints(scene: Scene<'_>) -> Vec<(Action, &'static str)> {
    let Some(overlay) = &scene.ui.overlay else { return Vec::new() };
    let mut hints = overlay.hints();
    hints.retain(|(action, _)| scene.account.offers(*action) && is_possible(scene, overlay, *action));
    hints
}

/// Returns whether the account and the room permit what an overlay offers.
fn is_possible(scene: Scene<'_>, overlay: &Overlay, action: Action) -> bool {
    match (overlay, action) {
        (Overlay::List(list), Action::Confirm) => {
            list.chosen().is_some_and(|row| list_targets::is_openable(scene.account, &row.target))
        }
        (Overlay::List(list), Action::MemberPromote | Action::MemberDemote | Action::MemberRemove) => {
            members::can_change_chosen(scene, list, action)
        }
        (Overlay::Search(_), Action::SearchScope) => scene.ui.open.is_some(),
        _ => true,
    }
}
