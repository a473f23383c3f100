//! Line wrapping: breaks text into rows of a given width.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::width::width_of_grapheme;

/// Byte range of one row in the text, without the space or line break at which the row ends.
pub type Row = Range<u32>;

/// Breaks `text` into rows of at most `cells` cells: at line breaks, else at the last space that fits, else inside the
/// word. Graphemes stay whole; a grapheme wider than `cells` gets a row of its own.
///
/// The rows cover the text except for the spaces and line breaks at which it was broken. An empty text has one row.
pub fn wrap(text: &str, cells: usize) -> Vec<Row> {
    let cells = cells.max(1);
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        if line.is_ascii() && line.len() <= cells && !line.contains('\t') {
            rows.push(row(start, start + line.len()));
        } else {
            wrap_line(line, start, cells, &mut rows);
        }
        start += line.len() + 1;
    }
    rows
}

fn wrap_line(line: &str, offset: usize, cells: usize, rows: &mut Vec<Row>) {
    let mut row_start = 0;
    let mut used = 0;
    let mut last_space: Option<usize> = None;
    let mut used_after_space = 0;
    for (at, grapheme) in line.grapheme_indices(true) {
        let cells_needed = width_of_grapheme(grapheme);
        if used + cells_needed > cells && at > row_start {
            if grapheme == " " {
                rows.push(row(offset + row_start, offset + at));
                row_start = at + 1;
                used = 0;
                last_space = None;
                continue;
            }
            match last_space {
                Some(space) => {
                    rows.push(row(offset + row_start, offset + space));
                    row_start = space + 1;
                    used -= used_after_space;
                }
                None => {
                    rows.push(row(offset + row_start, offset + at));
                    row_start = at;
                    used = 0;
                }
            }
            last_space = None;
            if used + cells_needed > cells && at > row_start {
                rows.push(row(offset + row_start, offset + at));
                row_start = at;
                used = 0;
            }
        }
        used += cells_needed;
        if grapheme == " " && at > row_start {
            last_space = Some(at);
            used_after_space = used;
        }
    }
    rows.push(row(offset + row_start, offset + line.len()));
}

fn row(start: usize, end: usize) -> Row {
    let saturate = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    saturate(start)..saturate(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, cells: usize) -> Vec<&str> {
        wrap(text, cells).into_iter().map(|row| &text[row.start as usize..row.end as usize]).collect()
    }

    #[test]
    fn text_breaks_at_spaces_and_newlines() {
        assert_eq!(rows("the quick brown fox", 10), ["the quick", "brown fox"]);
        assert_eq!(rows("one\n\ntwo", 10), ["one", "", "two"]);
        assert_eq!(rows("", 10), [""]);
    }

    #[test]
    fn word_longer_than_row_is_broken_inside() {
        assert_eq!(rows("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(rows("ab cdefghij", 4), ["ab", "cdef", "ghij"]);
    }

    #[test]
    fn space_that_does_not_fit_ends_the_row() {
        assert_eq!(rows("abcd efgh", 4), ["abcd", "efgh"]);
    }

    #[test]
    fn wide_graphemes_are_never_split() {
        assert_eq!(rows("日本語", 3), ["日", "本", "語"]);
        assert_eq!(rows("👨‍👩‍👧a", 1), ["👨‍👩‍👧", "a"]);
    }
}
