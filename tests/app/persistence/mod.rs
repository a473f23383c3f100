//! What is kept on disk and what comes back from it: stories with a disk in memory, on which every write is carried out
//! as the store's own doc comments promise. Each test is named for what a user would miss.

mod deleted_rooms;
mod disk;
mod drafts;
mod history;
mod search;
mod start;
