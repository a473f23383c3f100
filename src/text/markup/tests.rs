//! The rows of formatted texts, written with their looks in brackets.

use super::*;
use crate::text::{MentionWords, SafeText, width};
use proptest::prelude::*;

mod hostile;

/// Writes a look with one letter for each of its properties.
fn letters(look: Look) -> String {
    let all = [
        (look.heading, 'h'),
        (look.bold && !look.heading, 'b'),
        (look.italic, 'i'),
        (look.strike, 's'),
        (look.underline, 'u'),
        (look.code, 'c'),
        (look.link, 'l'),
        (look.mention, 'm'),
        (look.faint && !look.quote_bar && !look.code_bar, 'f'),
    ];
    all.into_iter().filter(|(on, _)| *on).map(|(_, letter)| letter).collect()
}

fn shown_in(text: &str, text_format: TextFormat, cells: usize) -> Vec<String> {
    let mentions = MentionWords::new(["ana"]);
    let rows = format(text, text_format, &mentions, "", cells).expect("it needs formatting");
    for row in &rows {
        assert!(width(&row.text()) <= cells.max(4), "{row:?}");
    }
    let show = |span: &Span| match letters(span.look) {
        letters if letters.is_empty() => span.text.to_string(),
        letters => format!("{{{letters}:{}}}", span.text),
    };
    rows.iter().map(|row| row.spans.iter().map(show).collect()).collect()
}

/// Returns the texts of the rows.
fn plain_rows(text: &str, cells: usize) -> Vec<String> {
    let rows = format(text, TextFormat::Markdown, &MentionWords::default(), "", cells).expect("it needs formatting");
    rows.iter().map(StyledRow::text).collect()
}

fn markdown(text: &str) -> Vec<String> {
    shown_in(text, TextFormat::Markdown, 60)
}

fn html(text: &str) -> Vec<String> {
    shown_in(text, TextFormat::MarkdownOrHtml, 60)
}

/// A reply on MinChat is a quotation with the answer directly below.
#[test]
fn answer_below_a_quotation_is_not_part_of_it() {
    assert_eq!(markdown("> Ana: **hi**\nhello\nthere"), ["▎ {m:Ana}: {b:hi}", "hello", "there"]);
}

#[test]
fn inline_markup_becomes_looks() {
    for (text, expected) in [
        ("a **b** c", "a {b:b} c"),
        ("*a* _b_ __c d__", "{i:a} {i:b} {b:c d}"),
        ("***both***", "{bi:both}"),
        ("~~old~~ new", "{s:~~old~~} new"),
        ("run `ls -l` now", "run {c:ls -l} now"),
        ("`` a`b ``", "{c:a`b}"),
        ("**a `b` c**", "{b:a }{bc:b}{b: c}"),
        ("这是**重点**内容", "这是{b:重点}内容"),
    ] {
        assert_eq!(markdown(text), [expected], "{text}");
    }
}

/// Each of these lost characters or changed its meaning when it was read as a document.
#[test]
fn chat_texts_are_not_documents() {
    for text in [
        "2*3*4 and 2**8**x",
        "snake_case_name and __init__.py, __foo_bar__",
        r"¯\_(ツ)_/¯",
        r"C:\new\*.txt \",
        "about ~5 or ~6~7",
        "#channel and #",
        "# a comment",
        "### a comment",
        "#1 done",
        ">_< and >:(",
        ">>> print(1)",
        "1 > 2 &amp; 3 < 4 <b>x</b> <div>",
        "[1]: https",
        "[x][y] [z] arr[i](j)",
        "[a](javascript:x)",
        "a * b * c",
        "***",
        "- - -",
        "=====",
        "<!-- x",
        "&#42;a&#42;",
    ] {
        let mentions = MentionWords::default();
        let rows = format(text, TextFormat::Markdown, &mentions, "", 80);
        let shown = rows.map_or(text.to_owned(), |rows| rows[0].text());
        assert_eq!(shown, text);
    }
}

/// `# comment` was shown as `comment`. A single sign may begin a comment in a script, which is shown as it is.
#[test]
fn signs_of_a_heading_are_hidden_only_if_it_is_one() {
    assert_eq!(markdown("# Title\ntext"), ["{hu:# Title}", "text"]);
    assert_eq!(markdown("## Title ##\ntext"), ["{h:Title ##}", "text"]);
    assert_eq!(markdown("\n## Title\n"), ["", "## Title"]);
    assert_eq!(markdown("> ## Title"), ["▎ ## Title"]);
    assert_eq!(visible_text("# a comment", TextFormat::Markdown), "# a comment");
}

#[test]
fn lines_blank_lines_and_indentation_stay() {
    assert_eq!(markdown("*a*\nb\n\n\nc"), ["{i:a}", "b", "", "", "c"]);
    assert_eq!(markdown("*a*  \n  b\\\nc"), ["{i:a}  ", "  b\\", "c"]);
    assert_eq!(markdown("    indented *x*\n      more\nend *y*"), ["    indented *x*", "      more", "end {i:y}"]);
    assert_eq!(markdown("*a*\n---\nb"), ["{i:a}", "---", "b"]);
    assert_eq!(markdown("Title\n===\n*a*"), ["Title", "===", "{i:a}"]);
    assert_eq!(markdown("\n*a*\n"), ["", "{i:a}"]);
}

#[test]
fn lists_keep_markers_and_numbers() {
    assert_eq!(markdown("see:\n- a\n- *b*\n  - c"), ["see:", "{f:- }a", "{f:- }{i:b}", "  {f:- }c"]);
    assert_eq!(markdown("3. x\n3. y\n7) z"), ["{f:3. }x", "{f:3. }y", "{f:7) }z"]);
    assert_eq!(markdown("- a\n  b\n\n  c\n\nd"), ["{f:- }a", "  b", "  ", "  c", "", "d"]);
    assert_eq!(markdown("+ 3\n* 4\n+\n* 5"), ["{f:+ }3", "{f:* }4", "{f:+ } ", "{f:* }5"]);
    let long = "- one two three four\n10. five six seven";
    assert_eq!(
        shown_in(long, TextFormat::Markdown, 12),
        ["{f:- }one two", "  three four", "{f:10. }five six", "    seven"]
    );
}

#[test]
fn quotations_have_a_bar() {
    assert_eq!(markdown("> a\n> *b*\n\nc"), ["▎ a", "▎ {i:b}", "", "c"]);
    assert_eq!(markdown("> a\nlazy"), ["▎ a", "lazy"]);
    assert_eq!(markdown("> > a\n> b"), ["▎ ▎ a", "▎ ▎ b"]);
    assert_eq!(markdown("> a\n>\n> b\n>\nc"), ["▎ a", "▎ ", "▎ b", "c"]);
    assert_eq!(markdown("> - a\n> - b\n>   c"), ["▎ {f:- }a", "▎ {f:- }b", "▎   c"]);
    assert_eq!(markdown("- > a\n  > b"), ["{f:- }▎ a", "  ▎ b"]);
    assert_eq!(markdown("> a\n>_<"), ["▎ a", ">_<"]);
}

#[test]
fn code_blocks_are_verbatim() {
    assert_eq!(
        markdown("see\n```rust\nfn *a*() {\n\n    b   c\n}\n```\nend"),
        ["see", "│ {f:rust}", "│ {c:fn *a*() {}", "│ ", "│ {c:    b   c}", "│ {c:}}", "end"]
    );
    assert_eq!(markdown("```\na\n```\n\nb"), ["│ {c:a}", "", "b"]);
    assert_eq!(markdown("```\nnever closed"), ["│ {c:never closed}"]);
    assert_eq!(markdown("> ```\n> a\n> ```\n> b"), ["▎ │ {c:a}", "▎ b"]);
    assert_eq!(markdown("- ```\n  a\n  ```\n- b"), ["{f:- }│ {c:a}", "{f:- }b"]);
    assert_eq!(markdown("~~~\na\n~~~"), ["│ {c:a}"]);
    assert_eq!(markdown("```one line```"), ["{c:one line}"]);
}

#[test]
fn long_code_lines_continue_with_another_bar() {
    let mentions = MentionWords::default();
    let rows = format("```\nabc  defgh\n```", TextFormat::Markdown, &mentions, "", 6).unwrap();
    let bars: Vec<bool> = rows.iter().map(|row| row.spans[0].look.faint).collect();
    let texts: Vec<String> = rows.iter().map(StyledRow::text).collect();
    assert_eq!(texts, ["│ abc ", "│  def", "│ gh"], "no space is lost");
    assert_eq!(bars, [false, true, true]);
}

#[test]
fn tables_have_columns_if_they_fit() {
    let table = "| a | *b* |\n|---|--:|\n| x | 1 |\n| yyy | 22 |\nend";
    let expected = ["{b:a}  {f: │ } {bi:b}", "{f:────┼───}", "x  {f: │ } 1", "yyy{f: │ }22", "end"];
    assert_eq!(markdown(table), expected);
    let ragged = "|a|b|\n|-|-|\n|1|2|lost?|";
    assert_eq!(markdown(ragged), ["|a|b|", "|-|-|", "|1|2|lost?|"]);
}

/// Such a table was shown as it was written, with its lines broken anywhere.
#[test]
fn cells_of_a_wide_table_are_wrapped_within_columns() {
    let table = "| Name | What it does | Cost |\n|:--|---|--:|\n| alpha | sends one message to all | 7 |\n| 日本 👍 | **waits** | 1200 |";
    let expected = [
        "Name    │ What it does   │ Cost",
        "────────┼────────────────┼─────",
        "alpha   │ sends one      │    7",
        "        │ message to all │     ",
        "日本 👍 │ waits          │ 1200",
    ];
    assert_eq!(plain_rows(table, 31), expected);
    assert_eq!(plain_rows("| a |\n|:-:|\n| one two |", 4), [" a  ", "────", "one ", "two "]);
}

/// Columns that would break words are no help.
#[test]
fn table_in_a_narrow_pane_is_a_list_of_cells() {
    let table = "| Name | Does | |\n|---|---|---|\n| alpha | sends messages | x |\n| beta | | |";
    let expected =
        ["Name: alpha", "Does: sends", "  messages", "x", "──────────────", "Name: beta", "Does:"].map(str::to_owned);
    assert_eq!(plain_rows(table, 14), expected);
    assert_eq!(shown_in(table, TextFormat::Markdown, 14)[0], "{b:Name: }alpha");
    assert_eq!(plain_rows("| Heading | Another |\n|-|-|", 9), ["Heading", "Another"]);
}

#[test]
fn links_are_marked_and_say_where_they_lead() {
    assert_eq!(markdown("see https://example.org/a_b_c."), ["see {l:https://example.org/a_b_c}."]);
    assert_eq!(markdown("[docs](https://example.org/x) ok"), ["{l:docs}{f: (example.org)} ok"]);
    assert_eq!(markdown("[*a*](https://example.org \"t\")"), ["{il:a}{f: (example.org)}"]);
    assert_eq!(markdown("[https://a.org/](https://a.org/)"), ["{l:https://a.org/}"]);
    assert_eq!(markdown("[https://a.org](https://evil.org)"), ["{l:https://a.org}{f: (evil.org)}"]);
    assert_eq!(markdown("![](https://a.org/x.png)"), ["{l:(a.org)}"]);
    assert_eq!(markdown("**https://a.org** *https://b.org*"), ["{bl:https://a.org} {il:https://b.org}"]);
    assert_eq!(markdown("`https://a.org`"), ["{c:https://a.org}"]);
    let rows = format("a [b](https://x.org/)", TextFormat::Markdown, &MentionWords::default(), "", 60).unwrap();
    let at = |cell| rows[0].link_at(cell).map(|link| link.address.clone());
    assert_eq!((at(1), at(2), at(90)), (None, Some("https://x.org/".to_owned()), None));
}

/// The host directly behind other text looked like the end of another address.
#[test]
fn host_of_a_link_is_kept_apart_from_its_label() {
    for (text, expected) in [
        ("<a href='https://evil.org'><b>bank.com/</b></a> x", "{bl:bank.com/}{f: (evil.org)} x"),
        ("<a href='https://evil.org'><i></i><b>bank.com</b></a>", "{bl:bank.com}{f: (evil.org)}"),
        ("<a href='https://evil.org'><img>bank.com</a>", "{l:<img>bank.com}{f: (evil.org)}"),
        ("<a href='https://evil.org'>evil<b>.org</b></a>", "{l:evil}{bl:.org}"),
        ("<a href='https://evil.org'><b>evil.org</b>@bank.com</a>", "{bl:evil.org}{l:@bank.com}{f: (evil.org)}"),
        ("<a href='https://evil.org'><b></b></a>", "{l:(evil.org)}"),
        ("bank.com/<a href='https://evil.org'></a>", "bank.com/{l:(evil.org)}"),
        ("<a href='https://a.org'>a<a href='https://b.org'>b</a>c</a>", "{l:ab}{f: (https://b.org)}{l:c}{f: (a.org)}"),
    ] {
        assert_eq!(html(text), [expected], "{text}");
    }
    assert_eq!(html("<a href='https://evil.org'><br>bank.com/</a>"), ["", "{l:bank.com/}{f: (evil.org)}"]);
    assert_eq!(html("<a href='https://evil.org'><pre>bank.com/</pre></a>"), ["│ {c:bank.com/}", "{f: (evil.org)}"]);
    assert_eq!(markdown("[**bank.com/**](https://evil.org)"), ["{bl:bank.com/}{f: (evil.org)}"]);
    assert_eq!(markdown("[**evil.org**](https://evil.org)"), ["{bl:evil.org}"]);
    assert_eq!(markdown("bank.com/[](https://evil.org)"), ["bank.com/{l:(evil.org)}"]);
}

#[test]
fn mentions_are_marked_outside_of_code() {
    assert_eq!(markdown("Ana, *ask @ana* `ana` banana"), ["{m:Ana}, {i:ask }{im:@ana} {c:ana} banana"]);
    assert_eq!(markdown("*an* ana,ana\nana"), ["{i:an} {m:ana},{m:ana}", "{m:ana}"]);
    let rows = format("hello Ana", TextFormat::Plain, &MentionWords::new(["ana"]), " (edited)", 60).unwrap();
    let looks: Vec<String> = rows[0].spans.iter().map(|span| letters(span.look)).collect();
    assert_eq!(looks, ["", "m", "f"]);
}

#[test]
fn html_becomes_text_and_style() {
    for (text, expected) in [
        ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", vec!["{b:a} {i:b} {u:c} {s:~~d~~}"]),
        ("<p>one</p><p>two</p>", vec!["one", "two"]),
        ("<p>one</p>\n<p>two</p>\n", vec!["one", "two"]),
        ("a<br>b<br/>c", vec!["a", "b", "c"]),
        ("x &amp; y &lt;b&gt; &#39;q&#39; &eacute;", vec!["x & y <b> 'q' é"]),
        ("<a href=\"https://example.org/?a=1&amp;b=2\">docs</a>", vec!["{l:docs}{f: (example.org)}"]),
        ("<a class='x' href='javascript:y'>z</a>", vec!["z{f: (javascript:y)}"]),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>end", vec!["{f:- }a", "{f:- }b {b:c}", "end"]),
        ("<blockquote>q</blockquote>", vec!["▎ q"]),
        ("<pre><code>a\n  b</code></pre>c", vec!["│ {c:a}", "│ {c:  b}", "c"]),
        ("<h1>T</h1>x", vec!["{hu:T}", "x"]),
        ("<B>a</B>", vec!["{b:a}"]),
        ("**a** &amp; b", vec!["{b:a} & b"]),
        ("<p>one<p>two", vec!["one", "two"]),
        ("<p>one <b>x</b>\n<p>two</p>end", vec!["one {b:x}", "two", "end"]),
        ("<div><p>one<p>two</div>end", vec!["one", "two", "end"]),
        ("see<ul><li>a<li>b <b>c</b></ul>end", vec!["see", "{f:- }a", "{f:- }b {b:c}", "end"]),
        ("<ol><li><p>a<p>b<li>c<ul><li>d</ul><li>e</ol>", vec!["{f:- }a", "  b", "{f:- }c", "  {f:- }d", "{f:- }e"]),
    ] {
        assert_eq!(html(text), expected, "{text}");
    }
}

#[test]
fn unknown_and_unpaired_tags_stay_literal() {
    assert_eq!(html("use `<br>` or `&amp;`"), ["use {c:<br>} or {c:&amp;}"]);
    for text in [
        "Vec<b> and Map<i, u>",
        "<script>x</script>",
        "a < b > c",
        "<b>open",
        "</i> &nothing; & &;",
        "<-- x",
        "<p> is a paragraph",
        "use <p> or <p>",
        "<li> and <li>",
    ] {
        assert_eq!(html(text), [text], "{text}");
    }
}

/// An entity must not smuggle a control character or a direction mark past the sanitizer.
#[test]
fn decoded_entities_are_sanitized() {
    for text in ["<b>a&#27;[31mb</b>", "&#x1b;]8;;x", "<b>&#8238;x</b>", "&#13;", "<pre>&#7;</pre>"] {
        let shown = html(text).join("");
        assert!(!shown.contains(|c: char| c.is_control() || c == '\u{202e}'), "{shown:?}");
    }
}

#[test]
fn visible_text_has_no_markup() {
    let text = |text| visible_text(text, TextFormat::Markdown).into_owned();
    assert_eq!(text("**a** `b` [c](https://d.org)"), "a b c (d.org)");
    assert_eq!(text("> q\n- x\n```\ncode\n```"), "q\n- x\ncode");
    assert_eq!(visible_text("<b>x</b> &amp;", TextFormat::MarkdownOrHtml), "x &");
    assert_eq!(visible_text("**a**", TextFormat::Plain), "**a**");
}

/// Only a part of a long text is read, without the tags that close its elements.
#[test]
fn start_of_a_long_text_has_no_markup() {
    let words = "word ".repeat(2_000);
    let start = |text: &str| visible_start(text, TextFormat::MarkdownOrHtml).chars().take(20).collect::<String>();
    for (text, expected) in [
        (format!("<p>Dear all, {words}</p>"), "Dear all, word word "),
        (format!("<div><b>Dear</b> all, {words}</div>"), "Dear all, word word "),
        (
            format!("<p>{}<a href='https://a.b/{}'>x</a></p>", "word ".repeat(350), "x".repeat(2_000)),
            "word word word word ",
        ),
        (format!("**Dear** all, {words}"), "Dear all, word word "),
        (format!("1 < 2 `<p>` {words}"), "1 < 2 <p> word word "),
        ("short <p>".to_owned(), "short <p>"),
    ] {
        assert_eq!(start(&text), expected);
    }
    let cut = format!("<p>{}<a href='https://a.b/'>x</a></p>", "x".repeat(2_030));
    assert_eq!(visible_start(&cut, TextFormat::MarkdownOrHtml), "x".repeat(2_030));
}

#[test]
fn links_of_html_have_decoded_addresses() {
    let text = "<a href=\"https://example.org/?a=1&amp;b=2\">x</a> https://b.org";
    let addresses: Vec<String> = links(text, TextFormat::MarkdownOrHtml).into_iter().map(|link| link.address).collect();
    assert_eq!(addresses, ["https://example.org/?a=1&b=2", "https://b.org/"]);
}

#[test]
fn ordinary_messages_are_not_parsed() {
    let mentions = MentionWords::new(["ana"]);
    for text in ["hello", "What? 3.5 - maybe (yes); \"no\" - it's 50%", "a\nb", "日本語 😀", ""] {
        assert_eq!(format(text, TextFormat::MarkdownOrHtml, &mentions, "", 20), None, "{text}");
    }
}

#[test]
fn deep_nesting_is_shown_as_it_is() {
    for text in ["> ".repeat(40) + "x", "- ".repeat(40) + "x", "*a ".repeat(40) + &"a* ".repeat(40)] {
        let rows = format(&text, TextFormat::Markdown, &MentionWords::default(), "", 400).unwrap();
        assert_eq!(rows[0].text().trim_end(), text.trim_end());
    }
}

/// What may be missing from the rows: the delimiters of markup.
fn without_delimiters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"*_`#>|-~=:▎│─┼".contains(*c)).collect()
}

/// Whether `text` has every character of `wanted` as often as that.
fn has_characters(text: &str, wanted: &str) -> bool {
    wanted.chars().all(|c| text.matches(c).count() >= wanted.matches(c).count())
}

/// Cells of a table: two to five columns with their alignments, and up to four rows.
fn table_cells() -> impl Strategy<Value = (Vec<&'static str>, Vec<Vec<String>>)> {
    let alignment = prop::sample::select(vec!["---", ":--", "--:", ":-:"]);
    prop::collection::vec(alignment, 2..6).prop_flat_map(|alignments| {
        let row = prop::collection::vec("([a-z]{1,9}|日本|👍|\\*\\*b\\*\\*|`c d`| ){0,6}", alignments.len());
        (Just(alignments), prop::collection::vec(row, 1..5))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_a_text_is_lost(text in "([ab1.é日]|[*_`#>|~=\\\\-]|\\[|\\]|[()<&;]|\n| |    |- |> |1\\. |```|\\*\\*|__|~~|\\|\n|\\|-){0,40}", cells in 1_usize..40) {
        let text = SafeText::block(&text);
        if let Some(rows) = format(&text, TextFormat::Markdown, &MentionWords::default(), "", cells) {
            let shown: String = rows.iter().map(StyledRow::text).collect();
            let (shown, written) = (without_delimiters(&shown), without_delimiters(&text));
            // The cells of a wrapped table are beside each other, and its headings may be repeated.
            prop_assert!(shown == written || text.contains('|') && has_characters(&shown, &written), "{shown} {text:?}");
            let visible = visible_text(&text, TextFormat::Markdown);
            prop_assert_eq!(without_delimiters(&visible), without_delimiters(&text));
        }
    }

    #[test]
    fn table_fits_the_pane_and_has_every_cell((alignments, rows) in table_cells(), cells in 2_usize..70) {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let delimiters: Vec<String> = alignments.iter().map(|alignment| (*alignment).to_owned()).collect();
        let mut lines = vec![line(&rows[0]), line(&delimiters)];
        lines.extend(rows[1..].iter().map(|row| line(row)));
        let shown = plain_rows(&lines.join("\n"), cells);
        for row in &shown {
            prop_assert!(width(row) <= cells, "{row:?} in {cells} cells");
        }
        let shown = without_delimiters(&shown.concat());
        let written = without_delimiters(&rows.concat().concat());
        prop_assert!(has_characters(&shown, &written), "{shown} {written}");
        if cells >= 60 && rows.iter().flatten().all(|cell| cell.chars().count() < 4) {
            prop_assert_eq!(shown, written, "it has its columns");
        }
    }

    #[test]
    fn source_is_unchanged_without_markup(text in "([ab*_`#>|-]|https://a\\.b/|\n| ){0,30}", cells in 1_usize..40) {
        if let Some(rows) = format(&text, TextFormat::Plain, &MentionWords::default(), "", cells) {
            let expected: Vec<String> =
                crate::text::wrap(&text, cells).into_iter().map(|row| text[row.start as usize..row.end as usize].to_owned()).collect();
            prop_assert_eq!(rows.iter().map(StyledRow::text).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn html_never_panics_and_keeps_text(text in "([ab&;<>/ \n\"']|<b>|</b>|<p>|</p>|<br>|<li>|</li>|&amp;|&#27;|<a href=|<pre>|</pre>){0,30}", cells in 1_usize..40) {
        let text = SafeText::block(&text);
        if let Some(rows) = format(&text, TextFormat::MarkdownOrHtml, &MentionWords::default(), "", cells) {
            for row in rows {
                prop_assert!(!row.text().contains(char::is_control));
            }
        }
    }
}
