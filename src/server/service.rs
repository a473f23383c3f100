//! The parts of a service that the listener needs to serve it.

use axum::Router;
use socketioxide::SocketIo;
use tokio::task::JoinHandle;

/// A service that is ready to be served.
pub(crate) struct BuiltService {
    /// All HTTP routes, with the Socket.IO layer on top.
    pub(crate) router: Router,
    /// The Socket.IO server, which is needed to close the sockets.
    pub(crate) io: SocketIo,
    /// Background tasks: timers and the scripted people.
    pub(crate) tasks: Vec<JoinHandle<()>>,
    /// JSON body of the 503 response that is sent when the connection limit is reached.
    pub(crate) busy_body: String,
}
