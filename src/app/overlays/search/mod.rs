//! Search box: the user types words, and the messages that contain them are listed below, newest first.
//!
//! If there is a store, it does the searching, with one query at a time: text typed while a query is running is
//! searched when its answer has arrived, so that queries do not pile up. Messages that are not stored are searched in
//! memory, in small slices. Esc restores the previous screen, because the box changes nothing below it.

pub(in crate::app) mod query;
pub(in crate::app) mod result;
pub(in crate::app) mod scan;
pub(in crate::app) mod window;
