//! A recording as an asciicast: what a terminal would get for each frame.

use std::io::{self, Write};

use ratatui::buffer::Buffer;

use crate::dump::{asciicast_header, asciicast_output, asciicast_resize};
use crate::recording::{Player, Recording};
use crate::runtime::screen::Screen;

use super::playback::{compared, painted};

/// Writes the asciicast of a recording and returns the screen that is compared with the last one of the recording.
///
/// # Errors
/// The output cannot be written.
pub(super) fn write(recording: Recording, out: &mut impl Write) -> io::Result<Buffer> {
    let started_at = recording.header.start.at.0 / 1_000;
    let mut player = Player::new(recording);
    let mut last = painted(&player.state);
    let size_of = |screen: &Buffer| (screen.area.width, screen.area.height);
    let mut size = size_of(&last.0);
    out.write_all(asciicast_header(size, started_at).as_bytes())?;
    let mut terminal = Screen::new(Vec::new());
    let (mut is_new, mut at) = (false, 0);
    while player.step(|state| (last, is_new) = (painted(state), true)) {
        if !std::mem::take(&mut is_new) {
            continue;
        }
        // The clock may have been set back, but a player expects increasing times.
        at = player.time().0.max(at);
        let (screen, cursor) = &last;
        if size != size_of(screen) {
            size = size_of(screen);
            out.write_all(asciicast_resize(at, size).as_bytes())?;
        }
        let changed = terminal.draw_page(screen.area, |_, buffer| {
            buffer.clone_from(screen);
            *cursor
        })?;
        if changed {
            let bytes = std::mem::take(terminal.out());
            out.write_all(asciicast_output(at, &bytes).as_bytes())?;
        }
    }
    Ok(compared(&mut player, &last.0))
}
