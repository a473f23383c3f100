//! Problems in the configuration, as sentences that say what to do.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A position in a file, displayed as `file:line:column`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The file, as the user named it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A problem or a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The position, if the problem is in a file.
    pub location: Option<Location>,
    /// A sentence that says what is wrong and what to do about it.
    pub sentence: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some(location) => write!(f, "{location}: {}", self.sentence),
            None => f.write_str(&self.sentence),
        }
    }
}

/// Problems in the order in which they were found. Never empty when used as an error.
#[derive(Debug, Clone, PartialEq, Eq, Default, Error, Serialize, Deserialize)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl From<String> for Problems {
    /// The problem with this sentence, which is in no file.
    fn from(sentence: String) -> Self {
        Self(vec![Problem { location: None, sentence }])
    }
}

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, location: Option<Location>, sentence: impl Into<String>) {
        self.0.push(Problem { location, sentence: sentence.into() });
    }
}
