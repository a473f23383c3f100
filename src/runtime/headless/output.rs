//! Standard output: records in the format that was asked for.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use crate::config::Settings;
use crate::domain::TimeFormat;
use crate::export::{ExportFormat, ExportHeader, ExportedMessage, write_room};
use crate::headless::{Format, Record, write_record, write_text};
use crate::runtime::failure::Failure;
use crate::runtime::timezone;

/// Writes records to standard output.
pub(super) struct Output {
    out: BufWriter<Stdout>,
    format: Format,
    times: TimeFormat,
}

impl Output {
    /// Chooses the format: text on a terminal, otherwise JSON.
    pub(super) fn new(format: Option<Format>, settings: &Settings) -> Result<Self, Failure> {
        let format = format.unwrap_or(if io::stdout().is_terminal() { Format::Text } else { Format::Json });
        let zone = settings.time_zone.clone().unwrap_or_else(timezone::local);
        let (clock, dates, first_weekday) = (settings.clock, settings.date_format, settings.first_weekday);
        let times = TimeFormat { zone, clock, dates, first_weekday };
        Ok(Self { out: BufWriter::new(io::stdout()), format, times })
    }

    /// Writes a record. It may stay in memory until [`Output::flush`].
    pub(super) fn write(&mut self, record: &Record) -> io::Result<()> {
        match self.format {
            Format::Json => write_record(&mut self.out, record),
            Format::Text | Format::Markdown => write_text(&mut self.out, record, &self.times),
        }
    }

    /// Returns the format of a document; `None` for records.
    pub(super) fn document_format(&self) -> Option<ExportFormat> {
        match self.format {
            Format::Json => None,
            Format::Text => Some(ExportFormat::Text),
            Format::Markdown => Some(ExportFormat::Markdown),
        }
    }

    /// Returns how times are written.
    pub(super) fn times(&self) -> &TimeFormat {
        &self.times
    }

    /// Writes a room as a document.
    pub(super) fn write_room(
        &mut self,
        format: ExportFormat,
        header: &ExportHeader,
        messages: impl Iterator<Item = io::Result<ExportedMessage>>,
    ) -> io::Result<()> {
        write_room(&mut self.out, format, header, messages)
    }

    /// Writes what is still in memory.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
