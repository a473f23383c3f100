//! Events of the sandbox server as lines for people who watch it in a terminal: `18:20:01  connected: alice`.

use std::fmt::{self, Debug, Write};

use jiff::tz::TimeZone;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::clock::{Clock, SystemClock};

/// The format of the lines: time, what has happened, and its particulars without their names.
pub(super) struct EventLine {
    /// The time zone of the times.
    pub(super) zone: TimeZone,
}

impl<S, N> FormatEvent<S, N> for EventLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut parts = Parts::default();
        event.record(&mut parts);
        let time = SystemClock.now().zoned(&self.zone).strftime("%H:%M:%S").to_string();
        writeln!(writer, "{}", parts.line(&time, *event.metadata().level()))
    }
}

/// The parts of an event.
#[derive(Debug, Default)]
struct Parts {
    message: String,
    /// The values, separated by blanks.
    values: String,
}

impl Parts {
    /// Returns the line for an event of this time.
    fn line(&self, time: &str, level: Level) -> String {
        let warning = if level <= Level::WARN { "warning: " } else { "" };
        let colon = if self.values.is_empty() { "" } else { ": " };
        format!("{time}  {warning}{}{colon}{}", self.message, self.values)
    }

    fn add(&mut self, name: &str, value: fmt::Arguments<'_>) {
        let blank = if self.values.is_empty() || name == "message" { "" } else { " " };
        let part = if name == "message" { &mut self.message } else { &mut self.values };
        // Writing to a text does not fail.
        let _ = part.write_fmt(format_args!("{blank}{value}"));
    }
}

impl Visit for Parts {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field.name(), format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field.name(), format_args!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_has_time_event_and_values() {
        let mut parts = Parts::default();
        parts.add("message", format_args!("request refused"));
        assert_eq!(parts.line("18:20:01", Level::INFO), "18:20:01  request refused");
        parts.add("method", format_args!("POST"));
        parts.add("status", format_args!("{}", 401));
        assert_eq!(parts.line("18:20:01", Level::INFO), "18:20:01  request refused: POST 401");
        assert_eq!(parts.line("18:20:01", Level::WARN), "18:20:01  warning: request refused: POST 401");
    }
}
