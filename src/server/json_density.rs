//! A limit on the number of values in JSON that is checked before the JSON is parsed.
//!
//! An object that takes seven bytes in JSON takes several hundred once it is parsed.

/// Error text for JSON with too many objects and lists.
pub(crate) const TOO_DENSE_MESSAGE: &str = "the JSON has more than 20,000 objects and lists: send it in parts";

/// Maximum number of objects and lists. Parsed, they take about 15 MiB.
const MAX_CONTAINERS: usize = 20_000;

/// Whether `json` has too many objects and lists. Brackets in texts count as well.
pub(crate) fn is_too_dense(json: &[u8]) -> bool {
    json.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() > MAX_CONTAINERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_lists_are_counted() {
        assert!(!is_too_dense("[{\"\":0}],".repeat(MAX_CONTAINERS / 2).as_bytes()));
        assert!(is_too_dense("[{\"\":0}],".repeat(MAX_CONTAINERS / 2 + 1).as_bytes()));
        assert!(!is_too_dense("0,".repeat(100_000).as_bytes()));
    }
}
