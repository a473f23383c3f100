//! Searching what was said: over the screen one types words, and the messages that hold them stand below, the newest
//! first.
//!
//! The disk does the searching where there is one, with one question under way at a time: what is typed meanwhile is
//! asked when the answer has come, so that nothing piles up and nothing waits. What is kept nowhere is looked for in
//! memory, a slice at a time. Esc leaves everything as it was, since nothing below was touched.

pub(in crate::app) mod query;
pub(in crate::app) mod result;
pub(in crate::app) mod scan;
pub(in crate::app) mod window;
pub(in crate::app) mod words;
