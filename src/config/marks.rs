//! The marks on the screen: symbols that stand for a state, each in Unicode and in ASCII.
//!
//! The help and the README explain them with the words of this table. Lines, corners and dots, which stand for nothing,
//! are in `view/glyphs.rs`.

/// A symbol that stands for a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Connected, or a person who is online.
    Online,
    /// Not connected, or a person who is offline.
    Offline,
    /// An AI agent.
    Agent,
    /// A group.
    Group,
    /// A broadcast.
    Broadcast,
    /// An order.
    Order,
    /// A pinned room.
    Pinned,
    /// A muted room.
    Muted,
    /// A room with a mention of the user.
    Mention,
    /// A room with a draft.
    Draft,
    /// More rows above.
    Above,
    /// More rows below.
    Below,
    /// A message that waits to be sent.
    Queued,
    /// A message that the server has.
    Sent,
    /// A message that has arrived.
    Delivered,
    /// A message that was seen.
    Seen,
    /// A message of which nobody knows whether it was sent.
    Uncertain,
    /// A message that was not sent.
    Failed,
    /// The message that is being edited.
    Editing,
    /// The message that a reply quotes.
    Quote,
    /// A quotation in a text.
    Quotation,
    /// A row of code.
    Code,
    /// The rest of a long line of code.
    CodeContinued,
    /// A forwarded message.
    Forwarded,
    /// A starred message.
    Star,
    /// A selected row, or a marked message.
    Selected,
    /// The message that is selected in another tile.
    Linked,
    /// The tile with the keys.
    Keys,
    /// A call or packet that was sent.
    Out,
    /// A call or packet that was received.
    In,
    /// A record that is neither.
    Local,
    /// Something folded.
    Folded,
    /// Something unfolded.
    Unfolded,
    /// A character that is hidden.
    Hidden,
}

/// A mark in both sets, and its meaning.
#[derive(Debug, Clone, Copy)]
pub struct MarkSpec {
    /// The mark.
    pub mark: Mark,
    unicode: &'static str,
    ascii: &'static str,
    /// The text of the help, in sentence case.
    pub help: &'static str,
}

impl MarkSpec {
    /// Returns the symbol, in at most two cells.
    pub fn symbol(&self, ascii: bool) -> &'static str {
        if ascii { self.ascii } else { self.unicode }
    }
}

impl Mark {
    /// Returns the symbol, in at most two cells.
    pub fn symbol(self, ascii: bool) -> &'static str {
        MARKS[self as usize].symbol(ascii)
    }
}

const fn row(mark: Mark, unicode: &'static str, ascii: &'static str, help: &'static str) -> MarkSpec {
    MarkSpec { mark, unicode, ascii, help }
}

/// Every mark, in the order of the help.
pub const MARKS: &[MarkSpec] = &[
    row(Mark::Online, "●", "*", "Connected, or a person who is online"),
    row(Mark::Offline, "○", ".", "Not connected, or a person who is offline"),
    row(Mark::Agent, "◆", "@", "AI agent"),
    row(Mark::Group, "#", "#", "Group"),
    row(Mark::Broadcast, "»", ">", "Broadcast: each member gets it as a direct message"),
    row(Mark::Order, "¤", "$", "Order"),
    row(Mark::Pinned, "↑", "^", "Pinned room"),
    row(Mark::Muted, "⊘", "~", "Muted room"),
    row(Mark::Mention, "@", "@", "Room with a mention of you"),
    row(Mark::Draft, "✎", "+", "Room with a draft"),
    row(Mark::Above, "▲", "^", "More rooms above"),
    row(Mark::Below, "▼", "v", "More rooms below"),
    row(Mark::Queued, "…", "..", "Your message waits to be sent"),
    row(Mark::Sent, "✓", "v", "The server has your message"),
    row(Mark::Delivered, "✓·", "vd", "Your message has arrived"),
    row(Mark::Seen, "✓✓", "vv", "Your message was seen"),
    row(Mark::Uncertain, "?", "?", "Your message may have been sent"),
    row(Mark::Failed, "✗", "!", "Your message was not sent"),
    row(Mark::Editing, "✎", "e", "Message that you are editing"),
    row(Mark::Quote, "▎", "|", "Message that this one replies to"),
    row(Mark::Quotation, "▎", ">", "Quotation"),
    row(Mark::Code, "│", "|", "Code"),
    row(Mark::CodeContinued, "┊", ":", "Rest of a long line of code"),
    row(Mark::Forwarded, "↪", ">", "Forwarded message"),
    row(Mark::Star, "★", "*", "Starred message"),
    row(Mark::Selected, "▌", "+", "Selected row, or marked message"),
    row(Mark::Linked, "◇", "=", "Message that is selected in another tile"),
    row(Mark::Keys, "▸", ">", "Tile in which you type"),
    row(Mark::Out, "→", ">", "Sent, in the inspector"),
    row(Mark::In, "←", "<", "Received, in the inspector"),
    row(Mark::Local, "·", "-", "Neither sent nor received, in the inspector"),
    row(Mark::Folded, "▸", "+", "Folded"),
    row(Mark::Unfolded, "▾", "-", "Unfolded"),
    row(Mark::Hidden, "•", "*", "Character of a key that is hidden"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;

    #[test]
    fn each_mark_has_its_row() {
        for (index, spec) in MARKS.iter().enumerate() {
            assert_eq!(spec.mark as usize, index, "{:?}", spec.mark);
            assert!(spec.ascii.is_ascii() && width(spec.unicode).max(width(spec.ascii)) <= 2, "{:?}", spec.mark);
        }
    }
}
