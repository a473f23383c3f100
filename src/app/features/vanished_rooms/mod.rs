//! Rooms that vanish: deleted here, by somebody else or while the client was offline, or left.
//!
//! | what happens | who decides |
//! | --- | --- |
//! | the server reports or confirms a deletion, or refuses the user's | `deletion` |
//! | a request fails because its room is not found | `membership_check`: we may only have been removed |
//! | a room is missing from the room list | `unlisted_rooms` requests it |
//! | the room was deleted | `missing_rooms`: it stays while it has unsent messages |
//! | nothing of it is left | `removal` takes it from the list and tells what is lost |

mod deletion;
mod membership_check;
mod missing_rooms;
mod removal;
mod unlisted_rooms;

pub(in crate::app) use deletion::{begin_deletion_checks, on_deletion_confirmed, on_deletion_failed, on_list_page};
pub(in crate::app) use membership_check::{
    explain_failure, finish_verification, postpone_failure, shows_deletion, verify_membership,
};
pub(in crate::app) use missing_rooms::{
    on_account_lost, on_request_refused, on_room_found, on_room_missing, remove_if_empty, restore_deleted,
};
pub(in crate::app) use removal::{draft_suffix, remove_room};
pub(in crate::app) use unlisted_rooms::request_missing_rooms;
