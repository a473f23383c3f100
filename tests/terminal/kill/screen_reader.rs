//! What somebody sees who looks at the screen: the room, Alice's lines and their marks, and what is being written.

use super::world::ROOMS;

/// How a line of Alice's stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `…`, or `?` while it is looked for.
    Waiting,
    /// `✓` and more.
    Sent,
    /// `✗`.
    Failed,
    /// None, since one mark serves a whole minute's lines or the row is cut.
    None,
}

/// A screen, as far as it matters here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Glance {
    /// The open room.
    pub(crate) room: Option<usize>,
    /// Alice's lines on screen.
    pub(crate) lines: Vec<(String, Mark)>,
    /// Whether the newest message is Alice's.
    pub(crate) ends_with_hers: bool,
    /// What is being written, behind `✎` where it changes a message; none where nothing can be written.
    pub(crate) written: Option<String>,
    /// A question or a list lies over it.
    pub(crate) covered: bool,
    /// A message is selected: the composer has no cursor.
    pub(crate) selected: bool,
    pub(crate) online: bool,
    /// What is there came from disk.
    pub(crate) kept: bool,
    /// The user is asked whether to send a line again.
    pub(crate) asks: bool,
}

impl Glance {
    pub(crate) fn of(screen: &vt100::Screen) -> Self {
        let (_, columns) = screen.size();
        let rows: Vec<String> = screen.rows(0, columns).collect();
        let pane: Vec<&str> = rows.iter().filter_map(|row| row.split_once('│')).map(|(_, pane)| pane).collect();
        let status = rows.last().map_or("", String::as_str);
        let mut glance = Self {
            room: pane.first().and_then(|head| ROOMS.iter().position(|room| head.trim().starts_with(room))),
            covered: rows.iter().any(|row| row.contains('╭')),
            selected: screen.hide_cursor(),
            kept: status.contains("last synced "),
            online: status.contains("● Online"),
            asks: pane.iter().any(|row| row.contains(" retry ")),
            ..Self::default()
        };
        for row in &pane {
            let own = row.strip_prefix("   ").filter(|text| text.starts_with('w'));
            if let Some((text, mark)) = own.and_then(line) {
                glance.lines.push((text, mark));
                glance.ends_with_hers = true;
            } else if row.starts_with("   ") && !row.trim().is_empty() {
                glance.ends_with_hers = false;
            }
            glance.written = glance.written.or_else(|| written(row));
        }
        glance
    }

    /// How the line that begins like this stands there.
    pub(crate) fn mark_of(&self, text: &str) -> Option<Mark> {
        self.lines.iter().find(|(line, _)| line == text).map(|(_, mark)| *mark)
    }
}

/// A row of the pane as a line and its mark.
fn line(row: &str) -> Option<(String, Mark)> {
    // The time and the mark stand behind a stretch of blanks.
    let (text, behind) = row.split_once("  ")?;
    let mark = match behind.trim().chars().find(|c| "…✓✗?".contains(*c)) {
        Some('…' | '?') => Mark::Waiting,
        Some('✓') => Mark::Sent,
        Some(_) => Mark::Failed,
        None => Mark::None,
    };
    let text = text.trim_end().trim_end_matches(" (edited)");
    Some((text.to_owned(), mark))
}

fn written(row: &str) -> Option<String> {
    let (prompt, text) = row.split_at_checked('›'.len_utf8())?;
    let text = text.trim();
    match prompt {
        "›" if text.starts_with("Message ") => Some(String::new()),
        "›" => Some(text.to_owned()),
        "✎" => Some(format!("✎{text}")),
        _ => None,
    }
}
