//! Boxes over the screen: their data and how keys move the selection in them.
//!
//! Requests to the server and to the store are made by the features and handlers that open these boxes.

pub(in crate::app) mod list;
pub(in crate::app) mod overlay;
pub(in crate::app) mod search;
pub(in crate::app) mod switcher;
