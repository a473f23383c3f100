//! Hints for the keys of the open overlay.

use crate::app::features::list_targets;
use crate::app::features::rooms::members;
use crate::app::model::context::Scene;
use crate::app::overlays::component::Needs;
use crate::app::overlays::overlay::Overlay;
use crate::input::Action;

/// Returns the keys of the open overlay that do something right now, each with its word for the status line.
pub(in crate::app) fn overlay_hints(scene: Scene<'_>) -> Vec<(Action, &'static str)> {
    scene.ui.overlay.as_ref().map_or_else(Vec::new, |overlay| hints_of(scene, overlay))
}

/// Returns the keys of an overlay that do something right now, each with its word.
pub(in crate::app) fn hints_of(scene: Scene<'_>, overlay: &Overlay) -> Vec<(Action, &'static str)> {
    let offered = overlay
        .hints()
        .into_iter()
        .filter(|(action, hint)| scene.account.offers(*action) && is_possible(scene, overlay, *action, hint.needs));
    offered.map(|(action, hint)| (action, hint.word)).collect()
}

/// Returns whether the account and the room permit what an overlay offers.
fn is_possible(scene: Scene<'_>, overlay: &Overlay, action: Action, needs: Needs) -> bool {
    let list = if let Overlay::List(list) = overlay { Some(list) } else { None };
    match needs {
        Needs::Nothing => true,
        Needs::TimeToRead => scene.accepts_yes(),
        Needs::OpenRoom => scene.ui.open.is_some(),
        Needs::OpenableRow => {
            let row = list.and_then(|list| list.selected());
            row.is_some_and(|row| list_targets::is_openable(scene.account, &row.target))
        }
        Needs::MemberRights => list.is_some_and(|list| members::can_change_selected(scene, list, action)),
    }
}
