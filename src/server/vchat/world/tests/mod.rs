//! The rules of the protocol notes, checked without HTTP and sockets.

mod accounts;
mod calls;
mod groups;
mod limits;
mod messages;
mod rooms;
mod test_world;
