//! A quick test that rules out most places of a text at which a secret or a marker could start.

use super::form::Form;

/// A set of pairs of adjacent bytes, one row for each first byte and one bit for each second byte.
///
/// Redacting every packet of a burst without it would take ten times as long as decoding it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Starts {
    /// `None` if the set is empty.
    rows: Option<Box<Rows>>,
    /// Whether a byte is the first of any pair.
    firsts: [bool; 256],
}

type Rows = [[u64; 4]; 256];

impl Starts {
    /// Creates an empty set.
    pub(super) const fn empty() -> Self {
        Self { rows: None, firsts: [false; 256] }
    }

    /// Adds the pairs with which a text may start.
    pub(super) fn insert_text(&mut self, text: &str) {
        match *text.as_bytes() {
            [first, second, ..] => self.insert(first, second),
            [first] => self.insert_all(first),
            [] => {}
        }
    }

    /// Adds the pairs with which an occurrence of a form may start, in any encoding.
    pub(super) fn insert_form(&mut self, form: &Form) {
        for first in form.first_bytes() {
            match form.second_bytes() {
                // Escapes and ignored characters may follow. What starts with an escape may have any length.
                Some(seconds) if first.is_ascii() && !ESCAPE_BYTES.contains(&first) => {
                    seconds.into_iter().for_each(|second| self.insert(first, second));
                    self.row(first).iter_mut().zip(INSIDE).for_each(|(row, inside)| *row |= inside);
                }
                _ => self.insert_all(first),
            }
            if first.is_ascii_alphanumeric() {
                // Percent-encoded, once or several times.
                let digit = char::from_digit(u32::from(first >> 4), 16).unwrap_or_default();
                self.insert(b'%', digit as u8);
                self.insert(b'%', b'2');
                // `\u0041`, `\x41`, or either after several backslashes.
                b"\\ux".iter().for_each(|second| self.insert(b'\\', *second));
                self.insert_all(b'&');
            } else {
                ESCAPE_BYTES.into_iter().for_each(|escape| self.insert_all(escape));
            }
        }
    }

    /// Returns the first place at which something may start.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let (rows, bytes) = (self.rows.as_deref()?, text.as_bytes());
        let mut start = 0;
        // Most bytes are no first ones, which is found out faster than that a pair is none.
        while let Some(skipped) = bytes[start..].iter().position(|byte| self.firsts[usize::from(*byte)]) {
            let at = start + skipped;
            match bytes.get(at + 1) {
                Some(second) if !contains(&rows[usize::from(bytes[at])], *second) => start = at + 1,
                // No second byte rules out the last place.
                Some(_) | None => return Some(at),
            }
        }
        None
    }

    /// Returns a set that rules nothing out but the middle of a character.
    #[cfg(test)]
    pub(super) fn everything() -> Self {
        let mut all = Self::empty();
        (0..=u8::MAX).filter(|byte| !(0x80..0xc0).contains(byte)).for_each(|byte| all.insert_all(byte));
        all
    }

    fn insert(&mut self, first: u8, second: u8) {
        self.row(first)[usize::from(second >> 6)] |= 1 << (second & 63);
    }

    fn insert_all(&mut self, first: u8) {
        *self.row(first) = [u64::MAX; 4];
    }

    fn row(&mut self, first: u8) -> &mut [u64; 4] {
        self.firsts[usize::from(first)] = true;
        let rows = self.rows.get_or_insert_with(|| Box::new([[0; 4]; 256]));
        &mut rows[usize::from(first)]
    }
}

/// Whether a row contains a second byte.
fn contains(row: &[u64; 4], second: u8) -> bool {
    row[usize::from(second >> 6)] >> (second & 63) & 1 == 1
}

/// The bytes with which an encoded character may start.
const ESCAPE_BYTES: [u8; 4] = super::form::ESCAPES;

/// The bytes that may follow the first character of a secret although they are not the second one: escapes, white space,
/// and control and invisible characters.
const INSIDE: [u64; 4] = {
    // All up to the space, DEL, and all that are not ASCII.
    let mut inside = [(1 << (b' ' + 1)) - 1, 1 << 63, u64::MAX, u64::MAX];
    let mut index = 0;
    while index < ESCAPE_BYTES.len() {
        let byte = ESCAPE_BYTES[index];
        inside[(byte >> 6) as usize] |= 1 << (byte & 63);
        index += 1;
    }
    inside
};
