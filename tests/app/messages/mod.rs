//! Messages on a service like V Chat: keys and server events in, effects and screens out. Each test is named for what a
//! user would miss, or for a bug.

mod authorship;
mod calls;
mod files;
mod links;
mod receipts;
mod replies;
mod stars;
mod strangers;
mod timeline;
