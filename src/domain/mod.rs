//! What a chat is: people, rooms, messages and what can happen to them, in no wire format's terms.
//!
//! Knows nothing of sockets, files, keys or drawing.

mod event;
mod ids;
mod message;
mod person;
mod request;
mod room;
mod time;
mod timeline;

pub use event::{Link, ServerEvent};
pub use ids::{AccountId, LocalId, MessageId, PersonId, RoomId};
pub use message::{Attachment, AttachmentKind, Delivery, Message, MessageInfo};
pub use person::{Person, PersonInfo, Presence};
pub use request::{Capabilities, Request};
pub use room::{History, Room, RoomInfo, Unread};
pub use time::{DAY, HOUR, MINUTE, SECOND, Timestamp};
pub use timeline::{Arrival, Slot, Timeline};
