//! Jump to the messages of a day.

use crate::app::features::described_day::{number_of_days, start_of_day};
use crate::app::features::jump;
use crate::app::model::context::Context;
use crate::app::model::jump::Period;

/// Jumps to the first message of the day that the user describes, or else to the next message after it.
pub(in crate::app) fn jump_to_date(cx: &mut Context<'_>, description: &str) {
    let Some(room) = cx.ui.open.clone() else { return cx.notify_no_room() };
    let today = cx.now.zoned(&cx.options.times.zone);
    let Some(at) = start_of_day(description, &today, cx.options.times.first_weekday) else {
        return cx.refuse("Use a date such as 2026-11-03, yesterday, monday, 3 days ago, or first.");
    };
    if at > cx.now {
        return cx.refuse("That day is in the future.");
    }
    let period = Period { start: at, days: number_of_days(description) };
    jump::jump_to_period(cx, &room, period);
}
