//! The connections of all accounts, as the event loop uses them.

use crate::domain::{AccountId, Request};
use crate::net::Connection;

use super::event_loop::Server;

/// The connections of all accounts.
#[derive(Default)]
pub struct Connections {
    open: Vec<(AccountId, Connection)>,
}

impl Connections {
    /// Closes all connections, at the same time.
    pub fn close(self) {
        Connection::close_all(self.open.into_iter().map(|(_, connection)| connection));
    }

    fn of(&self, account: AccountId) -> Option<&Connection> {
        self.open.iter().find(|(id, _)| *id == account).map(|(_, connection)| connection)
    }
}

impl Server for Connections {
    fn send(&self, account: AccountId, request: Request) -> Result<(), Request> {
        match self.of(account) {
            Some(connection) => connection.send(request),
            None => Err(request),
        }
    }

    fn retry_now(&self, account: AccountId) {
        if let Some(connection) = self.of(account) {
            connection.retry_now();
        }
    }

    fn add(&mut self, account: AccountId, connection: Connection) {
        self.open.push((account, connection));
    }

    fn remove(&mut self, account: AccountId) {
        // A dropped connection ends without being waited for.
        self.open.retain(|(id, _)| *id != account);
    }
}

/// A single connection, used for every account. For tests and programs with one account.
impl Server for Connection {
    fn send(&self, _: AccountId, request: Request) -> Result<(), Request> {
        Self::send(self, request)
    }

    fn retry_now(&self, _: AccountId) {
        Self::retry_now(self);
    }

    fn add(&mut self, _: AccountId, _: Connection) {}

    fn remove(&mut self, _: AccountId) {}
}
