//! What the scripted people of any dialect have in common: who they are and what they say ([`book`], [`wit`]), how they
//! mistype ([`slips`]), and an agenda of what is to be done when.

mod agenda;
mod book;
mod pacing;
mod slips;
mod wit;

pub(crate) use agenda::Agenda;
pub(crate) use book::{Book, Line, Scene};
pub(crate) use pacing::times;
pub(crate) use wit::Wit;
