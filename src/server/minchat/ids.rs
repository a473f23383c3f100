//! Names that the server gives: they look like the real service's cuids and sort in creation order.

use fastrand::Rng;

use crate::domain::Timestamp;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Makes ids. The same seed, times and calls make the same ids.
#[derive(Debug)]
pub(crate) struct Ids {
    rng: Rng,
    made: u64,
}

impl Ids {
    /// A maker whose random part follows `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), made: 0 }
    }

    /// A lower-case id of 25 characters: `c`, eight of time, six of count, ten of chance.
    pub(crate) fn next(&mut self, now: Timestamp) -> String {
        self.made += 1;
        let mut id = String::with_capacity(25);
        id.push('c');
        base36(&mut id, now.0.max(0).unsigned_abs(), 8);
        base36(&mut id, self.made, 6);
        let chance = self.rng.u64(..);
        base36(&mut id, chance, 10);
        id
    }

    /// An API key: an upper-case cuid, as the real service's are.
    pub(crate) fn key(&mut self, now: Timestamp) -> String {
        self.next(now).to_ascii_uppercase()
    }
}

/// The last `width` digits of `number`, so that ids of equal width compare like their numbers.
fn base36(out: &mut String, mut number: u64, width: usize) {
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
        let made: Vec<String> = (0..500).map(|n| ids.next(at + n / 100)).collect();
        let mut sorted = made.clone();
        sorted.sort();
        assert_eq!(made, sorted);
        assert!(made.iter().all(|id| id.len() == 25 && id.starts_with('c')));
    }

    #[test]
    fn the_same_seed_makes_the_same_ids() {
        assert_eq!(Ids::new(3).next(Timestamp(5)), Ids::new(3).next(Timestamp(5)));
        assert_ne!(Ids::new(3).next(Timestamp(5)), Ids::new(4).next(Timestamp(5)));
    }
}
