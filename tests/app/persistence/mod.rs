//! Persistence: what is stored and what is restored, with a real store in a temporary folder.

mod deleted_pages;
mod deleted_rooms;
pub(crate) mod disk;
pub(crate) mod drafts;
mod eviction;
mod history;
mod late;
mod search;
mod search_exclusion;
mod stale_answers;
mod start;
