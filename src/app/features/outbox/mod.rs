//! What is to reach the server, until it has.
//!
//! An entry is on disk before it is on screen, and noted there as "may have been sent" before it is handed over; its
//! `LocalId` never changes. In each room one entry is under way at a time, so that the order is kept; files have a line
//! of their own there, as they have in the network layer, and may be overtaken by texts. An entry that failed, or that
//! waits for the user's word, holds nobody up.
//!
//! | what happened | what becomes of the entry |
//! | --- | --- |
//! | the server has it (answer, echo, page, "duplicate") | it is done |
//! | refused | it failed: its reason stands below it; the user sends it again or takes it back |
//! | its room was deleted | it failed (`orphans.rs`): the user copies it or discards it; its room stays for that |
//! | not sent, or "come back later" | it waits: 1 s … 60 s, or until the connection is back |
//! | uncertain, or the program was started anew | pages are looked through, back to when it went out or was written |
//!
//! | nothing with its `LocalId` is there, and | then |
//! | --- | --- |
//! | the service returns every `LocalId`, or this server has returned one | it is sent again |
//! | this server has confirmed a send of ours without it | the user decides |
//! | neither is known; a message of ours says the same, without a `LocalId` | the user decides |
//! | neither is known; nothing of ours says the same | it is sent again |
//! | its time was not reached in `MOST_PAGES` pages | the user decides; where second copies are refused, it is sent |
//!
//! What waits is still the user's as long as no attempt of it may have arrived (`OutboxEntry::doubtful`): it can be taken
//! back, out of the disk and into the composer in one piece. `app/waiting.rs` says which that is, and what is shown of all
//! this. After a start, what the disk knows as never handed over waits as well while there is no connection; with one it
//! is looked for, for a disk that hung may not have heard of a hand-over.
//!
//! Edits and deletions wait in the same line. Doing one twice changes nothing, so an uncertain one is done again.

pub(in crate::app) mod actions;
pub(in crate::app) mod answers;
pub(in crate::app) mod deleted_rooms;
pub(in crate::app) mod display;
pub(in crate::app) mod ownership;
pub(in crate::app) mod queue;
pub(in crate::app) mod reconcile;
pub(in crate::app) mod restore;
pub(in crate::app) mod transitions;
