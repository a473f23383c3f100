//! V Chat as a reducer: a request and the time come in, an answer goes out, and news for those whom it concerns. All
//! files here are parts of one type, [`World`]. It knows no clock, no socket and no HTTP; its answers are JSON, since
//! the service's are, written by [`super::wire`].
//!
//! Where the protocol note leaves the real service's behaviour open, the choice is said in a comment.

mod accounts;
mod bans;
mod broadcasts;
mod calls;
mod caps;
mod groups;
mod history;
mod listing;
mod orders;
mod presence;
mod receipts;
mod rooms;
mod send;
mod state;

pub(crate) use accounts::Login;
pub(crate) use groups::NewRoom;
pub(crate) use history::Wanted;
pub(crate) use listing::Filter;
pub(crate) use orders::NewOrder;
pub(crate) use rooms::Setting;
pub(crate) use send::Draft;
pub(crate) use state::World;

#[cfg(test)]
mod tests;
