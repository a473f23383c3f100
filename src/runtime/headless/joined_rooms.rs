//! The rooms whose events a connection gets, on services where that is necessary.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::sleep;

use crate::domain::{Request, RoomId, ServerEvent};
use crate::runtime::failure::Failure;

use super::session::Session;

/// Time until a join has usually reached the service. Joins are not answered, and the socket library may hold one back
/// for 40 ms.
pub(in crate::runtime) const JOINING_TIME: Duration = Duration::from_millis(300);

/// Number of rooms that are joined before the next ones wait for [`JOINING_TIME`]: the queues of the connection hold 1,024
/// requests, and nothing tells when one was sent.
const PORTION: usize = 256;

/// The rooms that were joined on the present connection.
#[derive(Default)]
pub(in crate::runtime) struct JoinedRooms {
    /// The only room of interest; `None` for all.
    only: Option<RoomId>,
    joined: HashSet<RoomId>,
}

impl JoinedRooms {
    /// Returns an empty set that is limited to one room, if there is one.
    pub(in crate::runtime) fn new(only: Option<RoomId>) -> Self {
        Self { only, joined: HashSet::new() }
    }

    /// Whether a room is of interest.
    pub(in crate::runtime) fn concerns(&self, room: &RoomId) -> bool {
        self.only.as_ref().is_none_or(|only| only == room)
    }

    /// Returns the only room of interest.
    pub(in crate::runtime) fn only(&self) -> Option<&RoomId> {
        self.only.as_ref()
    }

    /// Forgets everything, because the connection is a new one.
    pub(in crate::runtime) fn on_connected(&mut self) {
        self.joined.clear();
    }

    /// Joins the known rooms that were not joined yet, some at a time. Returns whether there were any.
    ///
    /// # Errors
    /// Too many requests are waiting.
    pub(in crate::runtime) async fn join_known(&mut self, session: &Session) -> Result<bool, Failure> {
        let known = session.directory.rooms().iter().map(|room| room.id.clone());
        let rooms: Vec<RoomId> = self.only.clone().map_or_else(|| known.collect(), |room| vec![room]);
        let mut count = 0;
        for room in rooms {
            if self.join(session, &room)? {
                count += 1;
                if count % PORTION == 0 {
                    sleep(JOINING_TIME).await;
                }
            }
        }
        Ok(count > 0)
    }

    /// Joins the room of an event if it has just appeared. Returns whether it has.
    ///
    /// # Errors
    /// Too many requests are waiting.
    pub(in crate::runtime) fn on_event(&mut self, session: &Session, event: &ServerEvent) -> Result<bool, Failure> {
        match event {
            ServerEvent::RoomChanged(room) | ServerEvent::RoomOpened(room) => self.join(session, &room.id),
            ServerEvent::RoomDeleted(room) => {
                self.joined.remove(room);
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    /// Joins a room that was not joined yet and is of interest. Returns whether it was so.
    ///
    /// # Errors
    /// Too many requests are waiting.
    pub(in crate::runtime) fn join(&mut self, session: &Session, room: &RoomId) -> Result<bool, Failure> {
        if !self.concerns(room) || !self.joined.insert(room.clone()) {
            return Ok(false);
        }
        session.send(Request::Join { room: room.clone() })?;
        Ok(true)
    }
}
