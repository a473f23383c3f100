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

/// Place of a search among its matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    /// Number of the selected match, from 1; 0 if there is none.
    pub number: usize,
    /// Number of matches.
    pub count: usize,
    /// Whether the search went on at the other end of the list.
    pub has_wrapped: bool,
}

/// The user's choice in the inspector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum InspectorChoice {
    /// Go to a message.
    Jump(AccountId, RoomId, MessageId),
    /// Go to the message of a record that has none.
    NoMessage,
    /// Copy a record in a form.
    Copy {
        /// The record.
        record: Arc<Record>,
        /// The record of the opening request of its socket, if there is one.
        opening: Option<Arc<Record>>,
        /// The form.
        form: CopyForm,
    },
    /// Show the records that have arrived in the meantime.
    Resume,
}
