//! What is kept on disk, and what comes back from it.
//!
//! The state is the truth. After each event this looks whether something may differ from what is on disk (a look at a few
//! flags), and within a third of a second says what: nothing else in the program tells the store of rooms, people,
//! messages, drafts or read positions.

mod about;
mod drafts;
mod find;
mod flush;
mod load;
mod messages;
mod past;
mod record;
mod trouble;

pub(super) use find::ask_words;
pub use flush::parting;
pub(super) use flush::{Touches, follow, touched_by_server};
pub(super) use load::{forget_history, on_loaded};
pub(super) use past::{ask_disk, ask_further, on_past};
pub use record::PersistenceState;
pub(super) use trouble::{on_problem, on_recovered};
