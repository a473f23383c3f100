//! The symbols on the screen, each in Unicode and in ASCII. Those with a meaning are in `config/marks.rs`.

use crate::config::Mark;
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
        [Mark::Above, Mark::Below].map(|mark| mark.symbol(self.ascii))
    }

    pub(super) fn corners(self) -> [&'static str; 4] {
        if self.ascii { ["+"; 4] } else { ["╭", "╮", "╰", "╯"] }
    }

    pub(super) fn online(self) -> &'static str {
        Mark::Online.symbol(self.ascii)
    }

    pub(super) fn offline(self) -> &'static str {
        Mark::Offline.symbol(self.ascii)
    }

    pub(super) fn group(self) -> &'static str {
        Mark::Group.symbol(self.ascii)
    }

    pub(super) fn broadcast(self) -> &'static str {
        Mark::Broadcast.symbol(self.ascii)
    }

    pub(super) fn order(self) -> &'static str {
        Mark::Order.symbol(self.ascii)
    }

    pub(super) fn pinned(self) -> &'static str {
        Mark::Pinned.symbol(self.ascii)
    }

    pub(super) fn muted(self) -> &'static str {
        Mark::Muted.symbol(self.ascii)
    }

    pub(super) fn mention(self) -> &'static str {
        Mark::Mention.symbol(self.ascii)
    }

    /// The bar beside a quotation in a message.
    pub(super) fn quotation(self) -> &'static str {
        Mark::Quotation.symbol(self.ascii)
    }

    /// The bar beside a row of code; another one if the row continues a long line.
    pub(super) fn code(self, continues: bool) -> &'static str {
        let mark = if continues { Mark::CodeContinued } else { Mark::Code };
        mark.symbol(self.ascii)
    }

    pub(super) fn agent(self) -> &'static str {
        Mark::Agent.symbol(self.ascii)
    }

    pub(super) fn prompt(self) -> &'static str {
        if self.ascii { ">" } else { "›" }
    }

    pub(super) fn editing(self) -> &'static str {
        Mark::Editing.symbol(self.ascii)
    }

    pub(super) fn draft(self) -> &'static str {
        Mark::Draft.symbol(self.ascii)
    }

    /// The direction of a call or packet.
    pub(super) fn direction(self, direction: Direction) -> &'static str {
        let mark = match direction {
            Direction::Out => Mark::Out,
            Direction::In => Mark::In,
            Direction::Local => Mark::Local,
        };
        mark.symbol(self.ascii)
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
        let mark = if is_folded { Mark::Folded } else { Mark::Unfolded };
        mark.symbol(self.ascii)
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
        Mark::Hidden.symbol(self.ascii)
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
        Mark::Selected.symbol(self.ascii)
    }

    /// The mark of the tile with the keys.
    pub(super) fn keys(self) -> &'static str {
        Mark::Keys.symbol(self.ascii)
    }

    /// The mark of a message that is selected in another tile.
    pub(super) fn linked(self) -> &'static str {
        Mark::Linked.symbol(self.ascii)
    }

    pub(super) fn quote(self) -> &'static str {
        Mark::Quote.symbol(self.ascii)
    }

    pub(super) fn forwarded(self) -> &'static str {
        Mark::Forwarded.symbol(self.ascii)
    }

    pub(super) fn star(self) -> &'static str {
        Mark::Star.symbol(self.ascii)
    }

    /// The delivery state of an own message, in at most two cells.
    pub(super) fn delivery(self, delivery: Delivery) -> &'static str {
        let mark = match delivery {
            Delivery::Queued => Mark::Queued,
            Delivery::Uncertain => Mark::Uncertain,
            Delivery::Failed => Mark::Failed,
            Delivery::Sent => Mark::Sent,
            Delivery::Delivered => Mark::Delivered,
            Delivery::Seen => Mark::Seen,
        };
        mark.symbol(self.ascii)
    }
}
