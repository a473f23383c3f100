//! Parses the text of faults.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::kind::{Kind, NAMED};
use super::rule::{Rule, Value};
use super::scope::Scope;

/// Maximum number of faults.
const MAX_RULES: usize = 64;

/// Faults, parsed from a text such as `latency=200±100,drop@message=1%,429=5%`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultRules(pub(super) Vec<Rule>);

impl FaultRules {
    /// Whether there is no fault.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for FaultRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rule) in self.0.iter().enumerate() {
            write!(f, "{}{rule}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// The reason why a text is no list of faults: a sentence that names the word and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FaultError {
    /// No fault has this name.
    #[error("There is no fault called {0:?}.")]
    Unknown(String),
    /// The service has no such path or event.
    #[error("{service} has no {kind} {word:?}.")]
    Target {
        /// Name of the service.
        service: &'static str,
        /// The kind of the target.
        kind: &'static str,
        /// The event, the path or its segment, or the method and the path.
        word: String,
        /// Those that could have been meant.
        known: Vec<&'static str>,
    },
    /// The value is missing or malformed.
    #[error("{fault} needs a value such as {examples}, not {value:?}.")]
    Value {
        /// The fault.
        fault: String,
        /// The value.
        value: String,
        /// Values that would be valid.
        examples: &'static str,
    },
    /// The text after `@` is neither a path nor an event.
    #[error("{0:?} is neither a path nor an event. Use @/v1/messages, @POST /v1/messages or @message.")]
    Scope(String),
    /// The fault does not apply to what is selected with `@`.
    #[error("{fault} applies to {applies_to}. Remove {scope}{instead}.")]
    Subject {
        /// The fault.
        fault: String,
        /// What it applies to.
        applies_to: &'static str,
        /// The text from `@` on.
        scope: String,
        /// What to use instead.
        instead: &'static str,
    },
    /// There are too many faults.
    #[error("There are more than {MAX_RULES} faults. Remove some.")]
    TooMany,
}

/// Maximum number of words that are listed in a problem.
const MAX_LISTED: usize = 20;

impl FaultError {
    /// Returns the sentence with the word that was probably meant, which `suggest` finds among those that are known, or
    /// with all of them.
    pub fn sentence(&self, suggest: impl FnOnce(&str, &[&'static str]) -> Option<&'static str>) -> String {
        let (word, known) = match self {
            Self::Unknown(word) => (word, [&NAMED.map(|(name, _)| name)[..], &["429"]].concat()),
            Self::Target { word, known, .. } => (word, known.clone()),
            _ => return self.to_string(),
        };
        match suggest(word, &known) {
            Some(meant) => format!("{self} Did you mean {meant}?"),
            None if matches!(self, Self::Unknown(_)) => {
                format!("{self} Use {}, or a status from 400 to 599.", NAMED.map(|(name, _)| name).join(", "))
            }
            None if known.is_empty() || known.len() > MAX_LISTED => self.to_string(),
            None => format!("{self} Use {}.", known.join(", ")),
        }
    }
}

impl FromStr for FaultRules {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let rules = parts.map(parse_rule).collect::<Result<Vec<_>, _>>()?;
        if rules.len() > MAX_RULES { Err(FaultError::TooMany) } else { Ok(Self(rules)) }
    }
}

fn parse_rule(text: &str) -> Result<Rule, FaultError> {
    let (head, value) = text.split_once('=').unwrap_or((text, ""));
    let (name, scope) = match head.split_once('@') {
        Some((name, scope)) => (name.trim(), Some(scope.trim())),
        None => (head.trim(), None),
    };
    let kind = Kind::by_name(name).ok_or_else(|| FaultError::Unknown(name.to_owned()))?;
    let scope = match scope {
        None => Scope::All,
        Some(text) => {
            let scope = Scope::parse(text).ok_or_else(|| FaultError::Scope(text.to_owned()))?;
            check_subject(kind, &scope)?;
            scope
        }
    };
    let value = value.trim();
    let parsed = Value::parse(kind.form(), value).ok_or_else(|| FaultError::Value {
        fault: kind.to_string(),
        value: value.to_owned(),
        examples: kind.form().examples(),
    })?;
    Ok(Rule { kind, scope, value: parsed })
}

/// Refuses a scope to which the fault never applies.
fn check_subject(kind: Kind, scope: &Scope) -> Result<(), FaultError> {
    let subjects = kind.subjects();
    let fits = match scope {
        Scope::All => true,
        Scope::Route { .. } => subjects.requests,
        Scope::Event(_) => subjects.events,
    };
    if fits {
        return Ok(());
    }
    let (applies_to, instead) = match (subjects.requests, subjects.events) {
        (true, _) => ("requests", ", or name a path such as @/v1/messages"),
        (_, true) => ("events", ", or name an event such as @message"),
        _ => ("whole connections", ""),
    };
    Err(FaultError::Subject { fault: kind.to_string(), applies_to, scope: scope.to_string(), instead })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<FaultRules>().unwrap_err().to_string()
    }

    #[test]
    fn every_kind_is_parsed_and_written() {
        let text = "latency=200ms±100ms,drop=1%,dup=1%,reorder=2%,429=5%,half-open=30s,slow=10KB/s,close=1/min,\
                    latency@/v1/messages=2s,drop@message.created=50%,429@POST /v1/messages=1/3,lose=1%,truncate=1%,\
                    stall@message=1%,disconnect=1%,slow@/files/**=1KB/s";
        let rules: FaultRules = text.parse().unwrap();
        assert_eq!((rules.0.len(), rules.to_string()), (16, text.to_owned()));
        assert_eq!(
            " latency = 200+-100 , ,drop=1% ".parse::<FaultRules>().unwrap().to_string(),
            "latency=200ms±100ms,drop=1%"
        );
        assert!("".parse::<FaultRules>().unwrap().is_empty());
    }

    #[test]
    fn errors_name_the_word_and_what_is_allowed() {
        assert_eq!(
            "latancy=2s".parse::<FaultRules>().unwrap_err().sentence(|_, _| None),
            "There is no fault called \"latancy\". Use latency, drop, dup, reorder, lose, truncate, stall, disconnect, \
             half-open, slow, close, or a status from 400 to 599."
        );
        let suggested = FaultError::Unknown("latancy".to_owned()).sentence(|_, known| known.first().copied());
        assert_eq!(suggested, "There is no fault called \"latancy\". Did you mean latency?");
        assert!(error("200=5%").contains("\"200\""));
        assert_eq!(error("drop=often"), "drop needs a value such as 5% or 1/3, not \"often\".");
        assert_eq!(error("drop"), "drop needs a value such as 5% or 1/3, not \"\".");
        assert_eq!(error("latency=2m"), "latency needs a value such as 200, 200±100, 2s or 1min, not \"2m\".");
        assert_eq!(
            error("drop@two words=1%"),
            "\"two words\" is neither a path nor an event. Use @/v1/messages, @POST /v1/messages or @message."
        );
        assert_eq!(
            error("429@message=1%"),
            "429 applies to requests. Remove @message, or name a path such as @/v1/messages."
        );
        assert_eq!(error("dup@/v1=1%"), "dup applies to events. Remove @/v1, or name an event such as @message.");
        assert_eq!(error("close@message=1/min"), "close applies to whole connections. Remove @message.");
        assert!(error(&"drop=1%,".repeat(65)).contains("more than 64"));
    }
}
