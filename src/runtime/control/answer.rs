//! Answers of the control socket.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::style::{Color, Modifier, Style};
use serde_json::{Map, Value, json};

use crate::app::{ConnectionState, State, room_title};
use crate::dump::{rows, svg};

use super::command::ScreenForm;

/// Returns the screen.
pub(in crate::runtime) fn screen(screen: &Buffer, form: ScreenForm) -> Value {
    let (width, height) = (screen.area.width, screen.area.height);
    match form {
        ScreenForm::Text => json!({ "width": width, "height": height, "rows": rows(screen) }),
        ScreenForm::Cells => json!({ "width": width, "height": height, "rows": runs(screen) }),
        ScreenForm::Svg => json!({ "width": width, "height": height, "svg": svg(screen) }),
    }
}

/// Returns each row as texts of one style.
fn runs(screen: &Buffer) -> Vec<Vec<Value>> {
    let area = screen.area;
    let row = |y: u16| {
        let mut runs: Vec<(String, Style)> = Vec::new();
        let mut x = area.left();
        while x < area.right() {
            let cell = &screen[(x, y)];
            match runs.last_mut().filter(|(_, style)| *style == cell.style()) {
                Some((text, _)) => text.push_str(cell.symbol()),
                None => runs.push((cell.symbol().to_owned(), cell.style())),
            }
            x = x.saturating_add(cell.cell_width().max(1));
        }
        runs.into_iter().map(|(text, style)| run(text, style)).collect()
    };
    (area.top()..area.bottom()).map(row).collect()
}

fn run(text: String, style: Style) -> Value {
    let mut run = Map::from_iter([("text".to_owned(), Value::from(text))]);
    for (name, color) in [("fg", style.fg), ("bg", style.bg)] {
        if let Some(color) = color.filter(|color| *color != Color::Reset) {
            run.insert(name.to_owned(), color.to_string().into());
        }
    }
    let attributes = [
        ("bold", Modifier::BOLD),
        ("dim", Modifier::DIM),
        ("italic", Modifier::ITALIC),
        ("underline", Modifier::UNDERLINED),
        ("reverse", Modifier::REVERSED),
        ("strike", Modifier::CROSSED_OUT),
    ];
    for (name, modifier) in attributes {
        if style.add_modifier.contains(modifier) {
            run.insert(name.to_owned(), true.into());
        }
    }
    Value::Object(run)
}

/// Returns what is open, unread and connected.
pub(in crate::runtime) fn state(state: &State) -> Value {
    let scene = state.scene();
    let selected = scene.ui.selected().zip(scene.open_room());
    let selected =
        selected.and_then(|(slot, room)| room.timeline.get(slot).id.as_ref().map(|id| id.as_str().to_owned()));
    let profiles = state.accounts.iter().map(|account| {
        let rooms = account.rooms.iter().filter(|room| room.unread().any());
        let unread = rooms.map(|room| {
            let (id, title) = (room.info.id.as_str(), room_title(room));
            json!({ "id": id, "title": title, "count": room.unread().count, "or_more": room.unread().or_more,
                "mentions": room.unread().mentions })
        });
        let (connection, reason) = match &account.connection {
            ConnectionState::Online => ("online", None),
            ConnectionState::Connecting { .. } => ("connecting", None),
            ConnectionState::Offline { reason, .. } => ("offline", Some(reason.as_str())),
            ConnectionState::Refused { reason } => ("refused", Some(reason.as_str())),
        };
        json!({ "profile": account.profile.name, "connection": connection, "reason": reason,
            "queued": account.outbox.len(), "unread": unread.collect::<Vec<_>>() })
    });
    json!({
        "profile": scene.account.profile.name,
        "room": scene.open_room().map(|room| json!({ "id": room.info.id.as_str(), "title": room_title(room) })),
        "selected": selected,
        "overlay": scene.ui.overlay.is_some(),
        "composer": scene.ui.composer.text(),
        "profiles": profiles.collect::<Vec<_>>(),
    })
}
