//! Targets of the selected record: its message, and the forms in which it is copied.

use std::sync::Arc;

use crate::app::overlays::inspector::choice::InspectorChoice;
use crate::app::overlays::inspector::window::Inspector;
use crate::wire::{CopyForm, Record, Server};

impl Inspector {
    /// Returns the forms in which the selected record can be copied.
    pub fn copy_forms(&self) -> Vec<CopyForm> {
        CopyForm::ALL.into_iter().filter(|form| self.copied(*form).is_some()).collect()
    }

    /// Returns the record of which a form is copied: the selected one, or the call to which it is the reply.
    pub(in crate::app) fn copied(&self, form: CopyForm) -> Option<&Arc<Record>> {
        let selected = self.selected_record()?;
        [Some(selected), self.records.request_of(selected)]
            .into_iter()
            .flatten()
            .find(|record| form.text(record, Server::default()).is_some())
    }

    fn selected_record(&self) -> Option<&Arc<Record>> {
        self.selected.and_then(|selected| self.records.get(selected)).map(|entry| &entry.record)
    }

    /// Returns the way to the message of the selected record.
    pub(in crate::app) fn message(&self) -> Option<InspectorChoice> {
        let record = self.selected_record()?;
        let room = self.records.room_of(record)?;
        Some(InspectorChoice::Jump(record.account, room, record.subject.message.clone()?))
    }
}
