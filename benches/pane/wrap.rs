//! Wrapping a long text, compared with the minimum work: finding every grapheme and its width.

use minchat_tui::text::wrap;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use test_support::measure::ratio::compare;

/// Length of the text in bytes.
const SIZE: usize = 100_000;
const COLUMNS: usize = 80;
/// Maximum ratio to the baseline.
const LIMIT: f64 = 1.5;

/// Runs this section and prints its results.
pub(crate) fn measure() {
    for (name, sample) in [
        ("wrap 100 kB of English", "the quick brown fox jumps over the lazy dog "),
        ("wrap 100 kB of Japanese", "色は匂へど散りぬるを我が世誰ぞ常ならむ "),
        ("wrap 100 kB of emoji", "👩‍💻 👍🏽 ❤️ fine "),
    ] {
        let text = sample.repeat(SIZE / sample.len());
        let scan = || text.graphemes(true).map(UnicodeWidthStr::width).sum::<usize>();
        compare(name, ("scan", LIMIT), || wrap(&text, COLUMNS), scan);
    }
}
