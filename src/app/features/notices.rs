//! The list of the newest notices.

use std::borrow::Cow;

use crate::app::model::context::{Context, Scene};
use crate::app::overlays::info::{Info, InfoSubject};
use crate::app::overlays::overlay::Overlay;
use crate::text::{width, wrap};

/// Blank cells between a time and its notice.
const GAP: usize = 2;

/// Shows the newest notices.
pub(in crate::app) fn open(cx: &mut Context<'_>) {
    if cx.terminal.notices.iter().next().is_none() {
        return cx.notify("There are no notices yet.");
    }
    cx.ui.overlay = Some(Overlay::Info(Info::about(InfoSubject::Notices)));
}

/// Returns the newest notices with their times, wrapped to rows of `cells` cells.
pub fn notice_lines(scene: Scene<'_>, cells: usize) -> Vec<String> {
    let time_of = |at| scene.options.times.date_time(at, scene.now);
    let notices = scene.terminal.notices.iter().map(|notice| {
        let text = match notice.count {
            1 => notice.text.as_str().into(),
            count => format!("{} ({count} times)", notice.text).into(),
        };
        (time_of(notice.at), text)
    });
    let notices: Vec<(String, Cow<'_, str>)> = notices.collect();
    let indent = notices.iter().map(|(time, _)| width(time)).max().unwrap_or_default() + GAP;
    let mut lines = Vec::new();
    for (time, text) in notices {
        for (index, row) in wrap(&text, cells.saturating_sub(indent).max(1)).into_iter().enumerate() {
            let time = if index == 0 { time.as_str() } else { "" };
            lines.push(format!("{time:<indent$}{}", &text[row.start as usize..row.end as usize]));
        }
    }
    lines
}
