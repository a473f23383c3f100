//! Features and timing of V Chat.

use crate::domain::{Capabilities, Feature, HOUR, Paging, PresenceSource, Receipts, SECOND};

/// Messages or people per page (`docs/protocol/vchat.md` §2.3.2).
pub(super) const PAGE_SIZE: u32 = 30;

/// Number of rooms to which servers subscribe a socket (`docs/protocol/vchat.md` §3.2).
pub(super) const LIVE_ROOMS: usize = 700;

/// The capabilities of V Chat.
///
/// Messages cannot be edited (`docs/protocol/vchat.md` §2.3), and deleting a chat removes it for oneself only
/// (`docs/protocol/vchat.md` §2.2.2). Presence is polled every ten seconds (`docs/protocol/vchat.md` §3.4).
///
/// Clients announce typing once, never repeat it, and announce its end when the text becomes empty
/// (`docs/protocol/vchat.md` §4.1). Hence the two long durations: an announcement is valid for a minute, and a pause
/// while typing does not end it.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    name: "V Chat",
    features: &[
        Feature::Delete,
        Feature::DeleteForMe,
        Feature::Reply,
        Feature::Forward,
        Feature::Star,
        Feature::Files,
        Feature::SeenBy,
        Feature::Members,
        Feature::Roles,
        Feature::LeaveGroups,
        Feature::ChangeGroups,
        Feature::Broadcasts,
        Feature::Mute,
        Feature::Archive,
        Feature::FindRooms,
        Feature::FindPeople,
        Feature::Block,
        Feature::Profile,
        Feature::Calls,
        Feature::Descriptions,
        Feature::Nicknames,
        Feature::Shared,
        Feature::LogOut,
    ],
    events_omit_room: false,
    identifies_by_username: true,
    pages_omit_deleted: false,
    sends_html: false,
    paging: Paging { size: PAGE_SIZE, by_number: false },
    receipts: Receipts::PerRoom,
    presence: PresenceSource::Polling(10 * SECOND),
    live_rooms: Some(LIVE_ROOMS),
    typing_timeout: 60 * SECOND,
    typing_idle: HOUR,
};
