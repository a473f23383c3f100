//! [`Screen`]: the parts of the screen that the test reads: the room, Alice's messages with their marks, the draft.

use super::world::ROOMS;

/// The mark of a message of Alice's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `…`, or `?` while the client checks whether it was sent.
    Queued,
    /// `✓` or more.
    Sent,
    /// `✗`.
    Failed,
    /// No mark, because the row is clipped.
    None,
}

/// The contents of a screen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Screen {
    /// The open room.
    pub(crate) room: Option<usize>,
    /// Alice's messages on the screen.
    pub(crate) messages: Vec<(String, Mark)>,
    /// Whether the newest message is Alice's.
    pub(crate) newest_is_own: bool,
    /// The draft, after `✎` if it edits a message; `None` if the composer is closed.
    pub(crate) draft: Option<String>,
    /// Whether a question or a list covers the pane.
    pub(crate) covered: bool,
    /// Whether a message is selected: the composer has no cursor.
    pub(crate) selected: bool,
    pub(crate) online: bool,
    /// Whether the messages come from the store.
    pub(crate) cached: bool,
    /// Whether the user is asked to retry a message.
    pub(crate) asks_to_retry: bool,
}

impl Screen {
    /// Reads a screen.
    pub(crate) fn read(screen: &vt100::Screen) -> Self {
        let (_, columns) = screen.size();
        let rows: Vec<String> = screen.rows(0, columns).collect();
        let pane: Vec<&str> = rows.iter().filter_map(|row| row.split_once('│')).map(|(_, pane)| pane).collect();
        let status = rows.last().map_or("", String::as_str);
        let mut contents = Self {
            room: pane.first().and_then(|head| ROOMS.iter().position(|room| head.trim().starts_with(room))),
            covered: rows.iter().any(|row| row.contains('╭')),
            selected: screen.hide_cursor(),
            cached: status.contains("last synced "),
            online: status.contains("● Online"),
            asks_to_retry: pane.iter().any(|row| row.contains(" retry ")),
            ..Self::default()
        };
        for row in &pane {
            let own = row.strip_prefix("   ").filter(|text| text.starts_with('w'));
            if let Some((text, mark)) = own.and_then(parse_message) {
                contents.messages.push((text, mark));
                contents.newest_is_own = true;
            } else if row.starts_with("   ") && !row.trim().is_empty() {
                contents.newest_is_own = false;
            }
            contents.draft = contents.draft.or_else(|| parse_draft(row));
        }
        contents
    }

    /// The mark of the message with this text.
    pub(crate) fn mark_of(&self, text: &str) -> Option<Mark> {
        self.messages.iter().find(|(own, _)| own == text).map(|(_, mark)| *mark)
    }
}

/// Parses a row of the pane as a message and its mark.
fn parse_message(row: &str) -> Option<(String, Mark)> {
    // Time and mark stand after several blanks.
    let (text, behind) = row.split_once("  ")?;
    let mark = match behind.trim().chars().find(|c| "…✓✗?".contains(*c)) {
        Some('…' | '?') => Mark::Queued,
        Some('✓') => Mark::Sent,
        Some(_) => Mark::Failed,
        None => Mark::None,
    };
    let text = text.trim_end().trim_end_matches(" (edited)");
    Some((text.to_owned(), mark))
}

/// Parses a row of the composer as a draft.
fn parse_draft(row: &str) -> Option<String> {
    let (prompt, text) = row.split_at_checked('›'.len_utf8())?;
    let text = text.trim();
    match prompt {
        "›" if text.starts_with("Message ") => Some(String::new()),
        "›" => Some(text.to_owned()),
        "✎" => Some(format!("✎{text}")),
        _ => None,
    }
}
