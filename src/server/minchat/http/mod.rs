//! The REST side of the MinChat dialect: one handler for each row of the protocol note's table.
//!
//! Handlers read the request, do one thing to the world and write its JSON; what the thing does is the world's.

mod chats;
mod extra;
mod fields;
mod messages;
mod reply;
mod routes;
mod users;

pub(crate) use routes::routes;
