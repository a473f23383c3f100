//! Text field of a multipart body.

use super::call::Part;

/// Returns a text field of a multipart body.
pub(super) fn field(name: &'static str, value: impl Into<String>) -> Part {
    Part::Field { name, value: value.into() }
}
