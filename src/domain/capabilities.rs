//! Capabilities of a chat service.
//!
//! Code outside `protocol/` asks what a service can do, never which service it is.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize};

use crate::text::{StaticStr, static_str};

/// Abilities and parameters of a back end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Name of the service, for the status line and help.
    #[serde(deserialize_with = "static_str")]
    pub name: StaticStr,
    /// Supported features.
    #[serde(deserialize_with = "features")]
    pub features: &'static [Feature],
    /// Whether typing, deletion and receipt events omit their room. If so, the client joins only the open room and
    /// attributes these events to it.
    pub events_omit_room: bool,
    /// Whether requests identify people by user name, so that their ids need not be looked up first.
    pub identifies_by_username: bool,
    /// Whether deleted messages are missing on pages. Otherwise a page contains them, marked as deleted.
    pub pages_omit_deleted: bool,
    /// Whether texts may be HTML, because some apps of the service send it.
    pub sends_html: bool,
    /// How a room's history is divided into pages.
    pub paging: Paging,
    /// Scope of a read receipt.
    pub receipts: Receipts,
    /// Source of presence information.
    pub presence: PresenceSource,
    /// Number of rooms of which a connection receives live events; `None` if it receives those of all rooms.
    #[serde(default)]
    pub live_rooms: Option<usize>,
    /// Milliseconds after which a typing indicator expires unless it is repeated; the event that ends it may be lost.
    pub typing_timeout: i64,
    /// Milliseconds without a key press after which the user no longer counts as typing, even with text in the
    /// composer.
    pub typing_idle: i64,
}

/// Reads a list of features. Each different list is allocated once, because features live as long as the program.
fn features<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static [Feature], D::Error> {
    static KNOWN: Mutex<Vec<&'static [Feature]>> = Mutex::new(Vec::new());
    let features = Vec::<Feature>::deserialize(deserializer)?;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.iter().find(|known| **known == features) {
        return Ok(known);
    }
    let features: &'static [Feature] = Vec::leak(features);
    known.push(features);
    Ok(features)
}

/// Division of a room's history into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// Number of messages on a full page.
    pub size: u32,
    /// Whether pages are numbered from the newest. Otherwise a page is identified by the message that it ends before.
    pub by_number: bool,
}

/// Scope of a read receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Receipts {
    /// A single message. The room list has no unread counts.
    PerMessage,
    /// Everything in a room so far. The server counts unread messages and expects delivery receipts.
    PerRoom,
}

/// Source of presence information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PresenceSource {
    /// Every client announces itself in its rooms, at this interval in milliseconds.
    Heartbeat(i64),
    /// The client polls the presence of the people in its list, at this interval in milliseconds.
    Polling(i64),
}

impl Capabilities {
    /// Whether the service supports `feature`.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }
}

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident: $label:literal,)*) => {
        /// Feature that some services have and others lack.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Feature {
            $($(#[$doc])* $name,)*
        }

        impl Feature {
            /// All features, in the order of the README's table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the feature as a noun phrase for a table or for a sentence such as "MinChat does not support …".
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }
        }
    };
}

features! {
    /// Editing one's own messages.
    Edit: "Editing messages",
    /// Deleting one's own messages for everybody.
    Delete: "Deleting messages for everyone",
    /// Deleting any message for oneself only.
    DeleteForMe: "Deleting messages for oneself only",
    /// Replying to a message. The reply quotes it.
    Reply: "Replying to a message",
    /// Forwarding a message to another room.
    Forward: "Forwarding messages",
    /// Starring messages and listing the starred ones.
    Star: "Starring messages",
    /// Sending files.
    Files: "Sending files",
    /// Listing who has seen or received a message in a group.
    SeenBy: "Showing who has seen a message",
    /// Adding members to groups and removing them.
    Members: "Adding and removing group members",
    /// Roles of group members.
    Roles: "Group roles",
    /// Leaving groups.
    LeaveGroups: "Leaving groups",
    /// Changing the title and picture of groups.
    ChangeGroups: "Changing the title and picture of groups",
    /// Sending a message to many people, each of whom receives it as a direct message.
    Broadcasts: "Broadcasts",
    /// Muting rooms.
    Mute: "Muting rooms",
    /// Archiving rooms.
    Archive: "Archiving rooms",
    /// Searching rooms by title on the server.
    FindRooms: "Searching rooms on the server",
    /// Deleting a room deletes it for all participants, not only for oneself.
    DeleteRoomForAll: "Deleting rooms for everyone",
    /// Searching people by name.
    FindPeople: "Searching people",
    /// Blocking people.
    Block: "Blocking people",
    /// Changing the user's own name and picture.
    Profile: "Changing one's own name and picture",
    /// Voice and video calls.
    Calls: "Calls",
    /// Changing the description of groups.
    Descriptions: "Changing the description of groups",
    /// The user's own names for rooms.
    Nicknames: "Naming rooms for oneself only",
    /// Listing the images, videos, links and files of a room.
    Shared: "Listing the media, links and files of a room",
    /// Ending the login of this device.
    LogOut: "Logging out",
}
