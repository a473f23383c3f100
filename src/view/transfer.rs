//! Sentences about what is being transferred: a bar with rate and time left, and the progress of an export.

use crate::app::{Export, ExportStage, Scene, Transfer};
use crate::domain::{SECOND, format_duration, format_size};

use super::canvas::cells;
use super::glyphs::Glyphs;

/// Width of the bar, in cells.
const BAR: usize = 16;

/// Describes a transfer in at most `width` cells, the most important first: the percentage, the bar, the time left, and
/// the rate.
pub(super) fn line(verb: &str, transfer: Option<&Transfer>, glyphs: Glyphs, width: u16) -> String {
    let begun = format!("{verb}{}", glyphs.dots());
    let Some(transfer) = transfer else { return begun };
    let Some(percent) = transfer.percent() else {
        return if transfer.done() == 0 { begun } else { format!("{verb} {}", format_size(transfer.done())) };
    };
    let full = BAR * usize::from(percent) / 100;
    let bar = format!("{}{}", glyphs.bar(true).repeat(full), glyphs.bar(false).repeat(BAR - full));
    let left = transfer.seconds_left().and_then(|seconds| i64::try_from(seconds).ok());
    let left = left.map(|seconds| format!("{} left", format_duration(seconds.saturating_mul(SECOND))));
    let rate = transfer.rate().map(|rate| format!("{}/s", format_size(rate)));
    let percent = format!("{percent} %");
    let dot = format!(" {} ", glyphs.dot());
    let details =
        |parts: &[&Option<String>]| parts.iter().filter_map(|part| part.as_deref()).collect::<Vec<_>>().join(&dot);
    let with = |bar: &str, details: String| {
        let parts = [verb, percent.as_str(), bar, details.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let ways = [
        with(&bar, details(&[&rate, &left])),
        with(&bar, details(&[&left])),
        with("", details(&[&left])),
        with("", String::new()),
    ];
    ways.into_iter().find(|way| cells(way) <= width).unwrap_or(percent)
}

/// Describes the progress of an export.
pub(super) fn export_line(scene: Scene<'_>, export: &Export) -> String {
    let count = match export.messages {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    };
    match (export.stage, &export.oldest) {
        (ExportStage::Opening, _) | (_, None) => format!("Exporting {}", export.target.name),
        (ExportStage::Finishing, _) => format!("Exporting: writing {count}"),
        (ExportStage::Offline, _) => format!("Export waits for the connection, {count} so far"),
        (ExportStage::Pausing, _) => format!("Export waits for the server, {count} so far"),
        (_, Some((_, at))) => {
            format!("Exporting: {count}, back to {}", scene.options.times.short_date(*at))
        }
    }
}
