//! Features and timing of MinChat.

use crate::domain::{Capabilities, Feature, MINUTE, Paging, PresenceSource, Receipts, SECOND};

/// Messages or rooms per page (`docs/protocol/minchat.md` §2.2, §2.3).
pub(super) const PAGE_SIZE: u32 = 25;

/// The capabilities of MinChat. The timing of typing and presence is that of the official SDK
/// (`docs/protocol/minchat.md` §4).
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    name: "MinChat",
    features: &[
        Feature::Edit,
        Feature::Delete,
        Feature::Files,
        Feature::Members,
        Feature::LeaveGroups,
        Feature::DeleteRoomForAll,
        Feature::Profile,
    ],
    events_omit_room: true,
    identifies_by_username: false,
    pages_omit_deleted: true,
    // The web UI shows texts as HTML, in later versions as Markdown (`docs/protocol/minchat.md` §6).
    sends_html: true,
    paging: Paging { size: PAGE_SIZE, by_number: true },
    receipts: Receipts::PerMessage,
    presence: PresenceSource::Heartbeat(5 * MINUTE),
    live_rooms: None,
    typing_timeout: 6 * SECOND,
    typing_idle: 2 * SECOND,
};
