//! JSON: one document with one message per line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::text::SafeText;

use super::header::ExportHeader;
use super::message::ExportedMessage;

pub(super) fn write(
    out: &mut impl Write,
    header: &ExportHeader,
    messages: impl Iterator<Item = io::Result<ExportedMessage>>,
) -> io::Result<()> {
    write!(out, "{{\n\"room\": ")?;
    write_json(out, &header.room)?;
    write!(out, ",\n\"title\": ")?;
    write_json(out, &header.title)?;
    write!(out, ",\n\"exported_at\": ")?;
    write_json(out, &header.exported_at.to_iso())?;
    if let Some(missing) = &header.missing {
        write!(out, ",\n\"older_messages_missing\": ")?;
        write_json(out, missing)?;
    }
    write!(out, ",\n\"messages\": [")?;
    for (index, message) in messages.enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        write_json(out, &message?)?;
    }
    out.write_all(b"\n]\n}\n")
}

/// Writes a value as JSON without line breaks. Everything that a terminal would obey or hide is escaped.
///
/// # Errors
/// The output cannot be written.
pub fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, SafeFormatter);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// A formatter that escapes everything that a terminal would obey or hide, so that the file can be looked at anywhere.
struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if *SafeText::block(fragment) == *fragment {
            return writer.write_all(fragment.as_bytes());
        }
        for c in fragment.chars() {
            if matches!(c, ' '..='~') {
                writer.write_all(&[c as u8])?;
            } else {
                c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))?;
            }
        }
        Ok(())
    }
}
