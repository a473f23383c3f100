//! Secrets on a screen, replaced by asterisks.

use ratatui::buffer::{Buffer, CellWidth};

use crate::text::Secrets;

use super::cells::graphemes_of_row;

/// Replaces secrets and their pieces: a long secret is wrapped over several rows. Returns whether there were any.
pub fn hide_secrets(buffer: &mut Buffer, secrets: &Secrets) -> bool {
    let mut has_any = false;
    for y in buffer.area.top()..buffer.area.bottom() {
        let cells = graphemes_of_row(buffer, y);
        let row: String = cells.iter().map(|(_, grapheme)| grapheme.as_str()).collect();
        let spans = secrets.spans(&row);
        let mut at = 0;
        for (x, grapheme) in cells {
            let end = at + grapheme.len();
            if spans.iter().any(|span| span.start < end && at < span.end) {
                has_any = true;
                // A wide cell becomes two.
                for x in x..x.saturating_add(buffer[(x, y)].cell_width().max(1)).min(buffer.area.right()) {
                    buffer[(x, y)].set_char('*');
                }
            }
            at = end;
        }
    }
    has_any
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    fn hidden(lines: [&str; 4]) -> Vec<String> {
        let mut buffer = Buffer::with_lines(lines);
        let secrets: Secrets = ["C9MWQPV4CX0000SECRETKEY01", "鍵の秘密です"].into_iter().collect();
        assert!(hide_secrets(&mut buffer, &secrets));
        rows(&buffer)
    }

    #[test]
    fn secret_is_hidden_although_it_is_wrapped() {
        let shown =
            ["Room │ it is C9MWQPV4C", "Mara │ X0000SECRETKEY01.", "Bob  │ 鍵の秘密です!", "     │ Bearer eyJ.x and"];
        let rows = hidden(shown);
        assert_eq!(
            rows,
            ["Room │ it is *********", "Mara │ ****************.", "Bob  │ ************!", "     │ Bearer ***** and"]
        );
    }
}
