//! The parts of a service that the listener needs to serve it.

use axum::Router;
use socketioxide::SocketIo;
use tokio::task::JoinHandle;

/// Writes an error in the format of a service.
pub(crate) type ErrorBody = fn(status: u16, message: &str) -> String;

/// A service that is ready to be served.
pub(crate) struct BuiltService {
    /// All HTTP routes, with the Socket.IO layer on top.
    pub(crate) router: Router,
    /// The Socket.IO server, which is needed to close the sockets.
    pub(crate) io: SocketIo,
    /// Background tasks: timers and the scripted people.
    pub(crate) tasks: Vec<JoinHandle<()>>,
    /// Returns the JSON body of an error response with this status and text.
    pub(crate) error_body: ErrorBody,
}
