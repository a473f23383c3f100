//! What the user can do, one file a subject.

pub(super) mod calls;
pub(super) mod compose;
pub(super) mod files;
pub(super) mod finding;
pub(super) mod gaps;
pub(super) mod links;
pub(super) mod lists;
pub(super) mod members;
pub(super) mod messages;
pub(super) mod people;
mod questions;
pub(super) mod quotes;
pub(super) mod rooms;
pub(super) mod stars;
mod switching;
pub(super) mod typing;
pub(super) mod unsent;

pub use links::links_of;
pub use members::members_offer;
pub(super) use questions::{answer_yes, quit};
