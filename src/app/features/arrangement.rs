//! Arrangement of the screen: which lists are shown and how wide they are, and the space between messages.

use crate::app::model::context::Context;
use crate::app::model::ui::{Divider, Focus};
use crate::config::Density;
use crate::input::Action;

/// Columns by which one key press moves a divider.
const STEP: i16 = 2;

/// Shows or hides the room list.
pub(in crate::app) fn toggle_rooms(cx: &mut Context<'_>) {
    let is_hidden = !cx.terminal.arrangement.rooms_hidden;
    cx.terminal.arrangement.rooms_hidden = is_hidden;
    if is_hidden {
        if matches!(cx.ui.focus, Focus::Rooms(_)) {
            cx.ui.focus = Focus::Composer;
        }
        let (list, back) = (cx.options.key_name(Action::FocusRooms), cx.options.key_name(Action::ToggleRooms));
        cx.notify(format!("The room list is hidden. {list} goes to it, {back} shows it again."));
    }
}

/// Makes a list wider, or narrower if `steps` is negative. Its width at present is the one on screen.
pub(in crate::app) fn resize(cx: &mut Context<'_>, divider: Divider, steps: i16) {
    let (region, hidden) = match divider {
        Divider::Rooms => (cx.ui.regions.rooms, "The room list is not shown."),
        Divider::Members => (cx.ui.regions.members, "The member list is not shown."),
    };
    if region.width == 0 {
        return cx.notify(hidden);
    }
    set_width(cx, divider, region.width.saturating_add_signed(steps * STEP));
}

/// Moves a divider to the column to which it was dragged.
pub(in crate::app) fn drag(cx: &mut Context<'_>, divider: Divider, column: u16) {
    let regions = cx.ui.regions;
    let width = match divider {
        Divider::Rooms => column.saturating_sub(regions.rooms.x),
        Divider::Members => (regions.members.x + regions.members.width).saturating_sub(column + 1),
    };
    set_width(cx, divider, width);
}

/// Sets the wanted width of a list. The layout keeps it within what the screen allows.
fn set_width(cx: &mut Context<'_>, divider: Divider, width: u16) {
    let wanted = match divider {
        Divider::Rooms => &mut cx.terminal.arrangement.rooms_width,
        Divider::Members => &mut cx.terminal.arrangement.members_width,
    };
    *wanted = Some(width);
}

/// Makes the screen compact, or roomy.
pub(in crate::app) fn toggle_density(cx: &mut Context<'_>) {
    let density = if cx.scene().density() == Density::Compact { Density::Roomy } else { Density::Compact };
    cx.terminal.density = Some(density);
    let key = cx.options.key_name(Action::ToggleDensity);
    cx.notify(match density {
        Density::Compact => format!("The screen is compact. {key} makes it roomy."),
        Density::Roomy | Density::Auto => format!("The screen is roomy. {key} makes it compact."),
    });
}
