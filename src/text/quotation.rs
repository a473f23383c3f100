//! Quotations at the start of a text, as people write them to reply where a service has no replies.

/// Returns a text without the quotation at its start, or the whole text if nothing follows it.
pub fn own_words(text: &str) -> &str {
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n').map_or((rest, None), |(line, after)| (line, Some(after)));
        let line = line.trim();
        if !line.is_empty() && line != ">" && !line.starts_with("> ") {
            return rest;
        }
        let Some(after) = after else { return text };
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::own_words;

    #[test]
    fn words_below_a_quotation_are_ones_own() {
        for (text, own) in [
            ("> Ana: Tea?\nYes", "Yes"),
            ("> Ana: Tea?\n> With milk?\n\nYes\n> and no", "Yes\n> and no"),
            ("> a\n>\n> b\nc", "c"),
            ("Yes", "Yes"),
            ("Yes\n> Ana: Tea?", "Yes\n> Ana: Tea?"),
            ("> only a quotation", "> only a quotation"),
            ("> a\n\n", "> a\n\n"),
            (">_< and\nmore", ">_< and\nmore"),
            (">>> print(1)\n1", ">>> print(1)\n1"),
            ("", ""),
        ] {
            assert_eq!(own_words(text), own, "{text}");
        }
    }
}
