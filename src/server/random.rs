//! Secrets that nobody can guess.

use std::hash::{BuildHasher, RandomState};

/// Returns a random key of 32 hexadecimal digits.
///
/// The keyed hash function of the standard library gets its keys, which never leave it, from the random generator of
/// the system. The seeded generator of a simulation would return the same key for the same seed.
pub fn random_key() -> String {
    let keyed = RandomState::new();
    format!("{:016x}{:016x}", keyed.hash_one(0), keyed.hash_one(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_keys_differ() {
        let keys: std::collections::HashSet<String> = (0..1_000).map(|_| random_key()).collect();
        assert_eq!(keys.len(), 1_000);
        assert!(keys.iter().all(|key| key.len() == 32));
    }
}
