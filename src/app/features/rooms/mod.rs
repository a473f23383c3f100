//! Rooms: opening and closing them, their members and descriptions.

pub(in crate::app) mod archive_check;
pub(in crate::app) mod description;
pub(in crate::app) mod discovery;
pub(in crate::app) mod listing;
pub(in crate::app) mod members;
pub(in crate::app) mod names;
pub(in crate::app) mod open;
mod open_room;
pub(in crate::app) mod recheck;
pub(in crate::app) mod settings;
