//! The welcome screen, shown in place of messages while no room is open: what the program is doing, or what to do next.

use crate::app::{ConnectionState, Scene, nobody_known};
use crate::config::Role;
use crate::input::Action;
use crate::text::wrap;

use super::canvas::Canvas;
use super::connection;
use super::glyphs::Glyphs;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.messages;
    let lines = lines(scene, glyphs);
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

fn lines(scene: Scene<'_>, glyphs: Glyphs) -> Vec<(String, Role)> {
    let (url, dots) = (&scene.account.profile.url, glyphs.dots());
    match &scene.account.connection {
        ConnectionState::Connecting { reason: Some(reason) } | ConnectionState::Offline { reason, .. } => {
            vec![(reason.to_string(), Role::Error), (String::new(), Role::Text), (retry(scene, dots), Role::Dim)]
        }
        ConnectionState::Connecting { reason: None } => vec![(format!("Connecting to {url}{dots}"), Role::Dim)],
        ConnectionState::Refused { reason } => {
            let hint = format!("{} to reconnect.", scene.options.press(Action::Reconnect));
            vec![(reason.to_string(), Role::Error), (String::new(), Role::Text), (hint, Role::Dim)]
        }
        ConnectionState::Online if scene.account.room_sync.is_first_load() => {
            vec![(format!("Loading rooms{dots}"), Role::Dim)]
        }
        ConnectionState::Online if scene.account.room_sync.has_failed() => {
            let press = scene.options.press(Action::Reconnect);
            vec![(format!("The room list could not be loaded. {press} to retry."), Role::Error)]
        }
        ConnectionState::Online if scene.account.rooms.known_len() > 0 => {
            let advice = format!("{} to choose one.", scene.options.press(Action::Switcher));
            vec![("No room is open".to_owned(), Role::Text), (advice, Role::Dim)]
        }
        ConnectionState::Online => {
            let mut advice = nobody_known(scene);
            if advice.is_empty() {
                advice.push("Type /dm USER to message someone.".to_owned());
            }
            let advice = advice.into_iter().map(|sentence| (sentence, Role::Dim));
            std::iter::once(("No rooms yet".to_owned(), Role::Text)).chain(advice).collect()
        }
    }
}

fn retry(scene: Scene<'_>, dots: &str) -> String {
    match connection::seconds_to_retry(scene) {
        Some(seconds) => {
            let press = scene.options.press(Action::Reconnect);
            format!("Reconnecting in {seconds} s. {press} to reconnect now.")
        }
        None => format!("Reconnecting{dots}"),
    }
}
