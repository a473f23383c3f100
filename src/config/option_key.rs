//! Options in recordings, by their keys, for `#[serde(with)]`.

/// A row of the table of options.
pub mod option_by_key {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::config::OptionSpec;

    /// Writes the key of an option.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn serialize<S: Serializer>(option: &&'static OptionSpec, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(option.key)
    }

    /// Reads the key of an option.
    ///
    /// # Errors
    /// No option has this key.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static OptionSpec, D::Error> {
        let key = String::deserialize(deserializer)?;
        OptionSpec::by_key(&key).ok_or_else(|| D::Error::custom(format!("no option is called `{key}`")))
    }
}
