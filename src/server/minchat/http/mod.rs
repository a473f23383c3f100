//! MinChat's REST API (§2). "Row 7" in a comment is the seventh row of the table in §2.
//!
//! A handler parses the request, runs one operation on the app and returns its JSON.

mod chats;
mod fields;
mod messages;
mod reply;
mod routes;
mod sandbox;
mod users;

pub(crate) use routes::routes;
