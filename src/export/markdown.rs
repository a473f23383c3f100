//! Markdown: a heading for each day, and each message as a quotation below its author.
//!
//! A quotation ends with its last line whatever markup it contains, so that code that somebody forgot to close does not
//! swallow the messages below. Texts stay Markdown, except that nothing in them is HTML or an image, which a viewer
//! would run or fetch, or a definition, which would change other messages.

use std::io::{self, Write};

use pulldown_cmark::{Event, Options, Parser, Tag};

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
        writeln!(out, "{}", body(&message.text))?;
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

/// Returns the text of a message as a quotation, which stays Markdown without HTML, images and definitions of links.
fn body(text: &str) -> String {
    let safe = SafeText::block(text);
    let lines: Vec<String> =
        safe.with_tabs().split('\n').map(|line| format!("> {line}").trim_end().to_owned()).collect();
    without_elements(&lines.join("\n"))
}

/// Escapes what begins HTML, an image, or the definition of a link or footnote, except in code.
///
/// A definition would change what is in brackets in other messages.
fn without_elements(markdown: &str) -> String {
    let bytes = markdown.as_bytes();
    let signs = bytes.iter().enumerate().filter_map(|(at, byte)| {
        let is_sign = match byte {
            b'<' => true,
            b'!' => bytes.get(at + 1) == Some(&b'['),
            b':' => at > 0 && bytes[at - 1] == b']',
            _ => false,
        };
        is_sign.then_some(at)
    });
    let signs: Vec<usize> = signs.collect();
    if signs.is_empty() {
        return markdown.to_owned();
    }
    // What is code is found without them: HTML that is escaped hides no backtick.
    let mut masked = bytes.to_vec();
    signs.iter().for_each(|sign| masked[*sign] = b'x');
    let masked = String::from_utf8(masked).unwrap_or_default();
    // A table or a formula may end code, if the viewer knows them.
    let dialects = [Options::empty(), Options::ENABLE_TABLES, Options::all()];
    let dialects = dialects.map(|options| code(&masked, options));
    let is_code = |at: usize| dialects.iter().all(|code| code.get(at) == Some(&true));
    let mut out = String::with_capacity(markdown.len() + signs.len());
    let (mut end, mut bracket) = (0, None);
    for sign in signs {
        let between = &markdown[end..sign];
        bracket = between.rfind('[').map(|at| end + at).or(bracket);
        out.push_str(between);
        let is_escaped = out.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        end = sign;
        match bytes[sign] {
            b':' => {
                // A definition may begin before the backtick of what looks like code.
                let begins_in_code = bracket.is_some_and(|at| is_code(at) && !markdown[..at].ends_with('\\'));
                out.push_str(if is_code(sign) && begins_in_code { "" } else { "\\" });
            }
            _ if is_escaped || is_code(sign) => {}
            b'<' => {
                out.push_str("&lt;");
                end += 1;
            }
            _ => out.push('\\'),
        }
    }
    out.push_str(&markdown[end..]);
    out
}

/// Returns for each byte whether it is code. Of code within a text, that is the first line, because HTML may begin with
/// any other.
fn code(markdown: &str, options: Options) -> Vec<bool> {
    let mut is_code = vec![false; markdown.len()];
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        let length = match event {
            Event::Start(Tag::CodeBlock(_)) => Some(range.len()),
            Event::Code(_) => markdown[range.clone()].find('\n').or(Some(range.len())),
            _ => None,
        };
        let length = length.unwrap_or_default();
        is_code[range.start..range.start + length].fill(true);
    }
    is_code
}
