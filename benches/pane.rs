//! The client's own code, beside something simpler done to the same data in the same run.

#[path = "support/mod.rs"]
mod support;

use minchat_tui::text::wrap;
use support::ratio::compare;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

fn main() {
    // Under `cargo test --all-targets` nothing is measured: a test never depends on the time something takes.
    if std::env::args().any(|argument| argument == "--bench") {
        wrapping();
    }
}

/// Wrapping against the least that must be done: finding every grapheme and its width.
fn wrapping() {
    const SIZE: usize = 100_000;
    const COLUMNS: usize = 80;
    const LIMIT: f64 = 1.5;
    for (name, sample) in [
        ("wrap 100 kB of English", "the quick brown fox jumps over the lazy dog "),
        ("wrap 100 kB of Japanese", "色は匂へど散りぬるを我が世誰ぞ常ならむ "),
        ("wrap 100 kB of emoji", "👩‍💻 👍🏽 ❤️ fine "),
    ] {
        let text: String = sample.chars().cycle().take(SIZE / sample.len() * sample.chars().count()).collect();
        let scan = || text.graphemes(true).map(UnicodeWidthStr::width).sum::<usize>();
        compare(name, ("scan", LIMIT), || wrap(&text, COLUMNS), scan);
    }
}
