//! [`Dice`]: bytes as a source of choices. Without bytes left, every choice is zero, so that each input has an end.

use serde_json::{Map, Number, Value};

/// Texts that have caused failures somewhere.
const DIFFICULT: [&str; 22] = [
    "",
    "\0",
    "\u{1b}[2J\u{1b}]52;c;aGk=\u{7}",
    "\u{202e}evil\u{2066}",
    "👨‍👩‍👧‍👦",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "日本語",
    "ﷺ",
    "a\r\nb\u{2028}c\u{85}d",
    "\t\u{9b}31m",
    "⟨U+202E⟩⟨U+",
    "2026-11-21T18:03:27.979Z",
    "-999999-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "18446744073709551616",
    "-9223372036854775808",
    "../../etc/passwd",
    "%2e%2e%2f%00",
    "[@a:b] [@ [@:] @]",
    "{\"a\":[{\"b\":null}]}",
    "undefined",
    "true",
];

/// A source of choices.
pub struct Dice<'a> {
    bytes: &'a [u8],
}

impl<'a> Dice<'a> {
    /// A source that reads these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether no bytes are left.
    pub fn is_exhausted(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        usize::from(self.byte()) % sides.max(1)
    }

    /// True or false.
    pub fn chance(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number, often an extreme one.
    pub fn number(&mut self) -> i64 {
        match self.below(8) {
            0 => i64::MIN,
            1 => i64::MAX,
            2 => 1_795_284_000_000 + i64::from(self.byte()) * 10_000,
            3 => i64::from(u32::MAX) + i64::from(self.byte()),
            4 => -i64::from(self.byte()),
            _ => i64::from(self.byte()),
        }
    }

    /// One of these values.
    pub fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A few bytes unchanged.
    pub fn run(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.bytes.len());
        let (run, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        run
    }

    /// A text, usually one of `words`.
    pub fn text(&mut self, words: &[&str]) -> String {
        match self.below(8) {
            0 => self.one_of(&DIFFICULT).to_owned(),
            1 => String::from_utf8_lossy(self.run()).into_owned(),
            2 => {
                let times = 1 << self.below(16);
                self.one_of(&DIFFICULT).repeat(times / 8 + 1)
            }
            3 => format!("{}{}", self.one_of(words), self.one_of(&DIFFICULT)),
            _ => self.one_of(words).to_owned(),
        }
    }

    /// A JSON value, usually with keys from `keys` and texts from `words`.
    pub fn json(&mut self, keys: &[&str], words: &[&str], depth: usize) -> Value {
        let sides = if depth == 0 { 7 } else { 14 };
        match self.below(sides) {
            0 => Value::Null,
            1 => Value::Bool(self.chance()),
            2 => Value::from(self.number()),
            3 => Number::from_f64(f64::from_bits(u64::from(self.byte()) << 56 | 0x000f_ffff))
                .map_or(Value::Null, Value::Number),
            4..=6 => Value::String(self.text(words)),
            7 | 8 => (0..self.below(5)).map(|_| self.json(keys, words, depth - 1)).collect(),
            9 => Value::String(self.json(keys, words, depth - 1).to_string()),
            _ => Value::Object(self.object(keys, words, depth)),
        }
    }

    /// A JSON object; see [`Dice::json`].
    pub fn object(&mut self, keys: &[&str], words: &[&str], depth: usize) -> Map<String, Value> {
        let length = self.below(12);
        (0..length).map(|_| (self.one_of(keys).to_owned(), self.json(keys, words, depth.saturating_sub(1)))).collect()
    }
}
