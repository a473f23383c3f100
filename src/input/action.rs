//! The table of actions: everything that can be bound to a key.
//!
//! A row of the table is all it takes to add an action to the keymap, the configuration, the help, the hints, the man
//! page and the README. What the action does is a match arm in `app/handlers/action.rs`, which the compiler then asks
//! for. An action that not every message or service allows has an arm in `app/model/message_actions.rs` or
//! `app/model/permissions.rs`, too.

/// The part of the screen in which a binding applies. The innermost context that binds a key decides what it does:
/// a ringing call, an open overlay, the selected message, text selected in the composer, the composer, then anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere, unless an inner context binds the same key.
    Anywhere,
    /// While a call rings, wherever the focus is.
    Ringing,
    /// In an overlay, such as the switcher, a list or a question.
    Overlay,
    /// In the inspector, besides the keys of every overlay.
    Inspector,
    /// In the room list.
    Rooms,
    /// While a message is selected.
    Message,
    /// In the composer while the completion popup is open.
    Completion,
    /// In the composer while it is empty.
    EmptyComposer,
    /// In the composer.
    Composer,
    /// In the composer while text is selected.
    Selection,
}

impl Context {
    /// The heading of this context in the help.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Anywhere => "Anywhere",
            Self::Ringing => "While a call rings",
            Self::Overlay => "In a list or question",
            Self::Inspector => "In the inspector",
            Self::Rooms => "In the room list",
            Self::Message => "On a selected message",
            Self::Completion => "In the completion popup",
            Self::EmptyComposer => "In the empty composer",
            Self::Composer => "In the composer",
            Self::Selection => "On selected text in the composer",
        }
    }
}

/// The effect of a key while an overlay is open that has no use of its own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InOverlay {
    /// The overlay gets the key, and may ignore it.
    Pass,
    /// Its action runs at once, and the overlay stays open.
    Run,
    /// The overlay is closed, then the action runs, because it leads elsewhere.
    CloseAndRun,
}

/// A row of the table.
struct Row {
    name: &'static str,
    context: Context,
    in_overlay: InOverlay,
    keys: &'static [&'static str],
    help: &'static str,
    /// Its rank among the hints of its context, lowest first, and the word shown there.
    hint: Option<(u8, &'static str)>,
}

/// Declares [`Action`] and `TABLE` from the same rows, so that neither can miss one. The table is indexed by action.
macro_rules! actions {
    ($($action:ident, $name:literal, $context:ident $(($in_overlay:ident))?, [$($key:literal),*], $help:literal
        $(, hint($rank:literal, $hint:literal))?;)*) => {
        /// Something the user can do with a key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(#[doc = concat!($help, ".")] $action,)*
        }

        const ALL: &[Action] = &[$(Action::$action),*];

        const TABLE: &[Row] = &[$(Row {
            name: $name,
            context: Context::$context,
            in_overlay: actions!(@in_overlay $context $($in_overlay)?),
            keys: &[$($key),*],
            help: $help,
            hint: actions!(@hint $($rank, $hint)?),
        }),*];
    };
    (@in_overlay $context:ident $effect:ident) => { InOverlay::$effect };
    (@in_overlay Anywhere) => { compile_error!("Anywhere needs Pass, Run or CloseAndRun") };
    (@in_overlay Ringing) => { compile_error!("Ringing needs Pass, Run or CloseAndRun") };
    (@in_overlay $context:ident) => { InOverlay::Pass };
    (@hint) => { None };
    (@hint $rank:literal, $hint:literal) => { Some(($rank, $hint)) };
}

// In the order of the help screen: action; name in the configuration; context, and for keys that reach an overlay what
// they do there; default keys, the one to show first; help; and for some a hint in the status bar.
actions! {
    Switcher, "switcher", Anywhere(CloseAndRun), ["ctrl+k", "ctrl+p"], "Go to a room or run a command";
    NextRoom, "next-room", Anywhere(CloseAndRun), ["alt+down"], "Next room";
    PreviousRoom, "previous-room", Anywhere(CloseAndRun), ["alt+up"], "Previous room";
    NextUnread, "next-unread", Anywhere(CloseAndRun), ["alt+a", "alt+shift+down"], "Next unread room";
    PreviousUnread, "previous-unread", Anywhere(CloseAndRun), ["alt+shift+up"], "Previous unread room";
    FirstUnread, "first-unread", Anywhere(Pass), ["alt+home", "shift+pageup"], "First unread message of this room";
    NextMention, "next-mention", Anywhere(CloseAndRun), ["alt+m"], "Next unread mention, here or in another room";
    LastRoom, "last-room", Anywhere(CloseAndRun), ["alt+o", "ctrl+6"], "Back to the last room";
    MarkAllRead, "mark-all-read", Anywhere(Pass), ["alt+s"], "Mark all rooms as read";
    ScrollUp, "scroll-up", Anywhere(Pass), ["pageup"], "Scroll up";
    ScrollDown, "scroll-down", Anywhere(Pass), ["pagedown"], "Scroll down";
    ToOldest, "oldest", Anywhere(Pass), ["ctrl+home"], "Jump to the oldest loaded message";
    ToNewest, "newest", Anywhere(Pass), ["ctrl+end"], "Jump to latest";
    JumpBack, "jump-back", Anywhere(Pass), ["ctrl+o"], "Go back after a jump";
    SelectMessage, "select-message", Anywhere(Pass), ["ctrl+up", "alt+j"], "Select a message";
    FocusRooms, "focus-rooms", Anywhere(Pass), ["ctrl+b"], "Go to the room list";
    Search, "search", Anywhere(CloseAndRun), ["ctrl+f"], "Search messages";
    RoomInfo, "room-info", Anywhere(CloseAndRun), ["f2"], "Room info";
    Notices, "notices", Anywhere(CloseAndRun), ["alt+i"], "Show the last notices";
    Help, "help", Anywhere(Run), ["f1", "ctrl+/"], "Help: keys and commands";
    HangUp, "hang-up", Anywhere(Run), ["alt+h"], "Hang up";
    Reconnect, "reconnect", Anywhere(Run), ["f5"], "Reconnect";
    NextProfile, "next-profile", Anywhere(Pass), ["f6"], "Next profile, or next person of the demo";
    FillGap, "fill-gap", Anywhere(Pass), ["alt+g"], "Load missing messages";
    ToggleMembers, "toggle-members", Anywhere(Run), ["f3"], "Show or hide the member list";
    ToggleRooms, "toggle-rooms", Anywhere(Run), ["f4"], "Show or hide the room list";
    NarrowRooms, "narrow-rooms", Anywhere(Run), ["alt+-"], "Make the room list narrower";
    WidenRooms, "widen-rooms", Anywhere(Run), ["alt+="], "Make the room list wider";
    NarrowMembers, "narrow-members", Anywhere(Run), ["alt+_"], "Make the member list narrower";
    WidenMembers, "widen-members", Anywhere(Run), ["alt++"], "Make the member list wider";
    ToggleDensity, "toggle-density", Anywhere(Run), ["f7"], "Compact or roomy screen";
    ToggleMarkdown, "toggle-markdown", Anywhere(Run), ["f8"], "Show Markdown as text, or as it was written";
    ToggleMouse, "toggle-mouse", Anywhere(Run), ["f9"], "Use the mouse, or leave it to the terminal";
    Latency, "latency", Anywhere(Run), ["f11"], "Show or hide how long messages take";
    Inspector, "inspector", Anywhere(Run), ["f12"], "Show the calls and packets of the connection";
    Redraw, "redraw", Anywhere(Run), ["ctrl+l"], "Redraw the screen";
    Suspend, "suspend", Anywhere(Run), ["ctrl+z"], "Suspend to the shell";
    Interrupt, "interrupt", Anywhere(CloseAndRun), ["ctrl+c"], "Quit (press twice; unsent text asks first)";
    Quit, "quit", Anywhere(CloseAndRun), ["ctrl+q"], "Quit";
    Cancel, "cancel", Anywhere(Pass), ["esc"], "Close, go back or cancel";
    AcceptCall, "accept-call", Ringing(Run), ["alt+y"], "Accept the incoming call";
    RejectCall, "reject-call", Ringing(Run), ["alt+n"], "Decline the incoming call";
    Up, "up", Overlay, ["up", "k", "ctrl+p"], "Up";
    Down, "down", Overlay, ["down", "j", "ctrl+n"], "Down";
    First, "first", Overlay, ["home", "g", "ctrl+home"], "First row";
    Last, "last", Overlay, ["end", "G", "ctrl+end"], "Last row";
    Confirm, "confirm", Overlay, ["enter"], "Open or confirm";
    ZoomIn, "zoom-in", Overlay, ["+", "="], "Zoom into a picture";
    ZoomOut, "zoom-out", Overlay, ["-"], "Zoom out of a picture";
    ZoomFit, "zoom-fit", Overlay, ["0"], "Show the whole picture";
    Left, "left", Overlay, ["left", "h"], "Move a picture";
    Right, "right", Overlay, ["right", "l"], "Move a picture";
    Yes, "yes", Overlay, ["y"], "Yes";
    No, "no", Overlay, ["n"], "No";
    SearchScope, "search-scope", Overlay, ["tab"], "Search this room or all rooms";
    ShowSecret, "show-secret", Overlay, ["ctrl+r"], "Show or hide a typed key";
    MemberPromote, "member-promote", Overlay, ["p"], "Make a member an admin";
    MemberDemote, "member-demote", Overlay, ["d"], "Make an admin a member";
    MemberRemove, "member-remove", Overlay, ["x"], "Remove a member";
    InspectorPane, "inspector-pane", Inspector, ["tab"], "Between the list and the details";
    InspectorFilter, "inspector-filter", Inspector, ["f"], "Filter the records";
    InspectorSearch, "inspector-search", Inspector, ["/"], "Search the records";
    InspectorNext, "inspector-next", Inspector, ["n"], "Next match";
    InspectorPrevious, "inspector-previous", Inspector, ["N"], "Previous match";
    InspectorCopy, "inspector-copy", Inspector, ["c", "y"], "Copy a record";
    InspectorPause, "inspector-pause", Inspector, ["p"], "Pause, or continue";
    InspectorGroup, "inspector-group", Inspector, ["g"], "Group the records by cause, or list them by time";
    InspectorFold, "inspector-fold", Inspector, ["space"], "Fold or unfold";
    PinRoom, "pin-room", Rooms, ["p"], "Pin the room to the top, or unpin it", hint(2, "pin");
    MuteRoom, "mute-room", Rooms, ["m"], "Mute or unmute the room", hint(3, "mute");
    ArchiveRoom, "archive-room", Rooms, ["a"], "Archive the room", hint(4, "archive");
    ReadRoom, "read-room", Rooms, ["r"], "Mark the room as read", hint(7, "mark read");
    SortRooms, "sort-rooms", Rooms, ["s"], "Sort by activity, unread or name", hint(5, "sort");
    FilterRooms, "filter-rooms", Rooms, ["f"], "Show all rooms, unread ones, direct messages or groups", hint(6, "filter");
    MessageUp, "message-up", Message, ["up", "k", "ctrl+up"], "Message above";
    MessageDown, "message-down", Message, ["down", "j", "ctrl+down"], "Message below";
    MessageOldest, "message-oldest", Message, ["home", "g"], "Oldest loaded message";
    MessageNewest, "message-newest", Message, ["end", "G"], "Newest message";
    MessageMenu, "message-menu", Message, ["enter"], "Show everything that can be done", hint(3, "actions");
    MessageMark, "message-mark", Message, ["space"], "Mark, to act on several messages", hint(15, "mark");
    MessageDetails, "message-details", Message, ["i"], "Show details", hint(17, "details");
    MessageInspect, "message-inspect", Message, ["W"], "Show its calls and packets", hint(19, "inspect");
    MessageSearch, "message-search", Message, ["/"], "Search messages", hint(16, "search");
    MessageReply, "message-reply", Message, ["r"], "Reply", hint(5, "reply");
    MessageForward, "message-forward", Message, ["f"], "Forward", hint(6, "forward");
    MessageQuoted, "message-quoted", Message, ["q"], "Jump to the quoted message", hint(9, "quoted");
    FoundOlder, "found-older", Message, ["n"], "Next older match", hint(4, "older match");
    FoundNewer, "found-newer", Message, ["N"], "Next newer match", hint(4, "newer match");
    MessageUnread, "message-unread", Message, ["u"], "Mark as unread from here on", hint(18, "unread from here");
    MessageStar, "message-star", Message, ["*"], "Star or unstar", hint(10, "star");
    MessageSeenBy, "message-seen-by", Message, ["v"], "Show who has seen it", hint(11, "seen by");
    MessageEdit, "message-edit", Message, ["e"], "Edit", hint(7, "edit");
    MessageDelete, "message-delete", Message, ["d", "delete"], "Delete for everyone", hint(8, "delete");
    MessageDeleteForMe, "message-delete-for-me", Message, ["D"], "Delete for me only", hint(14, "delete for me");
    MessageCopy, "message-copy", Message, ["y"], "Copy the text", hint(12, "copy");
    MessageOpen, "message-open", Message, ["o"], "Open the link or file", hint(3, "open");
    MessageSave, "message-save", Message, ["w"], "Save the file", hint(4, "save");
    MessageCopyLink, "message-copy-link", Message, ["Y"], "Copy the link", hint(13, "copy link");
    MessageSource, "message-source", Message, ["t"], "Show the text as it was written", hint(15, "source");
    MessageFold, "message-fold", Message, ["z"], "Show a long message in full, or fold it", hint(4, "fold");
    MessagePicture, "message-picture", Message, ["p"], "Show the picture on the whole screen", hint(3, "picture");
    MessageRetry, "message-retry", Message, ["s"], "Retry a failed message", hint(1, "retry");
    MessageCancel, "message-cancel", Message, ["x"], "Cancel a transfer, or a queued or failed message", hint(2, "cancel");
    MessageHelp, "message-help", Message(Run), ["?"], "Keys and commands";
    EditLast, "edit-last", EmptyComposer, ["up"], "Edit my last message";
    FocusMessages, "focus-messages", EmptyComposer, ["tab"], "Select a message";
    CompletionAccept, "completion-accept", Completion, ["tab"], "Insert the selected row";
    CompletionConfirm, "completion-confirm", Completion, ["enter"],
        "Insert the selected row if you have moved to it, or complete a command name";
    CompletionUp, "completion-up", Completion, ["up", "shift+tab", "ctrl+p"], "Select the row above";
    CompletionDown, "completion-down", Completion, ["down", "ctrl+n"], "Select the row below";
    CompletionClose, "completion-close", Completion, ["esc"], "Close the popup, keep the text";
    Send, "send", Composer, ["enter"], "Send";
    NewLine, "new-line", Composer, ["alt+enter", "shift+enter", "ctrl+j"], "New line";
    Complete, "complete", Composer, ["tab"], "Complete the word before the cursor";
    OlderLine, "older-line", Composer, ["alt+p"], "Older or newer line that you sent";
    NewerLine, "newer-line", Composer, ["alt+n"], "Older or newer line that you sent";
    ExternalEditor, "external-editor", Composer, ["alt+e"], "Write in your editor ($VISUAL or $EDITOR)";
    PasteImage, "paste-image", Composer, ["alt+v"], "Send the image in the clipboard";
    LineStart, "line-start", Composer, ["home", "ctrl+a"], "Start of line";
    LineEnd, "line-end", Composer, ["end", "ctrl+e"], "End of line";
    CharLeft, "char-left", Composer, [], "Character left, besides the arrow key";
    CharRight, "char-right", Composer, [], "Character right, besides the arrow key";
    RowUp, "row-up", Composer, [], "Row up, besides the arrow key";
    RowDown, "row-down", Composer, [], "Row down, besides the arrow key";
    WordLeft, "word-left", Composer, ["ctrl+left", "alt+b", "alt+left"], "Word left";
    WordRight, "word-right", Composer, ["ctrl+right", "alt+f", "alt+right"], "Word right";
    DeleteNext, "delete-next", Composer, ["ctrl+d"], "Delete the next character";
    DeleteWord, "delete-word", Composer, ["alt+backspace", "ctrl+backspace"], "Delete the previous word";
    DeleteToBlank, "delete-to-blank", Composer, ["ctrl+w"], "Delete back to the previous blank";
    DeleteNextWord, "delete-next-word", Composer, ["alt+d", "ctrl+delete"], "Delete the next word";
    DeleteToStart, "delete-to-start", Composer, ["ctrl+u"], "Delete to the start of the line";
    DeleteToEnd, "delete-to-end", Composer, ["alt+k"], "Delete to the end of the line";
    DeleteBlanks, "delete-blanks", Composer, ["alt+\\"], "Delete the blanks around the cursor";
    Yank, "yank", Composer, ["ctrl+y", "ctrl+v"], "Insert the last deleted or copied text";
    YankPop, "yank-pop", Composer, ["alt+y"], "Replace inserted text with an older one";
    TransposeChars, "swap-characters", Composer, ["ctrl+t"], "Swap two characters";
    TransposeWords, "swap-words", Composer, ["alt+t"], "Swap two words";
    UpperCaseWord, "upper-case", Composer, ["alt+u"], "Change the word to upper case";
    LowerCaseWord, "lower-case", Composer, ["alt+l"], "Change the word to lower case";
    CapitalizeWord, "capitalize", Composer, ["alt+c"], "Capitalize the word";
    SelectLeft, "select-left", Composer, ["shift+left"], "Select by character";
    SelectRight, "select-right", Composer, ["shift+right"], "Select by character";
    SelectUp, "select-up", Composer, ["shift+up"], "Select by row";
    SelectDown, "select-down", Composer, ["shift+down"], "Select by row";
    SelectWordLeft, "select-word-left", Composer, ["ctrl+shift+left", "alt+shift+left"], "Select by word";
    SelectWordRight, "select-word-right", Composer, ["ctrl+shift+right", "alt+shift+right"], "Select by word";
    SelectToLineStart, "select-line-start", Composer, ["shift+home"], "Select to the start or end of the line";
    SelectToLineEnd, "select-line-end", Composer, ["shift+end"], "Select to the start or end of the line";
    SelectAll, "select-all", Composer, ["alt+shift+a", "ctrl+shift+a"], "Select the whole text";
    Undo, "undo", Composer, ["alt+z"], "Undo";
    Redo, "redo", Composer, ["alt+shift+z"], "Redo";
    Copy, "copy", Selection, ["ctrl+c", "alt+w"], "Copy";
    Cut, "cut", Selection, ["ctrl+x"], "Cut";
}

impl Action {
    /// Every action, in the order of the help.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().copied()
    }

    /// The action with this name in the configuration.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::all().find(|action| action.name() == name)
    }

    /// The actions of `context` that have a hint in the status bar, with its word, the most useful first.
    pub fn hinted(context: Context) -> Vec<(Self, &'static str)> {
        let hinted = Self::all().filter(|action| action.context() == context);
        let mut hinted: Vec<_> = hinted.filter_map(|action| Some((action, action.row().hint?))).collect();
        hinted.sort_by_key(|(_, (rank, _))| *rank);
        hinted.into_iter().map(|(action, (_, word))| (action, word)).collect()
    }

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The context in which its keys apply.
    pub fn context(self) -> Context {
        self.row().context
    }

    /// The effect of its keys while an overlay is open that has no use of its own for them.
    pub fn in_overlay(self) -> InOverlay {
        self.row().in_overlay
    }

    /// The text of the help, in sentence case.
    pub fn help(self) -> &'static str {
        self.row().help
    }

    /// Its default keys as they are written in the configuration, the one to show first.
    pub fn default_keys(self) -> &'static [&'static str] {
        self.row().keys
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn action_names_are_unique() {
        let mut names: Vec<_> = Action::all().map(Action::name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn hints_are_sorted_by_rank() {
        let words: Vec<_> = Action::hinted(Context::Message).into_iter().map(|(_, word)| word).collect();
        assert_eq!(words[..3], ["retry", "cancel", "actions"]);
    }
}
