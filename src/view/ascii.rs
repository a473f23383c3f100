//! ASCII characters in place of others, for terminals and fonts without them.

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
pub(super) fn replacement(symbol: &str) -> char {
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
    fn similar_characters_are_preferred() {
        assert_eq!(["é", "e\u{301}", "Ł", "’", "—", "日", "🏃"].map(replacement), ['e', 'e', 'L', '\'', '-', '?', '?']);
    }
}
