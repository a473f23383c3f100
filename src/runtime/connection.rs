//! The connection as the loop sees it.

use crate::domain::Request;
use crate::net::Connection;

use super::event_loop::Server;

impl Server for Connection {
    fn send(&self, request: Request) -> Result<(), Request> {
        Self::send(self, request)
    }

    fn retry_now(&self) {
        Self::retry_now(self);
    }
}
