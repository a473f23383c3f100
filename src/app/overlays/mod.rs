//! Boxes over the screen: their data and how keys move through them.

pub(in crate::app) mod list;
pub(in crate::app) mod overlay;
pub(in crate::app) mod search;
pub(in crate::app) mod switcher;
