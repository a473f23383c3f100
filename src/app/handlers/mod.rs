//! Handlers that each translate one kind of event into calls of features.

pub(in crate::app) mod action;
pub(in crate::app) mod clock_rollback;
pub(in crate::app) mod command;
pub(in crate::app) mod frame;
pub(in crate::app) mod key;
pub(in crate::app) mod line;
pub(in crate::app) mod mouse;
pub(in crate::app) mod overlay;
pub(in crate::app) mod question;
pub(in crate::app) mod search_elsewhere;
pub(in crate::app) mod server;
pub(in crate::app) mod store;
pub(in crate::app) mod tick;
