//! What a chat service can do.

/// What a back end can do, and how. Everything outside `protocol/` asks this and never which back end it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The back end's name, for the status line and help.
    pub name: &'static str,
    /// What one can do on it.
    pub features: &'static [Feature],
    /// Typing, deletions and receipts do not name their room, so only the open room is listened to.
    pub unnamed_rooms: bool,
    /// Requests name people by user name, so nobody has to be looked up for their id first.
    pub by_username: bool,
    /// Messages on a page of history.
    pub page_size: u32,
    /// What a receipt is about.
    pub receipts: Receipts,
    /// How one learns who is there.
    pub presence: PresenceBy,
    /// For how long "is typing" is believed without being repeated, in milliseconds: the stop may be lost.
    pub typing_holds: i64,
    /// After so many milliseconds without a key one has stopped typing, although a text stands there.
    pub typing_quiet: i64,
}

/// What a receipt is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipts {
    /// One message. The room list does not count what is unread.
    PerMessage,
    /// A room: everything in it so far. The server counts what is unread, and wants to know what was delivered.
    PerRoom,
}

/// How one learns who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PresenceBy {
    /// Everybody announces themselves in their rooms, every so many milliseconds.
    Announcement(i64),
    /// One asks for the people in one's list, every so many milliseconds.
    Asking(i64),
}

impl Capabilities {
    /// Whether one can do `feature` here.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }
}

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident: $words:literal,)*) => {
        /// Something that one can do on some services and not on others.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Feature {
            $($(#[$doc])* $name,)*
        }

        impl Feature {
            /// All there are, in the order of the README's table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What it is, such that "… is not possible on MinChat" is a sentence.
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }
        }
    };
}

features! {
    /// Own messages can be edited.
    Edit: "Editing messages",
    /// Own messages can be deleted for everybody.
    Delete: "Deleting messages for everybody",
    /// Any message can be deleted for oneself.
    DeleteForMe: "Deleting messages for oneself",
    /// A message can answer another one, which is quoted.
    Reply: "Replying to a message",
    /// A message can be sent on to another room.
    Forward: "Forwarding messages",
    /// Messages can be starred, and the stars listed.
    Star: "Starring messages",
    /// Files can be sent.
    Files: "Sending files",
    /// It can be asked who has seen and received a group's message.
    SeenBy: "Asking who has seen a message",
    /// Members can be added to and removed from groups.
    Members: "Changing a group's members",
    /// Members have roles.
    Roles: "Roles in groups",
    /// A group can be left and renamed.
    Groups: "Leaving and renaming groups",
    /// One can write to many people at once, each in their own room.
    Broadcasts: "Broadcasts",
    /// A room can be muted.
    Mute: "Muting rooms",
    /// A room can be archived.
    Archive: "Archiving rooms",
    /// Rooms can be searched by title on the server.
    FindRooms: "Searching rooms on the server",
    /// A chat is deleted for everybody in it, and not only for oneself.
    DeleteChatForAll: "Deleting chats for everybody",
    /// People can be searched by name.
    FindPeople: "Searching people",
    /// People can be blocked.
    Block: "Blocking people",
    /// There are calls.
    Calls: "Calls",
}
