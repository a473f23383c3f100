//! The latency line: how long the last sends took, and the state of the connection. What does not fit is left out from
//! the end.

use crate::app::{Region, Scene};
use crate::config::Role;
use crate::domain::{SECOND, format_duration};
use crate::wire::{Latency, Percentiles};

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::micros::format_micros;

/// Number of sends in the sparkline.
const SPARKLINE: usize = 12;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.latency;
    let Some(latency) = scene.terminal.latency.as_deref().filter(|_| area.height > 0) else { return };
    canvas.clear(area);
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let (dim, text) = (canvas.style(Role::Dim), canvas.style(Role::Text));
    let end = inner.x + inner.width;
    let mut x = inner.x;
    for (index, (label, value)) in segments(scene, latency, glyphs).into_iter().enumerate() {
        let separator = if index == 0 { String::new() } else { format!(" {} ", glyphs.dot()) };
        let label = if label.is_empty() || value.is_empty() { label.to_owned() } else { format!("{label} ") };
        if x + cells(&separator) + cells(&label) + cells(&value) > end {
            return;
        }
        x = canvas.put(x, inner.y, &separator, end - x, dim);
        x = canvas.put(x, inner.y, &label, end - x, dim);
        x = canvas.put(x, inner.y, &value, end - x, text);
    }
}

/// Returns the parts of the line, each with its label, the most important first.
fn segments(scene: Scene<'_>, latency: &Latency, glyphs: Glyphs) -> Vec<(&'static str, String)> {
    let account = scene.account.id;
    let (sends, connection) = (latency.sends(account), latency.connection(account));
    let mut segments = Vec::new();
    let steps = [("response", sends.response), ("echo", sends.echo), ("seen", sends.seen)];
    segments.extend(steps.into_iter().filter_map(|(label, step)| Some((label, shown(step?)))));
    if segments.is_empty() {
        segments.push(("no message sent yet", String::new()));
    }
    if let Some(at) = connection.last_received {
        let age = match (scene.now - at) / SECOND {
            ..1 => "now".to_owned(),
            seconds @ 1..60 => format!("{seconds} s ago"),
            seconds => format!("{} ago", format_duration(seconds * SECOND)),
        };
        segments.push(("heard", age));
    }
    let queued = scene.account.outbox.len();
    segments.push(("queue", format!("{queued} + {}", connection.running_calls)));
    segments.push(("reconnects", connection.reconnects.to_string()));
    if sends.responses.len() > 1 {
        segments.push(("", sparkline(&sends.responses, glyphs)));
    }
    segments
}

fn shown(step: Percentiles) -> String {
    format!("{} (p95 {})", format_micros(step.p50), format_micros(step.p95))
}

/// Returns the last durations as blocks, the longest one in full height.
fn sparkline(durations: &[u64], glyphs: Glyphs) -> String {
    let last = &durations[durations.len().saturating_sub(SPARKLINE)..];
    let longest = last.iter().copied().max().unwrap_or_default().max(1);
    let levels = glyphs.levels();
    let level = |duration: &u64| usize::try_from(duration * (levels.len() as u64 - 1) / longest).unwrap_or_default();
    last.iter().filter_map(|duration| levels.get(level(duration))).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparkline_shows_the_last_durations() {
        let durations: Vec<u64> = (0..100).collect();
        assert_eq!(sparkline(&durations, Glyphs::new(false)), "▇▇▇▇▇▇▇▇▇▇▇█");
        assert_eq!(sparkline(&[0, 35, 70], Glyphs::new(false)), "▁▄█");
        assert_eq!(sparkline(&[0, 35, 70], Glyphs::new(true)), "_-#");
        assert_eq!(sparkline(&[0, 0], Glyphs::new(false)), "▁▁");
    }
}
