//! What a load test does.

use std::time::Duration;

/// The service under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadService {
    /// MinChat.
    MinChat,
    /// V Chat.
    VChat,
}

/// A load test.
#[derive(Debug, Clone)]
pub struct LoadPlan {
    /// Address of the server, without a slash at the end.
    pub url: String,
    /// The API key; for V Chat, the hash key.
    pub key: String,
    /// The service.
    pub service: LoadService,
    /// People, each with one WebSocket.
    pub people: usize,
    /// Rooms over which the people are distributed.
    pub rooms: usize,
    /// Messages per second, of all people together.
    pub rate: u32,
    /// Time for which messages are sent.
    pub time: Duration,
    /// Whether the server may be another one than a sandbox.
    pub owns_server: bool,
}

/// Connections for requests, which are made at the same time as those of the people.
const REQUEST_CONNECTIONS: usize = 1_200;

/// Returns the number of connections that a server has to accept from this many people.
pub fn connections(people: usize) -> usize {
    people + REQUEST_CONNECTIONS
}

impl LoadPlan {
    /// Number of messages.
    pub fn messages(&self) -> usize {
        (self.time.as_secs_f64() * f64::from(self.rate)).round() as usize
    }

    /// Members of the room with this number.
    pub(super) fn members(&self, room: usize) -> usize {
        (self.people + self.rooms - 1 - room) / self.rooms
    }

    /// Room and sender of the message with this number, as numbers. All rooms take turns, and all members of a room.
    pub(super) fn place(&self, message: usize) -> (usize, usize) {
        let room = message % self.rooms;
        let member = (message / self.rooms) % self.members(room);
        (room, room + member * self.rooms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(people: usize, rooms: usize) -> LoadPlan {
        LoadPlan {
            url: String::new(),
            key: String::new(),
            service: LoadService::MinChat,
            people,
            rooms,
            rate: 10,
            time: Duration::from_millis(1_500),
            owns_server: false,
        }
    }

    #[test]
    fn people_and_messages_are_distributed_evenly() {
        let plan = plan(7, 3);
        assert_eq!((0..3).map(|room| plan.members(room)).collect::<Vec<_>>(), [3, 2, 2]);
        assert_eq!(plan.messages(), 15);
        let places: Vec<_> = (0..9).map(|message| plan.place(message)).collect();
        assert_eq!(places, [(0, 0), (1, 1), (2, 2), (0, 3), (1, 4), (2, 5), (0, 6), (1, 1), (2, 2)]);
    }
}
