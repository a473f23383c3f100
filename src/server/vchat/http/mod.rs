//! The REST side of V Chat: one arm of a `match` for each row of the protocol note's tables.
//!
//! `routes` reads a request and says refusals, the others read what a row asks for, do one thing to the world and hand
//! back its `data`.

mod ask;
mod calls;
mod groups;
mod people;
mod rooms;
mod routes;
mod sandbox;

pub(crate) use routes::routes;
