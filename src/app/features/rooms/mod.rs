//! Opening rooms, moving between them, their members, and removing them from the list.

pub(in crate::app) mod discovery;
pub(in crate::app) mod members;
pub(in crate::app) mod navigation;
pub(in crate::app) mod open;
pub(in crate::app) mod removal;
