//! The inspector: the REST calls and socket packets of all connections, the newest at the bottom, and the selected one
//! in detail.

pub(in crate::app) mod choice;
pub(in crate::app) mod details;
pub(in crate::app) mod geometry;
pub(in crate::app) mod records;
mod target;
pub(in crate::app) mod window;
