//! What the user can do, one file a subject.

pub(super) mod compose;
pub(super) mod messages;
pub(super) mod people;
mod questions;
pub(super) mod rooms;
mod switching;
pub(super) mod typing;

pub(super) use questions::{answer_yes, quit};
