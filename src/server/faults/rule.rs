//! One fault with its value and its scope.

use std::fmt;

use super::amount::{Chance, Frequency, Span, Throughput};
use super::kind::{Form, Kind};
use super::scope::Scope;

/// The value of a fault, in the form of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// How often.
    Chance(Chance),
    /// How long, or after how long.
    Span(Span),
    /// How often in a time.
    Frequency(Frequency),
    /// How many bytes per second.
    Throughput(Throughput),
}

impl Value {
    /// Parses a value of this form.
    pub(super) fn parse(form: Form, text: &str) -> Option<Self> {
        match form {
            Form::Chance => Chance::parse(text).map(Self::Chance),
            Form::Span => Span::parse(text).map(Self::Span),
            Form::Frequency => Frequency::parse(text).map(Self::Frequency),
            Form::Throughput => Throughput::parse(text).map(Self::Throughput),
        }
    }
}

/// A fault, as in `drop@message=1%`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) scope: Scope,
    pub(super) value: Value,
}

impl Rule {
    /// Whether it applies to a request with this method and path.
    pub(super) fn includes_request(&self, method: &str, path: &str) -> bool {
        self.kind.subjects().requests && self.scope.includes_request(method, path)
    }

    /// Whether it applies to an event with this name, or to an acknowledgement.
    pub(super) fn includes_event(&self, name: &str, is_ack: bool) -> bool {
        self.kind.subjects().events && self.scope.includes_event(name, is_ack)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}=", self.kind, self.scope)?;
        match self.value {
            Value::Chance(chance) => chance.fmt(f),
            Value::Span(span) => span.fmt(f),
            Value::Frequency(frequency) => frequency.fmt(f),
            Value::Throughput(throughput) => throughput.fmt(f),
        }
    }
}
