//! Writes changes of the state to the store, and reads what is stored.
//!
//! The state is authoritative. After each event a few flags tell whether anything may differ from the store; within a
//! third of a second the differences are written. Nothing else in the program writes rooms, people, messages, drafts or
//! read positions. Pages that an export fetches are written at once, because they are never loaded.

pub(in crate::app) mod draft_subject;
pub(in crate::app) mod drafts;
pub(in crate::app) mod flush;
pub(in crate::app) mod messages;
pub(in crate::app) mod older_messages;
pub(in crate::app) mod problems;
pub(in crate::app) mod stored_history;
pub(in crate::app) mod text_query;
pub(in crate::app) mod unloaded_page;
