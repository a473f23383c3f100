//! A screen, or a whole session, as an asciicast of version 2, which `asciinema play` shows.
//!
//! The format is described at <https://docs.asciinema.org/manual/asciicast/v2/>.

use serde_json::json;

/// Returns the first line: the size of the terminal in cells, and the start in seconds since 1970.
pub fn asciicast_header((width, height): (u16, u16), started_at: i64) -> String {
    format!("{}\n", json!({ "version": 2, "width": width, "height": height, "timestamp": started_at }))
}

/// Returns a line with what is written to the terminal, in milliseconds after the start.
pub fn asciicast_output(millis: i64, bytes: &[u8]) -> String {
    line(millis, "o", &String::from_utf8_lossy(bytes))
}

/// Returns a line that changes the size of the terminal.
pub fn asciicast_resize(millis: i64, (width, height): (u16, u16)) -> String {
    line(millis, "r", &format!("{width}x{height}"))
}

/// A time before the start, which a clock that was set back can give, becomes the start.
fn line(millis: i64, kind: &str, data: &str) -> String {
    let millis = millis.max(0);
    format!("[{}.{:03}, {}, {}]\n", millis / 1_000, millis % 1_000, json!(kind), json!(data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_format() {
        assert!(asciicast_header((80, 24), 7).starts_with('{'));
        assert_eq!(asciicast_output(1_250, b"\x1b[1mA"), "[1.250, \"o\", \"\\u001b[1mA\"]\n");
        assert_eq!(asciicast_output(-1, b"A"), "[0.000, \"o\", \"A\"]\n");
        assert_eq!(asciicast_resize(10, (90, 30)), "[0.010, \"r\", \"90x30\"]\n");
    }
}
