//! An exported room as a whole.

use std::io::{self, Write};

use super::format::ExportFormat;
use super::header::ExportHeader;
use super::message::ExportedMessage;
use super::{json, markdown, plain};

/// Writes a room with its messages, oldest first.
///
/// # Errors
/// A message cannot be read, or the output cannot be written.
pub fn write_room(
    out: &mut impl Write,
    format: ExportFormat,
    header: &ExportHeader,
    messages: impl Iterator<Item = io::Result<ExportedMessage>>,
) -> io::Result<()> {
    match format {
        ExportFormat::Text => plain::write(out, header, messages),
        ExportFormat::Markdown => markdown::write(out, header, messages),
        ExportFormat::Json => json::write(out, header, messages),
    }
}
