//! Page that shows what the terminal sends for a key, and what the key does.

use std::collections::VecDeque;
use std::convert::Infallible;

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings};
use crate::app::overlays::frame;
use crate::app::regions::Size;
use crate::input::{Action, Key, Mouse};

/// Maximum width of the box, in columns.
const WIDTH: u16 = 76;

/// Number of keys that are shown.
const MAX_KEYS: usize = 8;

/// Maximum number of bytes that are kept for one key. A paste may have many.
const MAX_BYTES: usize = 64;

/// The open page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyTest {
    /// The last keys, the newest at the end, each with its bytes.
    pub keys: VecDeque<(Vec<u8>, Key)>,
    /// Bytes since the last key. Those of a key that the program does not know stay here.
    pub bytes: Vec<u8>,
}

impl KeyTest {
    /// Returns the size of the box.
    pub(in crate::app) fn size() -> Size {
        Size { width: WIDTH, height: frame::height_around(MAX_KEYS * 2 + 2) }
    }

    /// Takes over bytes from the terminal.
    pub(in crate::app) fn on_bytes(&mut self, bytes: &[u8]) {
        let space = MAX_BYTES.saturating_sub(self.bytes.len());
        self.bytes.extend(bytes.iter().take(space));
    }

    /// Takes over a key. Returns whether it is one that closes the page and was pressed twice.
    pub(in crate::app) fn on_key(&mut self, key: Key, closes: bool) -> bool {
        let closes = closes && self.keys.back().is_some_and(|(_, last)| *last == key);
        self.keys.push_back((std::mem::take(&mut self.bytes), key));
        if self.keys.len() > MAX_KEYS {
            self.keys.pop_front();
        }
        closes
    }
}

/// Returns bytes as they are written in terminal descriptions: `\e` is ESC.
pub fn shown_bytes(bytes: &[u8]) -> String {
    let show = |byte: &u8| match byte {
        0x1b => "\\e".to_owned(),
        b'\\' => "\\\\".to_owned(),
        byte if byte.is_ascii_graphic() => char::from(*byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    };
    bytes.iter().map(show).collect()
}

/// Every key is shown instead of acting, except the one that closes when it is pressed twice.
impl Component for KeyTest {
    type Choice = Infallible;

    const HEADING: &'static str = "In the test of keys";

    const KEYS: &'static [KeyRow<Self>] = &[KeyRow {
        action: Action::Cancel,
        help: "Close (press twice)",
        hint: |_| Some(Hint::of("press twice to close")),
        run: |_, _| Response::Stay,
    }];

    fn on_other_key(&mut self, _: Key) -> Response<Infallible> {
        Response::Stay
    }

    fn on_mouse(&mut self, _: Mouse, _: Surroundings<'_>) -> Response<Infallible> {
        Response::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_text() {
        assert_eq!(shown_bytes(b"\x1b[1;5A"), "\\e[1;5A");
        assert_eq!(shown_bytes("\u{3}\\é".as_bytes()), "\\x03\\\\\\xc3\\xa9");
    }

    #[test]
    fn only_the_same_key_twice_in_a_row_closes() {
        let mut test = KeyTest::default();
        let keys = ["esc", "a", "f10", "esc", "esc"].map(|key| key.parse::<Key>().expect("a key"));
        let pressed = keys.map(|key| test.on_key(key, key != "a".parse().expect("a key")));
        assert_eq!(pressed, [false, false, false, false, true]);
    }
}
