//! The one table of what a key can do.

/// Where a binding holds. A key means the first of: what is open on top, the selected message, the composer, anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere.
    Anywhere,
    /// In a list that lies over the screen: the switcher, a question, the help.
    Overlay,
    /// While a message is selected.
    Message,
    /// In the composer while it is empty.
    EmptyComposer,
    /// In the composer.
    Composer,
}

impl Context {
    /// The heading in the help.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Anywhere => "Anywhere",
            Self::Overlay => "In a list or question",
            Self::Message => "On a selected message",
            Self::EmptyComposer => "In an empty composer",
            Self::Composer => "In the composer",
        }
    }
}

/// A row of the table.
struct Row {
    action: Action,
    name: &'static str,
    context: Context,
    keys: &'static [&'static str],
    help: &'static str,
}

/// Something the user can do with a key. Later capabilities get their row in the table below and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the table below says what each does, in the words the user reads")]
pub enum Action {
    Switcher,
    NextRoom,
    PreviousRoom,
    NextUnread,
    PreviousUnread,
    ScrollUp,
    ScrollDown,
    ToNewest,
    ToOldest,
    SelectMessage,
    FocusRooms,
    Search,
    Help,
    RoomInfo,
    Reconnect,
    /// Fetch messages that are missing.
    FillGap,
    Redraw,
    Suspend,
    Interrupt,
    Quit,
    Cancel,
    Up,
    Down,
    Confirm,
    Yes,
    No,
    SearchScope,
    MemberPromote,
    MemberDemote,
    MemberRemove,
    AcceptCall,
    RejectCall,
    HangUp,
    MessageUp,
    MessageDown,
    MessageReply,
    MessageForward,
    MessageQuoted,
    FoundOlder,
    FoundNewer,
    MessageStar,
    MessageSeenBy,
    MessageDeleteForMe,
    MessageEdit,
    MessageDelete,
    MessageCopy,
    MessageOpen,
    MessageCopyLink,
    MessageRetry,
    MessageDiscard,
    EditLast,
    FocusMessages,
    Send,
    NewLine,
    LineStart,
    LineEnd,
    WordLeft,
    WordRight,
    DeleteWord,
    DeleteToStart,
    DeleteToEnd,
    Undo,
    Redo,
}

const fn row(
    action: Action,
    name: &'static str,
    context: Context,
    keys: &'static [&'static str],
    help: &'static str,
) -> Row {
    Row { action, name, context, keys, help }
}

/// In the order of the help screen.
const TABLE: &[Row] = &[
    row(Action::Switcher, "switcher", Context::Anywhere, &["ctrl+k", "ctrl+p"], "go to a room or run a command"),
    row(Action::NextRoom, "next-room", Context::Anywhere, &["alt+down"], "next room"),
    row(Action::PreviousRoom, "previous-room", Context::Anywhere, &["alt+up"], "previous room"),
    row(Action::NextUnread, "next-unread", Context::Anywhere, &["alt+a", "alt+shift+down"], "next unread room"),
    row(Action::PreviousUnread, "previous-unread", Context::Anywhere, &["alt+shift+up"], "previous unread room"),
    row(Action::ScrollUp, "scroll-up", Context::Anywhere, &["pageup"], "scroll up"),
    row(Action::ScrollDown, "scroll-down", Context::Anywhere, &["pagedown"], "scroll down"),
    row(Action::ToOldest, "oldest", Context::Anywhere, &["ctrl+home"], "to the oldest message loaded"),
    row(Action::ToNewest, "newest", Context::Anywhere, &["ctrl+end"], "to the newest message"),
    row(Action::SelectMessage, "select-message", Context::Anywhere, &["ctrl+up", "alt+j"], "select a message"),
    row(Action::FocusRooms, "focus-rooms", Context::Anywhere, &["ctrl+b"], "go to the room list"),
    row(Action::Search, "search", Context::Anywhere, &["ctrl+f"], "search what was said"),
    row(Action::RoomInfo, "room-info", Context::Anywhere, &["f2"], "who is in this room"),
    row(Action::Help, "help", Context::Anywhere, &["f1", "ctrl+/", "?"], "keys and commands"),
    row(Action::AcceptCall, "accept-call", Context::Anywhere, &["alt+y"], "take the call that rings"),
    row(Action::RejectCall, "reject-call", Context::Anywhere, &["alt+n"], "refuse the call that rings"),
    row(Action::HangUp, "hang-up", Context::Anywhere, &["alt+h"], "hang up"),
    row(Action::Reconnect, "reconnect", Context::Anywhere, &["f5"], "connect anew, now"),
    row(Action::FillGap, "fill-gap", Context::Anywhere, &["alt+g"], "fetch missing messages"),
    row(Action::Redraw, "redraw", Context::Anywhere, &["ctrl+l"], "draw the screen again"),
    row(Action::Suspend, "suspend", Context::Anywhere, &["ctrl+z"], "suspend to the shell"),
    row(Action::Interrupt, "interrupt", Context::Anywhere, &["ctrl+c"], "twice to quit"),
    row(Action::Quit, "quit", Context::Anywhere, &["ctrl+q"], "quit"),
    row(Action::Cancel, "cancel", Context::Anywhere, &["esc"], "close, go back, cancel"),
    row(Action::Up, "up", Context::Overlay, &["up", "ctrl+p"], "up"),
    row(Action::Down, "down", Context::Overlay, &["down", "ctrl+n", "ctrl+k"], "down"),
    row(Action::Confirm, "confirm", Context::Overlay, &["enter"], "take it"),
    row(Action::Yes, "yes", Context::Overlay, &["y"], "yes"),
    row(Action::No, "no", Context::Overlay, &["n"], "no"),
    row(Action::SearchScope, "search-scope", Context::Overlay, &["tab"], "search this room only, or all"),
    row(Action::MemberPromote, "member-promote", Context::Overlay, &["p"], "make a member an admin"),
    row(Action::MemberDemote, "member-demote", Context::Overlay, &["d"], "make an admin a member"),
    row(Action::MemberRemove, "member-remove", Context::Overlay, &["x"], "remove a member"),
    row(Action::MessageUp, "message-up", Context::Message, &["up", "k", "ctrl+up"], "message above"),
    row(Action::MessageDown, "message-down", Context::Message, &["down", "j", "ctrl+down"], "message below"),
    row(Action::MessageReply, "message-reply", Context::Message, &["r"], "reply"),
    row(Action::MessageForward, "message-forward", Context::Message, &["f"], "send on to another room"),
    row(Action::MessageQuoted, "message-quoted", Context::Message, &["q"], "go to the message it replies to"),
    row(Action::FoundOlder, "found-older", Context::Message, &["n"], "go to the next older one that was found"),
    row(Action::FoundNewer, "found-newer", Context::Message, &["N"], "go to the next newer one that was found"),
    row(Action::MessageStar, "message-star", Context::Message, &["*"], "star it, or take the star away"),
    row(Action::MessageSeenBy, "message-seen-by", Context::Message, &["v"], "who has seen it"),
    row(Action::MessageEdit, "message-edit", Context::Message, &["e"], "edit"),
    row(Action::MessageDelete, "message-delete", Context::Message, &["d", "delete"], "delete for everybody"),
    row(Action::MessageDeleteForMe, "message-delete-for-me", Context::Message, &["D"], "delete for me only"),
    row(Action::MessageCopy, "message-copy", Context::Message, &["y"], "copy the text"),
    row(Action::MessageOpen, "message-open", Context::Message, &["o"], "open its link or file in another program"),
    row(Action::MessageCopyLink, "message-copy-link", Context::Message, &["Y"], "copy its link"),
    row(Action::MessageRetry, "message-retry", Context::Message, &["s"], "send a failed one again"),
    row(Action::MessageDiscard, "message-discard", Context::Message, &["x"], "take one back that waits or failed"),
    row(Action::EditLast, "edit-last", Context::EmptyComposer, &["up"], "edit my last message"),
    row(Action::FocusMessages, "focus-messages", Context::EmptyComposer, &["tab"], "select a message"),
    row(Action::Send, "send", Context::Composer, &["enter"], "send"),
    row(Action::NewLine, "new-line", Context::Composer, &["shift+enter", "alt+enter", "ctrl+j"], "new line"),
    row(Action::LineStart, "line-start", Context::Composer, &["home", "ctrl+a"], "to the start of the line"),
    row(Action::LineEnd, "line-end", Context::Composer, &["end", "ctrl+e"], "to the end of the line"),
    row(Action::WordLeft, "word-left", Context::Composer, &["ctrl+left", "alt+b"], "a word left"),
    row(Action::WordRight, "word-right", Context::Composer, &["ctrl+right", "alt+f"], "a word right"),
    row(Action::DeleteWord, "delete-word", Context::Composer, &["ctrl+w", "alt+backspace"], "delete the word before"),
    row(Action::DeleteToStart, "delete-to-start", Context::Composer, &["ctrl+u"], "delete to the start of the line"),
    row(Action::DeleteToEnd, "delete-to-end", Context::Composer, &["alt+k"], "delete to the end of the line"),
    row(Action::Undo, "undo", Context::Composer, &["alt+z"], "undo"),
    row(Action::Redo, "redo", Context::Composer, &["alt+shift+z"], "redo"),
];

impl Action {
    /// Every action, in the order of the help.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.action)
    }

    /// The action that the config calls `name`.
    pub fn by_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.action)
    }

    /// Its name in the config.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Where it can be done.
    pub fn context(self) -> Context {
        self.row().context
    }

    /// What it does, as the help says it.
    pub fn help(self) -> &'static str {
        self.row().help
    }

    /// The keys it has unless the config says otherwise, as they are written there.
    pub fn default_keys(self) -> &'static [&'static str] {
        self.row().keys
    }

    fn row(self) -> &'static Row {
        // Every action has a row: the test below holds that, and the first row stands in for the impossible.
        TABLE.iter().find(|row| row.action == self).unwrap_or(&TABLE[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_row_and_one_name() {
        let mut actions: Vec<_> = TABLE.iter().map(|row| row.action).collect();
        let mut names: Vec<_> = TABLE.iter().map(|row| row.name).collect();
        actions.sort();
        actions.dedup();
        names.sort_unstable();
        names.dedup();
        assert_eq!((actions.len(), names.len()), (TABLE.len(), TABLE.len()));
        assert_eq!(TABLE.len(), Action::Redo as usize + 1, "an action without a row");
    }
}
