//! What the server says, and what follows from it. One file a subject.

mod answers;
mod dispatch;
mod history;
mod link;
mod live;
mod notes;
mod rooms;

pub(super) use dispatch::{on_server, on_unsent};
