//! Serials of page requests, for tests to which they do not matter.

use minchat_tui::app::State;
use minchat_tui::domain::{AccountId, PageRequest, PageSerial, Request, RoomId, ServerEvent, Timestamp};

/// Stands for whichever serial fits.
pub const ANY_SERIAL: PageSerial = PageSerial(0);

/// The serial of pages that a test sends although they were not requested.
pub const UNASKED: PageSerial = PageSerial(u64::MAX);

/// Returns the request with [`ANY_SERIAL`], so that a test can compare it.
pub fn without_serial(mut request: Request) -> Request {
    if let Request::History { serial, .. } = &mut request {
        *serial = ANY_SERIAL;
    }
    request
}

/// Replaces [`ANY_SERIAL`] in a reply by the serial that `find` returns for the room and the page.
pub fn with_serial(mut event: ServerEvent, find: impl FnOnce(&RoomId, u32) -> Option<PageSerial>) -> ServerEvent {
    match &mut event {
        ServerEvent::History { room, serial, page, .. }
        | ServerEvent::Failed { request: Request::History { room, serial, page, .. }, .. }
            if *serial == ANY_SERIAL =>
        {
            *serial = find(room, *page).unwrap_or(ANY_SERIAL);
        }
        _ => {}
    }
    event
}

/// Replaces [`ANY_SERIAL`] in a reply to `account` by the serial of its oldest unanswered request for the page. If
/// there is none, the room gets the page as if it had requested it.
pub fn answering(state: &mut State, account: AccountId, event: ServerEvent) -> ServerEvent {
    with_serial(event, |room, page| {
        let account = state.accounts.iter_mut().find(|known| known.id == account)?;
        let room = account.rooms.get_mut(room)?;
        let unanswered = room.history.unanswered(page).next();
        unanswered.or_else(|| {
            // The request is made so late that the page must contain every message.
            room.history.on_request(UNASKED, &PageRequest::older(page, None), &room.timeline, Timestamp(i64::MAX));
            Some(UNASKED)
        })
    })
}
