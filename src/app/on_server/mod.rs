//! What the server says, and what follows from it. One file a subject.

mod answers;
mod asked;
mod authorship;
mod calls;
mod dispatch;
mod found;
mod history;
mod link;
mod live;
mod members;
mod notes;
mod receipts;
mod rooms;

pub(super) use dispatch::{on_server, on_unsent};
pub(super) use notes::note;
pub(super) use rooms::{drop_room, on_room_deleted};
