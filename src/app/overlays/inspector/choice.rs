//! What the user types and chooses in the inspector.

use std::sync::Arc;

use crate::domain::{AccountId, MessageId, RoomId};
use crate::wire::{CopyForm, Record};

/// A text that is typed in the inspector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectorField {
    /// The filter.
    Filter,
    /// The search.
    Search,
}

/// The user's choice in the inspector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum InspectorChoice {
    /// Go to a message.
    Jump(AccountId, RoomId, MessageId),
    /// Copy a record in a form.
    Copy(Arc<Record>, CopyForm),
    /// Show the records that have arrived in the meantime.
    Resume,
}
