//! Ids that look like the real service's cuids and sort in creation order.

use fastrand::Rng;

use crate::domain::Timestamp;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Generator of ids. The same seed, times and calls produce the same ids.
#[derive(Debug)]
pub(crate) struct Ids {
    rng: Rng,
    count: u64,
}

impl Ids {
    /// Creates a generator whose random digits follow `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), count: 0 }
    }

    /// Returns a lower-case id of 25 characters: `c`, eight digits of the time, six of a counter and ten random ones.
    pub(crate) fn next(&mut self, now: Timestamp) -> String {
        self.count += 1;
        let mut id = String::with_capacity(25);
        id.push('c');
        push_base36(&mut id, now.0.max(0).unsigned_abs(), 8);
        push_base36(&mut id, self.count, 6);
        let random = self.rng.u64(..);
        push_base36(&mut id, random, 10);
        id
    }
}

/// Appends the last `width` base-36 digits of `number`, so that ids compare like their numbers.
fn push_base36(out: &mut String, mut number: u64, width: usize) {
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    out.extend(digits.into_iter().map(char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_in_creation_order() {
        let mut ids = Ids::new(7);
        let at = Timestamp(1_795_284_207_198);
        let created: Vec<String> = (0..500).map(|n| ids.next(at + n / 100)).collect();
        let mut sorted = created.clone();
        sorted.sort();
        assert_eq!(created, sorted);
        assert!(created.iter().all(|id| id.len() == 25 && id.starts_with('c')));
    }

    #[test]
    fn same_seed_gives_the_same_ids() {
        assert_eq!(Ids::new(3).next(Timestamp(5)), Ids::new(3).next(Timestamp(5)));
        assert_ne!(Ids::new(3).next(Timestamp(5)), Ids::new(4).next(Timestamp(5)));
    }
}
