//! Handlers of server events, one file per subject.

pub(in crate::app) mod authorship;
pub(in crate::app) mod calls;
pub(in crate::app) mod connection;
pub(in crate::app) mod directory;
pub(in crate::app) mod dispatch;
pub(in crate::app) mod failed_commands;
pub(in crate::app) mod history;
pub(in crate::app) mod lists;
pub(in crate::app) mod members;
pub(in crate::app) mod messages;
pub(in crate::app) mod receipts;
pub(in crate::app) mod responses;
pub(in crate::app) mod rooms;
pub(in crate::app) mod subjects;
