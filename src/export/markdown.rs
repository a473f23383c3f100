//! Markdown: a heading for each day, and each message as a quotation below its author.
//!
//! A quotation ends with its last line whatever markup it contains, so that code that somebody forgot to close does not
//! swallow the messages below. Texts stay Markdown, except that nothing in them is HTML or an image, which a viewer
//! would run or fetch.

use std::io::{self, Write};

use crate::text::SafeText;

use super::header::ExportHeader;
use super::message::ExportedMessage;
use super::plain::{DELETED, GAP};

pub(super) fn write(
    out: &mut impl Write,
    header: &ExportHeader,
    messages: impl Iterator<Item = io::Result<ExportedMessage>>,
) -> io::Result<()> {
    write!(out, "# {}\n\n", escaped(&header.title))?;
    writeln!(out, "Exported {}", header.exported_at.format_seconds(&header.times.zone))?;
    if let Some(missing) = &header.missing {
        write!(out, "\nOlder messages are missing: {}\n", escaped(missing))?;
    }
    let mut last = None;
    for message in messages {
        let message = message?;
        let day = message.sent_at.day(&header.times.zone);
        if last != Some(day) {
            write!(out, "\n## {}\n", header.times.long_date(message.sent_at))?;
            last = Some(day);
        }
        write_message(out, header, &message)?;
        if message.gap_after {
            write!(out, "\n*{GAP}*\n")?;
        }
    }
    Ok(())
}

fn write_message(out: &mut impl Write, header: &ExportHeader, message: &ExportedMessage) -> io::Result<()> {
    let time = header.times.time(message.sent_at);
    let Some(author) = &message.author else {
        return write!(out, "\n{time} *{}*\n", escaped(&message.text.replace('\n', " ")));
    };
    let marks = [(message.edited && !message.deleted, "edited"), (message.forwarded, "forwarded")];
    let marks: String = marks.iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| format!(" *({mark})*")).collect();
    write!(out, "\n**{}** {time}{marks}\n\n", escaped(&author.name))?;
    if message.deleted {
        return writeln!(out, "> *{DELETED}*");
    }
    if let Some(quote) = &message.reply_to {
        let text = if quote.text.is_empty() { DELETED.to_owned() } else { escaped(&quote.text) };
        write!(out, "> > **{}**: {text}\n>\n", escaped(&quote.author))?;
    }
    if let Some(file) = &message.file {
        writeln!(out, "> {}", escaped(&file.summary()))?;
        if !message.text.is_empty() {
            writeln!(out, ">")?;
        }
    }
    if !message.text.is_empty() || message.file.is_none() {
        for line in body(&message.text).split('\n') {
            writeln!(out, "{}", format!("> {line}").trim_end())?;
        }
    }
    Ok(())
}

/// Returns a text in one line in which no character has a meaning in Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in SafeText::line(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns the text of a message, which stays Markdown without HTML and images.
fn body(text: &str) -> String {
    let safe = SafeText::block(text);
    let mut out = String::with_capacity(safe.len());
    // Number of backticks that opened the code that has not ended yet.
    let mut code = 0;
    let mut rest = safe.with_tabs();
    while let Some(c) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches('`').len();
        if run > 0 {
            let is_closed = rest[run..].contains(&rest[..run]);
            code = match code {
                0 if is_closed => run,
                open if open == run => 0,
                open => open,
            };
            out.push_str(&rest[..run]);
            rest = &rest[run..];
            continue;
        }
        match c {
            '<' if code == 0 => out.push_str("&lt;"),
            '!' if code == 0 && rest.starts_with("![") => out.push_str("\\!"),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}
