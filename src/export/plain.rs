//! Plain text: one block of lines for each day, and one line for the beginning of each message.
//!
//! The continuation lines of a message are indented, so that no text can imitate the beginning of another message.

use std::io::{self, Write};

use crate::domain::Timestamp;
use crate::text::SafeText;

use super::header::ExportHeader;
use super::message::ExportedMessage;

/// Indentation of everything below the first line of a message: the width of its time and two blanks.
const INDENT: &str = "       ";

/// What stands for messages that could not be loaded.
pub(super) const GAP: &str = "Messages are missing here.";

/// What stands for a deleted message.
pub(super) const DELETED: &str = "Message deleted";

pub(super) fn write(
    out: &mut impl Write,
    header: &ExportHeader,
    messages: impl Iterator<Item = io::Result<ExportedMessage>>,
) -> io::Result<()> {
    writeln!(out, "{}", SafeText::line(&header.title))?;
    writeln!(out, "Exported {}", header.exported_at.format_seconds(&header.times.zone))?;
    if let Some(missing) = &header.missing {
        writeln!(out, "Older messages are missing: {}", SafeText::line(missing))?;
    }
    let mut last = None;
    for message in messages {
        let message = message?;
        let day = message.sent_at.day(&header.times.zone);
        if last != Some(day) {
            write!(out, "\n=== {} ===\n\n", header.times.long_date(message.sent_at))?;
            last = Some(day);
        }
        write_message(out, header, &message)?;
        if message.gap_after {
            write!(out, "\n{INDENT}--- {GAP} ---\n\n")?;
        }
    }
    Ok(())
}

fn write_message(out: &mut impl Write, header: &ExportHeader, message: &ExportedMessage) -> io::Result<()> {
    let time = time(message.sent_at, header);
    let author = message.author.as_ref().map(|author| SafeText::line(&author.name));
    let mut lines = lines(message).into_iter();
    let first = lines.next().unwrap_or_default();
    match author {
        Some(author) => writeln!(out, "{time}  {author}: {first}")?,
        None => writeln!(out, "{time}  * {first}")?,
    }
    lines.try_for_each(|line| writeln!(out, "{INDENT}{line}"))
}

fn time(at: Timestamp, header: &ExportHeader) -> String {
    header.times.time(at)
}

/// Returns the lines of a message, the first of which stands beside its author.
fn lines(message: &ExportedMessage) -> Vec<String> {
    if message.deleted {
        return vec![format!("[{DELETED}]")];
    }
    let mut lines = Vec::new();
    if message.forwarded {
        lines.push("[Forwarded]".to_owned());
    }
    if let Some(quote) = &message.reply_to {
        let text = if quote.text.is_empty() { DELETED.into() } else { SafeText::line(&quote.text).to_string() };
        lines.push(format!("> {}: {text}", SafeText::line(&quote.author)));
    }
    if let Some(file) = &message.file {
        lines.push(SafeText::line(&file.summary()).to_string());
    }
    let text = SafeText::block(&message.text);
    if !text.is_empty() || lines.is_empty() {
        lines.extend(text.with_tabs().split('\n').map(str::to_owned));
    }
    if message.edited
        && let Some(last) = lines.last_mut()
    {
        last.push_str(" (edited)");
    }
    lines
}
