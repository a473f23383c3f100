//! The V Chat service as a reducer: requests and the time go in, responses and [`Effect`](super::effect::Effect)s come
//! out. It uses no clock, sockets or HTTP. Its responses are JSON, written by [`wire`](super::wire).
//!
//! All files implement parts of one type, [`World`]: [`state`] has its fields, and each of the others one part of the
//! API. Where the protocol notes leave the behaviour of the real service open, a comment states the choice.

mod accounts;
mod bans;
mod broadcasts;
mod call;
mod calls;
mod groups;
mod history;
mod limits;
mod listing;
mod memory;
mod orders;
mod presence;
mod receipts;
mod rooms;
mod send;
mod state;

pub(crate) use accounts::Login;
pub(crate) use groups::NewRoom;
pub(crate) use history::HistoryQuery;
pub(crate) use listing::ListFilter;
pub(crate) use orders::NewOrder;
pub(crate) use rooms::RoomSetting;
pub(crate) use send::NewMessage;
pub(crate) use state::World;

#[cfg(test)]
mod tests;
