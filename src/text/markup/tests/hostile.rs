//! Texts that repeat something, made to take as much time as possible.

use super::*;

/// The length of the texts, in bytes.
const HOSTILE_BYTES: usize = 64 << 10;

/// Formats a text in a narrow pane, in both formats. Quadratic time would be minutes, and quadratic size fails.
fn format_hostile(text: &str) {
    for text_format in [TextFormat::Markdown, TextFormat::MarkdownOrHtml] {
        let rows = format(text, text_format, &MentionWords::new(["ana"]), "", 20).unwrap_or_default();
        let shown: usize = rows.iter().map(|row| row.text().len()).sum();
        assert!(shown <= 100 * HOSTILE_BYTES, "{shown} bytes of {}…", &text[..text.floor_char_boundary(20)]);
        links(text, text_format);
    }
}

/// Without limits some of these took minutes.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    for part in [
        "*",
        "_",
        "**a",
        "`",
        "[",
        "](",
        "[a](",
        "![",
        ">",
        "> ",
        "- ",
        "~",
        "~~",
        "<",
        "<b>",
        "</b>",
        "<a ",
        "&",
        "&amp",
        "\\",
        "|",
        "|-",
        "__a",
        "a_",
        "# ",
        "1. ",
        "\n",
        "- a\n",
        "> a\n\n",
        "```\n",
        "https://a",
        "ana",
        "<a href=\"",
        "*_",
        "<pre>",
        "<p>",
        "<ul><li>",
        "<p><b>",
        "|a|b|\n|-|-|\n",
        "ana ",
        "@ana,",
        "ana *a* ",
        "https://a\u{300c}",
        "https://a.b ",
    ] {
        format_hostile(&part.repeat(HOSTILE_BYTES / part.len()));
    }
}

/// Here, something long at the start was read or shown again for each of many short things below.
#[test]
fn long_starts_and_many_short_lines_take_linear_time() {
    let half = |part: &str| part.repeat(HOSTILE_BYTES / 2 / part.len());
    let columns = format!("|{}|\n{}|\n", vec!["x".repeat(5_000); 6].join("|"), "|-".repeat(6));
    for text in [
        half("\n") + &half("# a\n"),
        columns + &half("|a|a|a|a|a|a|\n"),
        format!("[{}](https://a.b/{})", half("*a* "), half("x")),
        format!("<a href=\"https://a.b/{}\">{}</a>", "x".repeat(1_500), half("a\n")),
    ] {
        format_hostile(&text);
    }
}
