//! The model of a chat service: people, rooms, messages, and what can happen to them, independent of any wire format.
//!
//! [`Request`] is what the program asks of a service and [`ServerEvent`] what a service reports. [`Room`] and its
//! [`Timeline`] hold the messages; [`HistorySync`] tracks which of them are loaded.
//!
//! This layer knows nothing of sockets, files, keys or drawing.

mod amendments;
mod attachment;
mod call;
mod capabilities;
mod change_refusal;
mod earlier_send;
mod event;
mod failure;
mod history;
mod ids;
mod local_time;
mod member;
mod message;
mod message_change;
mod pasted;
mod person;
mod picture;
mod read_state;
mod repetition;
mod request;
mod room;
mod room_name;
mod room_order;
mod room_settings;
mod search_filter;
mod time;
mod time_format;
mod timeline;
mod typing;
mod unread_marker;
mod zone_names;

pub use amendments::Amendments;
pub use attachment::{Attachment, AttachmentKind, FileToSave, OutgoingFile, format_limit, format_size};
pub use call::{CallAccess, CallEnd, CallInfo, CallRecord, CallStatus};
pub use capabilities::{Capabilities, Feature, Paging, PresenceSource, Receipts};
pub use change_refusal::change_refusal;
pub use earlier_send::{MAX_SEARCH_PAGES, PROCESSING_TIME, SEARCH_INTERVAL, SentContent};
pub use event::{ConnectionStatus, Pause, ServerEvent};
pub use failure::{Failure, SendFailure};
pub use history::{Gap, HistorySync, IncomingPage, MessagePoint, PageNumbers, PageRequest, Subscription};
pub use ids::{AccountId, CallId, LocalId, MessageId, PageSerial, PersonId, RoomId};
pub use local_time::LocalTime;
pub use member::{Member, MemberRole, Membership, RoomAccess, RoomKind};
pub use message::{Delivery, EarlierTexts, Message, MessageInfo, MessageKind, Quote};
pub use message_change::{Amendment, Edit, EditedFile, MessageChange};
pub use pasted::{DroppedFile, Pasted};
pub use person::{LookAlikeKeys, Person, PersonInfo, Presence};
pub use picture::{Drawing, DrawingForm, Picture, PictureRequest, Pixel};
pub use read_state::{Arrival, LastMessage, ReadState, Unread, UnreadCount};
pub use repetition::Repetition;
pub use request::{Content, Request, SharedKind};
pub use room::{Note, Room, RoomInfo};
pub use room_name::{NamedRoom, RoomLookup, find_room};
pub use room_order::RoomOrder;
pub use room_settings::{NotifyLevel, RoomSettings};
pub use search_filter::{Part, SearchFilter};
pub use time::{DAY, HOUR, MINUTE, SECOND, Timestamp, format_duration};
pub use time_format::{Clock, DateFormat, TimeFormat};
pub use timeline::{Changes, MAX_CLOCK_SKEW, PageKind, Slot, Timeline};
pub use typing::{Activity, Typing};
pub use unread_marker::UnreadMarker;
pub use zone_names::{named_zone, optional_zone_format, weekday_format, zone_format};
