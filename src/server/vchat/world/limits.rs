//! Storage limits of the world. The protocol notes state none; a server that keeps everything in memory needs some.

use crate::server::quota::{ENTRY_BYTES, FULL_MESSAGE};
use crate::server::vchat::error::{ApiError, ApiResult};

use super::memory::{USER_ENTRY_BYTES, room_bytes};
use super::state::World;

impl World {
    /// Reserves memory for data that is about to be stored.
    pub(crate) fn reserve(&mut self, bytes: usize) -> ApiResult<()> {
        if self.quota.needs_recount(bytes) {
            let used = self.count_bytes();
            self.quota.set_used(used);
        }
        if self.quota.try_reserve(bytes) { Ok(()) } else { Err(ApiError::storage_full(FULL_MESSAGE)) }
    }

    /// Reserves memory for a user; fails if there are too many.
    pub(super) fn reserve_user(&mut self) -> ApiResult<()> {
        check_count(self.users.len(), self.limits.users, "users")?;
        self.reserve(2 * ENTRY_BYTES)
    }

    /// Reserves memory for a room; fails if there are too many.
    pub(super) fn reserve_room(&mut self, members: usize) -> ApiResult<()> {
        check_count(self.rooms.len(), self.limits.rooms, "rooms")?;
        self.reserve(ENTRY_BYTES + 2 * USER_ENTRY_BYTES * members)
    }

    fn count_bytes(&self) -> usize {
        let user = 2 * ENTRY_BYTES + 3 * self.default_image().len();
        let users = self.users.values().map(|it| user + it.identifier.len() + it.display_name().len());
        let devices = self.devices.iter().map(|((_, id), it)| USER_ENTRY_BYTES + id.len() + it.platform.len());
        let rooms = self.rooms.values().map(room_bytes);
        let calls = self.calls.values().map(|call| ENTRY_BYTES + call.memory_bytes());
        users.chain(devices).chain(rooms).chain(calls).sum::<usize>() + USER_ENTRY_BYTES * self.bans.len()
    }
}

/// Refuses another item if there are `max` of them already.
fn check_count(count: usize, max: usize, items: &str) -> ApiResult<()> {
    if count < max {
        return Ok(());
    }
    Err(ApiError::storage_full(format!("The sandbox keeps at most {max} {items}. Restart it to start over.")))
}
