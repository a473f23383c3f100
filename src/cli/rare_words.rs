//! Values of options that only some commands take. Others read them, to explain why they are rejected, but do not list
//! them.

/// Words of options that only some commands take, as tuples of key, word and commands.
const RARE_WORDS: &[(&str, &str, &[&str])] = &[("backend", "both", &["demo", "run"])];

/// Whether a word is one of the values of an option that a command lists. The program without a command has no name.
pub(super) fn is_listed(command: &str, key: &str, word: &str) -> bool {
    RARE_WORDS.iter().all(|(other, rare, commands)| (*other, *rare) != (key, word) || commands.contains(&command))
}

/// Whether a command lists a word of an option that others do not.
pub(super) fn has_rare_words(command: &str, key: &str) -> bool {
    RARE_WORDS.iter().any(|(other, _, commands)| *other == key && commands.contains(&command))
}
