//! The title of the terminal window.

use crate::app::model::account::Account;
use crate::app::model::call::Call;
use crate::app::model::room_list::Attention;
use crate::app::model::state::State;

/// Maximum width of the title, in cells. Task bars show less.
const MAX_CELLS: usize = 80;

/// Returns the title of the window: how many rooms are unread and how many messages mention the user, in all accounts,
/// then the open room. A call that rings comes before everything.
pub(in crate::app) fn window_title(state: &State) -> String {
    const PROGRAM: &str = "minchat-tui";
    let scene = state.scene();
    let line = |text: &str| state.options.terminal_line(text, MAX_CELLS);
    let is_ringing = |account: &&Account| account.call.as_ref().is_some_and(Call::is_ringing);
    let ringing = scene.all_accounts().find(is_ringing).and_then(|account| Some((account, account.call.as_ref()?)));
    let is_alone = scene.others.all().next().is_none();
    let profile = |name: &str| if is_alone { String::new() } else { format!("{name} · ") };
    if let Some((account, Call { peer_name, .. })) = ringing {
        return line(&format!("Call from {peer_name} · {}{PROGRAM}", profile(&account.profile.name)));
    }
    let attention = state.accounts.iter().map(|account| account.rooms.attention());
    let all = attention.fold(Attention::default(), Attention::and);
    let counts = match (all.rooms, all.mentions) {
        (0, _) => String::new(),
        (rooms, 0) => format!("({rooms}) "),
        (rooms, mentions) => format!("({rooms}, {mentions} @) "),
    };
    let room = scene.open_room().map(|room| format!("{} · ", scene.account.room_label(room)));
    line(&format!("{counts}{}{}{PROGRAM}", room.unwrap_or_default(), profile(&scene.account.profile.name)))
}
