//! ObjectIds: four bytes of time, eight of count, so that the hexadecimal strings sort in creation order (§2.3.2: the
//! order of everything on the wire).

use fastrand::Rng;

use crate::domain::{SECOND, Timestamp};

/// Makes ids. The same seed, times and calls make the same ids.
#[derive(Debug)]
pub(crate) struct Ids {
    count: u64,
    rng: Rng,
}

impl Ids {
    /// A maker whose ids follow `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        // The first bit stays clear, so that counting never begins anew.
        Self { count: rng.u64(..) >> 1, rng }
    }

    /// The next id.
    pub(crate) fn next(&mut self, now: Timestamp) -> String {
        self.count += 1;
        let seconds = u32::try_from(now.0.max(0) / SECOND).unwrap_or(u32::MAX);
        format!("{seconds:08x}{:016x}", self.count)
    }

    /// A fresh version 4 UUID: the `lId` of what the server itself says.
    pub(crate) fn local(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.rng.u128(..).to_be_bytes()).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_object_ids_and_sort_in_creation_order() {
        let mut ids = Ids::new(7);
        let made: Vec<String> = (0..500).map(|n| ids.next(Timestamp(1_795_284_207_198) + n * 100)).collect();
        assert!(made.is_sorted());
        assert!(made.iter().all(|id| id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit())));
        assert_eq!(Ids::new(3).next(Timestamp(5)), Ids::new(3).next(Timestamp(5)));
    }
}
