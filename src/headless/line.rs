//! Records as text for a terminal. Everything that others wrote goes through [`SafeText`].

use std::io::{self, Write};

use crate::domain::{SECOND, TimeFormat};
use crate::text::SafeText;

use super::check::{Check, Observed};
use super::record::{MessageRecord, PersonRecord, Record, RoomRecord};

/// Indentation of the further lines of a message, which therefore cannot imitate the first line of another one.
const INDENT: &str = "    ";

/// Writes a record as text.
///
/// # Errors
/// The output cannot be written.
pub fn write_text(out: &mut impl Write, record: &Record, times: &TimeFormat) -> io::Result<()> {
    match record {
        Record::Message(message) => write_message(out, message, "", times),
        Record::MessageEdited(message) => write_message(out, message, " (edited)", times),
        Record::Room(room) => write_room(out, room),
        Record::Person(person) => writeln!(out, "{}\t{}", safe(&person.id), described(person)),
        Record::MessageDeleted { id, .. } => writeln!(out, "Message {} was deleted.", safe(id)),
        Record::Receipt { status, message, room, .. } => {
            let subject = message.as_ref().or(room.as_ref()).map(|id| safe(id)).unwrap_or_default();
            writeln!(out, "{subject}: {status}")
        }
        Record::Typing { person, activity, .. } => writeln!(out, "{}: {activity}", described(person)),
        Record::Presence { person, online } => {
            writeln!(out, "{} is {}.", described(person), if *online { "online" } else { "offline" })
        }
        Record::RoomDeleted { id } => writeln!(out, "Room {} was deleted.", safe(id)),
        Record::RoomRenamed { id, title } => writeln!(out, "Room {} is now called {}.", safe(id), safe(title)),
        Record::Member { room, person, change } => {
            writeln!(out, "{} was {change} in room {}.", described(person), safe(room))
        }
        Record::Call { room, state } => writeln!(out, "Call in room {}: {state}", safe(room)),
        Record::Notice { text } => writeln!(out, "Notice: {}", safe(text)),
        Record::Connection { status, reason } => match reason {
            Some(reason) => writeln!(out, "Connection: {status}. {}", safe(reason)),
            None => writeln!(out, "Connection: {status}"),
        },
        Record::Sent { id, local_id, repeated, .. } => {
            let id = id.as_deref().unwrap_or(local_id);
            writeln!(out, "Sent: {}{}", safe(id), if *repeated { " (already before)" } else { "" })
        }
        Record::Done { action, message } => {
            let subject = message.as_ref().map(|id| format!(": {}", safe(id))).unwrap_or_default();
            writeln!(out, "Done: {action}{subject}")
        }
        Record::Check(check) => write_check(out, check),
        Record::Report { ok, failed, observed } => write_report(out, *ok, *failed, observed),
        Record::Event { event, args } => {
            let args: Vec<String> = args.iter().map(|arg| safe(&arg.to_string()).to_string()).collect();
            writeln!(out, "{} {}", safe(event), args.join(" "))
        }
    }
}

fn safe(text: &str) -> SafeText {
    SafeText::line(text)
}

fn described(person: &PersonRecord) -> String {
    let username = if person.username.is_empty() { String::new() } else { format!(" (@{})", safe(&person.username)) };
    let role = person.role.map(|role| format!(", {role}")).unwrap_or_default();
    format!("{}{username}{role}", safe(&person.name))
}

fn write_check(out: &mut impl Write, check: &Check) -> io::Result<()> {
    let millis = check.millis.map(|millis| format!("{millis} ms")).unwrap_or_default();
    let detail = SafeText::block(&check.detail).replace('\n', &format!("\n{INDENT}"));
    writeln!(out, "{:<9} {:<8} {millis:>8}  {detail}", check.stage, check.result)?;
    check.advice.as_ref().map_or(Ok(()), |advice| writeln!(out, "{INDENT}{advice}"))
}

fn write_report(out: &mut impl Write, ok: bool, failed: Option<&str>, observed: &Observed) -> io::Result<()> {
    let shown = |observation: Option<bool>| match observation {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not tested",
    };
    writeln!(out)?;
    if !observed.service.is_empty() {
        let ahead = observed.clock_ahead / SECOND;
        writeln!(out, "Service: {} (clock {ahead} s ahead)", observed.service)?;
        let observations = [
            ("encrypted", Some(observed.encrypted)),
            ("through a proxy", Some(observed.proxy)),
            ("additional CA", Some(observed.ca_file)),
            ("messages come back as events", observed.echo),
            ("with the id of the send", observed.returns_local_ids),
            ("messages can be edited", observed.edit),
            ("messages can be deleted", observed.delete),
        ];
        for (what, observation) in observations {
            writeln!(out, "  {what}: {}", shown(observation))?;
        }
        writeln!(out, "Features that this client uses:")?;
        observed.features.iter().try_for_each(|feature| writeln!(out, "  {feature}"))?;
    }
    match failed {
        Some(stage) if !ok => writeln!(out, "Failed: {stage}"),
        _ if observed.echo.is_some() => writeln!(out, "Everything works."),
        _ => writeln!(out, "What was tested works."),
    }
}

fn write_room(out: &mut impl Write, room: &RoomRecord) -> io::Result<()> {
    let title = room.nickname.as_ref().or(room.title.as_ref()).map(|title| safe(title)).unwrap_or_default();
    let peer = room.peer.as_ref().filter(|peer| !peer.username.is_empty());
    let peer = peer.map(|peer| format!(" (@{})", safe(&peer.username))).unwrap_or_default();
    let more = if room.or_more { "+" } else { "" };
    let unread = room.unread.filter(|count| *count > 0).map(|count| format!(", {count}{more} unread"));
    let unread = unread.unwrap_or_default();
    writeln!(out, "{}\t{title}{peer}\t{}{unread}", safe(&room.id), room.kind)
}

fn write_message(out: &mut impl Write, record: &MessageRecord, mark: &str, times: &TimeFormat) -> io::Result<()> {
    let message = &record.message;
    let room = record.room_title.as_deref().unwrap_or(&record.room);
    let time = message.sent_at.format_seconds(&times.zone);
    let author = message.author.as_ref().map(|author| format!(" {}:", safe(&author.name))).unwrap_or_default();
    let mut text = SafeText::block(&message.text).to_string();
    if message.deleted {
        "Message deleted".clone_into(&mut text);
    }
    if let Some(file) = &message.file {
        let parts = [&file.name, &file.url].map(|part| safe(part).to_string());
        let separator = if text.is_empty() { "" } else { "\n" };
        text = format!("[{}] {}{separator}{text}", safe(&file.kind), parts.join(" "));
    }
    let text = text.replace('\n', &format!("\n{INDENT}"));
    writeln!(out, "{time} [{}]{author}{mark} {text}", safe(room))
}
