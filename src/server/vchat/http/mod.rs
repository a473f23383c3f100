//! V Chat's REST API (§2). "Row 7" in a comment is the seventh row of the tables in §2.
//!
//! One fallback handler in `routes` receives all requests: it parses a request, authenticates it and writes the
//! response. The other files match the path of one part of the API, run one operation on the world, and return its
//! `data`.

mod calls;
mod groups;
mod people;
mod request;
mod rooms;
mod routes;
mod sandbox;

pub(crate) use routes::routes;
