//! The title of the terminal window.

use crate::app::model::call::Call;
use crate::app::model::state::State;
use crate::text::{SafeText, clip};

/// Maximum width of the title, in cells. Task bars show less.
const MAX_CELLS: usize = 80;

/// Returns the title of the window: how many rooms are unread and how many messages mention the user, in all accounts,
/// then the open room. A call that rings comes before everything.
pub(in crate::app) fn window_title(state: &State) -> String {
    const PROGRAM: &str = "minchat-tui";
    let ringing = state.accounts.iter().filter_map(|account| account.call.as_ref()).find(|call| call.is_ringing());
    if let Some(Call { peer_name, .. }) = ringing {
        return line(&format!("Call from {peer_name} · {PROGRAM}"));
    }
    let attention = state.accounts.iter().map(|account| account.rooms.attention());
    let (rooms, mentions) =
        attention.fold((0, 0), |(rooms, mentions), other| (rooms + other.rooms, mentions + other.mentions));
    let counts = match (rooms, mentions) {
        (0, _) => String::new(),
        (rooms, 0) => format!("({rooms}) "),
        (rooms, mentions) => format!("({rooms}, {mentions} @) "),
    };
    let scene = state.scene();
    let room = scene.open_room().map(|room| format!("{} · ", scene.account.room_label(room)));
    line(&format!("{counts}{}{PROGRAM}", room.unwrap_or_default()))
}

fn line(text: &str) -> String {
    clip(SafeText::line(text).as_str(), MAX_CELLS)
}
