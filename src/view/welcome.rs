//! What stands where messages will be, while there is no room to show: never a blank screen.

use crate::app::{ConnectionState, State};
use crate::config::Role;
use crate::text::wrap;

use super::canvas::Canvas;
use super::glyphs::Glyphs;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = state.areas.messages;
    let lines = lines(state, glyphs);
    let cells = usize::from(area.width.saturating_sub(4)).max(1);
    let rows: Vec<(String, Role)> = lines
        .into_iter()
        .flat_map(|(text, role)| {
            let rows = wrap(&text, cells);
            rows.into_iter()
                .map(move |row| (text[row.start as usize..row.end as usize].to_owned(), role))
                .collect::<Vec<_>>()
        })
        .collect();
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let top = area.y + area.height.saturating_sub(height) / 3;
    for ((text, role), y) in rows.iter().zip(top..area.y + area.height) {
        let style = canvas.style(*role);
        canvas.put_centred(area, y, text, style);
    }
}

fn lines(state: &State, glyphs: Glyphs) -> Vec<(String, Role)> {
    let (url, dots) = (&state.options.url, glyphs.dots());
    match &state.account.connection {
        ConnectionState::Connecting { reason: Some(reason) } | ConnectionState::Offline { reason, .. } => {
            vec![(reason.to_string(), Role::Error), (String::new(), Role::Text), (retry(state, dots), Role::Dim)]
        }
        ConnectionState::Connecting { reason: None } => vec![(format!("Connecting to {url}{dots}"), Role::Dim)],
        ConnectionState::Refused { reason } => vec![(reason.to_string(), Role::Error)],
        ConnectionState::Online if state.rooms_page.is_some() && !state.rooms_listed => {
            vec![(format!("Loading your chats{dots}"), Role::Dim)]
        }
        ConnectionState::Online if state.rooms_failed => {
            let key = state.options.keymap.shown(crate::input::Action::Reconnect);
            vec![(format!("The room list could not be fetched; {key} tries again."), Role::Error)]
        }
        ConnectionState::Online => vec![
            ("You have no chats yet.".to_owned(), Role::Text),
            ("Type /dm USER below to write to somebody.".to_owned(), Role::Dim),
        ],
    }
}

fn retry(state: &State, dots: &str) -> String {
    match &state.account.connection {
        ConnectionState::Offline { retry_at, .. } => {
            let seconds = ((*retry_at - state.now).max(0) + 999) / 1000;
            let key = state.options.keymap.shown(crate::input::Action::Reconnect);
            format!("Trying again in {seconds} s; {key} tries now.")
        }
        _ => format!("Trying again{dots}"),
    }
}
