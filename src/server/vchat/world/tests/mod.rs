//! The rules of the protocol note, one after the other, on the pure world.

mod accounts;
mod calls;
mod caps;
mod groups;
mod kit;
mod messages;
mod rooms;
