//! Durable send queue: messages, edits and deletions that the server has not confirmed yet.
//!
//! The entries are state machines: `OutboxEntry` lists their stages and transitions. This module decides which
//! transition happens when, and carries out what follows from it.
//!
//! An entry is written to disk before it is shown, and marked there as possibly sent before it is handed to the
//! connection. One write does both if the entry can be sent at once. Its `LocalId` never changes. To preserve the
//! order, only one entry per room is sent at a time. Files have a lane of their own in each room, as they have in the
//! network layer, so text messages may overtake them. An entry that failed, or that waits for a decision of the user,
//! does not block the entries behind it.
//!
//! | event | effect on the entry |
//! | --- | --- |
//! | the server has it (answer, echo, page, "duplicate") | it is removed |
//! | the server rejected it | it fails: the reason is shown below it, and the user retries or cancels it |
//! | its room was deleted | it fails (`deleted_room_entries.rs`): the user copies or discards it; the room stays until then |
//! | not sent, or "retry later" | it is retried after 1 s to 60 s, or as soon as the connection is back |
//! | the upload of its file was interrupted, with part of it transferred | the same, but it fails the fourth time |
//! | uncertain, or the program was restarted | pages are searched back to the time it was sent or written |
//!
//! The search is repeated until ten seconds after the last attempt (or after the start of the program, if the attempt
//! was made before), because the server may still be processing it. Services that reject duplicates need not wait. If
//! the search then finds no message with its `LocalId`, `reconcile.rs` decides:
//!
//! | situation | decision |
//! | --- | --- |
//! | the service returns every `LocalId`, or this server has returned one | resend |
//! | this server has confirmed one of our messages without returning its `LocalId` | the user decides |
//! | neither is known, and a message of ours has the same text but no `LocalId` | the user decides |
//! | neither is known, and no message of ours has the same text | resend |
//! | `MAX_SEARCH_PAGES` pages did not reach back far enough | the user decides; resend if the service rejects duplicates |
//!
//! As long as no attempt to send an entry can have arrived (`OutboxEntry::maybe_sent`), the user can still cancel it,
//! which moves it from the disk to the composer in one step. `model/send_status.rs` determines the status that is shown
//! for each entry. After a restart, entries that the disk lists as never sent are queued while there is no connection.
//! Once there is one, the server is searched for them too, because a disk that did not respond may have missed that
//! they were sent.
//!
//! Edits and deletions are queued in the same lane as text messages. They can be repeated safely, so an uncertain one
//! is sent again.

pub(in crate::app) mod answers;
pub(in crate::app) mod deleted_room_entries;
pub(in crate::app) mod display;
pub(in crate::app) mod ownership;
pub(in crate::app) mod queue;
pub(in crate::app) mod reconcile;
pub(in crate::app) mod restore;
pub(in crate::app) mod timeline_marks;
