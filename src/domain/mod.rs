//! What a chat is: people, rooms, messages and what can happen to them, in no wire format's terms.
//!
//! Knows nothing of sockets, files, keys or drawing.

mod attachment;
mod call;
mod capabilities;
mod event;
mod failure;
mod gap;
mod ids;
mod member;
mod message;
mod person;
mod request;
mod room;
mod time;
mod timeline;

pub use attachment::{FileFacts, size_in_words};
pub use call::{CallEnd, CallInfo, CallRecord, CallStatus};
pub use capabilities::{Capabilities, Feature, PresenceBy, Receipts};
pub use event::{Activity, ConnectionStatus, ServerEvent};
pub use failure::Failure;
pub use gap::{Filling, Gap};
pub use ids::{AccountId, CallId, LocalId, MessageId, PersonId, RoomId};
pub use member::{Access, Member, MemberRole, Membership, RoomKind};
pub use message::{Attachment, AttachmentKind, Delivery, Message, MessageInfo, MessageKind, Quote};
pub use person::{Person, PersonInfo, Presence};
pub use request::{Content, Request};
pub use room::{History, Room, RoomInfo, Typing, Unread};
pub use time::{DAY, HOUR, MINUTE, SECOND, Timestamp, length};
pub use timeline::{Arrival, CLOCKS_DIFFER, Changes, Slot, Timeline};
