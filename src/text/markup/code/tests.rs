//! Highlighted code, written with the kind of each token in brackets.

use super::lines::{MAX_BYTES, lines};
use super::table::LANGUAGES;
use crate::text::markup::pieces::Pieces;
use crate::text::markup::row::Syntax;
use proptest::prelude::*;

fn shown(info: &str, code: &str) -> Vec<String> {
    let letter = |syntax| match syntax {
        Syntax::Plain => "",
        Syntax::Keyword => "k",
        Syntax::String => "s",
        Syntax::Comment => "c",
        Syntax::Number => "n",
        Syntax::Inserted => "+",
        Syntax::Deleted => "-",
    };
    let piece = |(text, syntax): (&str, Syntax)| match letter(syntax) {
        "" => text.to_owned(),
        letter => format!("{{{letter}:{text}}}"),
    };
    let line = |pieces: &Pieces| pieces.0.iter().map(|one| piece((&one.text, one.look.syntax))).collect();
    lines(info, code).iter().map(line).collect()
}

#[test]
fn tokens_of_common_languages_are_found() {
    for (info, code, expected) in [
        ("rust", "pub fn a() -> i32 { 1_000.5 } // end", "{k:pub} {k:fn} a() -> i32 { {n:1_000.5} } {c:// end}"),
        (
            "rust",
            r"let x: &'static str = r#'a'; 'b'; '\u{1F600}'",
            r"{k:let} x: &'{k:static} str = r#{s:'a'}; {s:'b'}; {s:'\u{1F600}'}",
        ),
        ("rs", r##"a(r#"x" \"#, b"y\"z", 1..3)"##, r##"a({s:r#"x" \"#}, b{s:"y\"z"}, {n:1}..{n:3})"##),
        ("c++", "#include <x>\t/* y */ int z = 'c';", "#{k:include} <x>\t{c:/* y */} {k:int} z = {s:'c'};"),
        ("go", "var a = `b\\`", "{k:var} a = {s:`b\\`}"),
        ("js", "const a = `b ${c}`; // 'd'", "{k:const} a = {s:`b ${c}`}; {c:// 'd'}"),
        ("python", "if x is None: # it's", "{k:if} x {k:is} {n:None}: {c:# it's}"),
        ("sh", "echo $# 'it\\' \"a\\\"b\" # x", "{k:echo} $# {s:'it\\'} {s:\"a\\\"b\"} {c:# x}"),
        ("SQL", "SELECT a FROM b -- 'c'", "{k:SELECT} a {k:FROM} b {c:-- 'c'}"),
        ("sql", "where n = 'O''Neil'", "{k:where} n = {s:'O''Neil'}"),
        ("json", r#"{"a": "b", "c": [1, true]}"#, r#"{{k:"a"}: {s:"b"}, {k:"c"}: [{n:1}, {n:true}]}"#),
        ("yaml", "- name: http://x # y", "- {k:name}: http://x {c:# y}"),
        ("toml", "a.b = 'c' # d", "{k:a.b} = {s:'c'} {c:# d}"),
        ("css", "color: 2px; /* x */", "{k:color}: {n:2px}; {c:/* x */}"),
        ("html", "<a href=\"b\">it's</a> <!-- c -->", "<{k:a} href={s:\"b\"}>it's</{k:a}> {c:<!-- c -->}"),
        ("diff", "+a 'b'", "{+:+a 'b'}"),
        ("diff", "-a", "{-:-a}"),
        ("patch", "@@ -1 +1 @@", "{k:@@ -1 +1 @@}"),
        ("lua", "local s = [[x]] --[[ y ]] z", "{k:local} s = {s:[[x]]} {c:--[[ y ]]} z"),
    ] {
        assert_eq!(shown(info, code), [expected], "{info}");
    }
}

#[test]
fn tokens_of_several_lines_are_marked_in_each() {
    assert_eq!(shown("c", "a /* b\n\nc */ d"), ["a {c:/* b}", "", "{c:c */} d"]);
    assert_eq!(shown("py", "\"\"\"a\nb\"\"\"\nc"), ["{s:\"\"\"a}", "{s:b\"\"\"}", "c"]);
    assert_eq!(shown("js", "`a\n"), ["{s:`a}", ""]);
    assert_eq!(shown("c", "\"a\nint\n'b"), ["{s:\"a}", "{k:int}", "'b"]);
}

#[test]
fn language_is_the_first_word_of_the_fence() {
    for info in ["rust", "Rust", "rust,ignore", "rust title=\"x\"", "{.rust}", "rs:src/main.rs"] {
        assert_eq!(shown(info, "fn"), ["{k:fn}"], "{info}");
    }
    for info in ["", " ", "rusty", "klingon", "{}", "."] {
        assert_eq!(shown(info, "fn 1 \"a\""), ["fn 1 \"a\""], "{info}");
    }
}

#[test]
fn long_block_is_plain() {
    let code = "fn ".repeat(MAX_BYTES);
    assert_eq!(shown("rust", &code), [code]);
}

#[test]
fn names_of_languages_are_unique_and_in_lower_case() {
    let names: Vec<_> = LANGUAGES.iter().flat_map(|language| language.names.split(' ')).collect();
    for (index, name) in names.iter().enumerate() {
        assert!(!names[index + 1..].contains(name) && *name == name.to_lowercase(), "{name}");
    }
}

proptest! {
    /// Whatever the code is, its text stays the same.
    #[test]
    fn highlighting_keeps_the_text(
        language in 0..LANGUAGES.len(),
        code in r#"([a-z0-9é日]{1,3}|[ \n\\'"`/*#<>!=:{}\[\]r+@-]|--|"""|''|true|fn ){0,40}"#,
    ) {
        let name = LANGUAGES[language].names.split(' ').next().unwrap_or_default();
        let text: Vec<_> = lines(name, &code).iter().map(Pieces::text).collect();
        prop_assert_eq!(text.join("\n"), code);
    }
}
