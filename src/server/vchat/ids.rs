//! ObjectIds: four bytes of time and eight of a counter, so that the hexadecimal strings sort in creation order.
//! Clients sort everything by id (§2.3.2).

use fastrand::Rng;

use crate::domain::{SECOND, Timestamp};

/// Generator of ids. The same seed, times and calls produce the same ids.
#[derive(Debug)]
pub(crate) struct Ids {
    counter: u64,
    rng: Rng,
}

impl Ids {
    /// Creates a generator whose ids follow `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        // The counter starts in the lower half of its range, so that it never overflows.
        Self { counter: rng.u64(..) >> 1, rng }
    }

    /// Returns the next ObjectId.
    pub(crate) fn next(&mut self, now: Timestamp) -> String {
        self.counter += 1;
        let seconds = u32::try_from(now.0.max(0) / SECOND).unwrap_or(u32::MAX);
        format!("{seconds:08x}{:016x}", self.counter)
    }

    /// Returns a version 4 UUID, the `lId` of a message that the server itself creates.
    pub(crate) fn next_local_id(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.rng.u128(..).to_be_bytes()).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_object_ids_and_sort_in_creation_order() {
        let mut ids = Ids::new(7);
        let created: Vec<String> = (0..500).map(|n| ids.next(Timestamp(1_795_284_207_198) + n * 100)).collect();
        assert!(created.is_sorted());
        assert!(created.iter().all(|id| id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit())));
        assert_eq!(Ids::new(3).next(Timestamp(5)), Ids::new(3).next(Timestamp(5)));
    }
}
