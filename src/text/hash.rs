//! A hash that stays the same across versions and machines, unlike that of the standard library.

/// Returns the FNV-1a hash of a text.
pub fn stable_hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
