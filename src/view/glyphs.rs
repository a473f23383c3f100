//! The symbols on the screen, each in Unicode and in ASCII.

use crate::domain::Delivery;
use crate::wire::Direction;

/// The set of symbols in use: Unicode, or ASCII for terminals and fonts that lack these Unicode symbols.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyphs {
    ascii: bool,
}

impl Glyphs {
    pub(super) fn new(ascii: bool) -> Self {
        Self { ascii }
    }

    pub(super) fn horizontal(self) -> &'static str {
        if self.ascii { "-" } else { "─" }
    }

    pub(super) fn vertical(self) -> &'static str {
        if self.ascii { "|" } else { "│" }
    }

    /// Marks of a list that goes on above and below.
    pub(super) fn more(self) -> [&'static str; 2] {
        if self.ascii { ["^", "v"] } else { ["▲", "▼"] }
    }

    pub(super) fn corners(self) -> [&'static str; 4] {
        if self.ascii { ["+"; 4] } else { ["╭", "╮", "╰", "╯"] }
    }

    pub(super) fn online(self) -> &'static str {
        if self.ascii { "*" } else { "●" }
    }

    pub(super) fn offline(self) -> &'static str {
        if self.ascii { "." } else { "○" }
    }

    pub(super) fn group(self) -> &'static str {
        "#"
    }

    pub(super) fn broadcast(self) -> &'static str {
        if self.ascii { ">" } else { "»" }
    }

    pub(super) fn order(self) -> &'static str {
        if self.ascii { "$" } else { "¤" }
    }

    pub(super) fn pinned(self) -> &'static str {
        if self.ascii { "^" } else { "↑" }
    }

    pub(super) fn muted(self) -> &'static str {
        if self.ascii { "~" } else { "⊘" }
    }

    pub(super) fn mention(self) -> &'static str {
        "@"
    }

    /// The bar beside a quotation in a message, in two cells.
    pub(super) fn quotation(self) -> &'static str {
        if self.ascii { "> " } else { "▎ " }
    }

    /// The bar beside a row of code, in two cells; another one if the row continues a long line.
    pub(super) fn code(self, continues: bool) -> &'static str {
        match (self.ascii, continues) {
            (true, false) => "| ",
            (true, true) => ": ",
            (false, false) => "│ ",
            (false, true) => "┊ ",
        }
    }

    pub(super) fn agent(self) -> &'static str {
        if self.ascii { "@" } else { "◆" }
    }

    pub(super) fn prompt(self) -> &'static str {
        if self.ascii { ">" } else { "›" }
    }

    pub(super) fn editing(self) -> &'static str {
        if self.ascii { "e" } else { "✎" }
    }

    pub(super) fn draft(self) -> &'static str {
        if self.ascii { "+" } else { "✎" }
    }

    /// The direction of a call or packet.
    pub(super) fn direction(self, direction: Direction) -> &'static str {
        match (direction, self.ascii) {
            (Direction::Out, true) => ">",
            (Direction::Out, false) => "→",
            (Direction::In, true) => "<",
            (Direction::In, false) => "←",
            (Direction::Local, true) => "-",
            (Direction::Local, false) => "·",
        }
    }

    /// The heights of a sparkline, from the lowest to the highest.
    pub(super) fn levels(self) -> [&'static str; 8] {
        if self.ascii {
            ["_", ".", ":", "-", "=", "+", "*", "#"]
        } else {
            ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        }
    }

    /// The mark before something that can be folded.
    pub(super) fn fold(self, is_folded: bool) -> &'static str {
        match (is_folded, self.ascii) {
            (true, true) => "+",
            (true, false) => "▸",
            (false, true) => "-",
            (false, false) => "▾",
        }
    }

    pub(super) fn dot(self) -> &'static str {
        if self.ascii { "-" } else { "·" }
    }

    pub(super) fn dots(self) -> &'static str {
        if self.ascii { "..." } else { "…" }
    }

    /// A cell of a bar that shows progress.
    pub(super) fn bar(self, is_full: bool) -> &'static str {
        match (self.ascii, is_full) {
            (true, true) => "#",
            (true, false) => "-",
            (false, true) => "━",
            (false, false) => "┄",
        }
    }

    /// A character of a text that is not shown.
    pub(super) fn hidden(self) -> &'static str {
        if self.ascii { "*" } else { "•" }
    }

    pub(super) fn pending(self) -> &'static str {
        if self.ascii { "." } else { "…" }
    }

    pub(super) fn passed(self) -> &'static str {
        if self.ascii { "+" } else { "✓" }
    }

    pub(super) fn failed(self) -> &'static str {
        if self.ascii { "x" } else { "✗" }
    }

    pub(super) fn marked(self) -> &'static str {
        if self.ascii { "+" } else { "▌" }
    }

    /// The mark of the tile with the keys.
    pub(super) fn keys(self) -> &'static str {
        if self.ascii { ">" } else { "▸" }
    }

    /// The mark of a message that is selected in another tile.
    pub(super) fn linked(self) -> &'static str {
        if self.ascii { "=" } else { "◇" }
    }

    pub(super) fn quote(self) -> &'static str {
        if self.ascii { "|" } else { "▎" }
    }

    pub(super) fn forwarded(self) -> &'static str {
        if self.ascii { ">" } else { "↪" }
    }

    pub(super) fn star(self) -> &'static str {
        if self.ascii { "*" } else { "★" }
    }

    /// The delivery state of an own message, in at most two cells.
    pub(super) fn delivery(self, delivery: Delivery) -> &'static str {
        match (delivery, self.ascii) {
            (Delivery::Queued, true) => "..",
            (Delivery::Queued, false) => "…",
            (Delivery::Uncertain, _) => "?",
            (Delivery::Failed, true) => "!",
            (Delivery::Failed, false) => "✗",
            (Delivery::Sent, true) => "v",
            (Delivery::Sent, false) => "✓",
            (Delivery::Delivered, true) => "vd",
            (Delivery::Delivered, false) => "✓·",
            (Delivery::Seen, true) => "vv",
            (Delivery::Seen, false) => "✓✓",
        }
    }
}
