//! ASCII characters in place of others, for terminals and fonts without them.

use super::width::graphemes;

/// Characters and what stands for them, pairwise.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("\u{a0}\u{202f}‘’‚‹›′“”„«»″", "  \'\'\'<>\'\"\"\"\"\"\""),
    ("‐‑‒–—―−─━═…·•●▪┼│┃▎←→↑↓×÷¡¿", "----------~***.+|||<>^vx/!?"),
    ("ÀÁÂÃÄÅĀĂĄÇĆĈĊČÐĎĐÈÉÊËĒĔĖĘĚĜĞĠĢĤĦÌÍÎÏĨĪĬĮİĴĶĹĻĽĿŁ", "AAAAAAAAACCCCCDDDEEEEEEEEEGGGGHHIIIIIIIIIJKLLLLL"),
    ("ÑŃŅŇÒÓÔÕÖØŌŎŐŔŖŘŚŜŞŠŢŤŦÙÚÛÜŨŪŬŮŰŲŴÝŶŸŹŻŽȘȚ", "NNNNOOOOOOOOORRRSSSSTTTUUUUUUUUUUWYYYZZZST"),
    ("àáâãäåāăąçćĉċčðďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀł", "aaaaaaaaacccccdddeeeeeeeeegggghhiiiiiiiiijklllll"),
    ("ñńņňòóôõöøōŏőŕŗřśŝşšßţťŧùúûüũūŭůűųŵýÿŷźżžșț", "nnnnooooooooorrrssssstttuuuuuuuuuuwyyyzzzst"),
];

/// Returns the character for one cell of `symbol`: the letter without its marks, a similar sign, or `?`.
pub fn ascii_replacement(symbol: &str) -> char {
    let Some(first) = symbol.chars().next() else { return ' ' };
    if first.is_ascii_graphic() || first == ' ' {
        // With a combining mark.
        return first;
    }
    let found = REPLACEMENTS.iter().find_map(|(characters, replacements)| {
        let index = characters.chars().position(|c| c == first)?;
        replacements.chars().nth(index)
    });
    found.unwrap_or('?')
}

/// Returns a line of words with ASCII characters only.
pub fn to_ascii(line: &str) -> String {
    let mut ascii = String::with_capacity(line.len());
    for (grapheme, _) in graphemes(line) {
        match grapheme {
            // Where characters need not keep their width, dots and dashes read better than similar signs.
            "…" => ascii.push_str("..."),
            "·" => ascii.push('-'),
            other => ascii.push(ascii_replacement(other)),
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_are_pairs() {
        for (characters, replacements) in REPLACEMENTS {
            assert_eq!(characters.chars().count(), replacements.chars().count(), "{characters}");
            assert!(replacements.is_ascii());
        }
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(to_ascii("Café e\u{301} · 日…"), "Cafe e - ?...");
    }

    #[test]
    fn similar_characters_are_preferred() {
        assert_eq!(
            ["é", "e\u{301}", "Ł", "’", "—", "日", "🏃"].map(ascii_replacement),
            ['e', 'e', 'L', '\'', '-', '?', '?']
        );
    }
}
