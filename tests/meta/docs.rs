//! The README's tables are generated from the tables of the program. `UPDATE_DOCS=1 cargo test --test meta docs::`
//! rewrites them.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use minchat_tui::app::command_needs;
use minchat_tui::cli;
use minchat_tui::config::{MARKS, OPTIONS, OptionSpec, Scope};
use minchat_tui::domain::{Capabilities, Feature};
use minchat_tui::input::{Action, COMMANDS, Key};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::VChat;

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("there is a README")
}

/// Formats rows as a Markdown table with aligned columns.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |row: &[String]| row.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row)).collect();
    let widest = |column: usize| {
        let all = rows.iter().map(|row| row[column].chars().count());
        all.chain([head[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(widest).collect();
    let line = |row: Vec<&str>| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| {
            let pad = width - cell.chars().count();
            format!(" {cell}{} ", " ".repeat(pad))
        });
        format!("|{}|\n", padded.collect::<Vec<_>>().join("|"))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = line(head.to_vec()) + &line(rule.iter().map(String::as_str).collect());
    for row in &rows {
        text += &line(row.iter().map(String::as_str).collect());
    }
    text
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// Commands of the program.
fn commands() -> String {
    let rows = cli::usage_lines().into_iter().map(|(usage, help)| vec![quoted(&usage), help]);
    table(&["Command", "What it does"], &rows.collect::<Vec<_>>())
}

/// Options, variables and keys of the configuration.
fn options() -> String {
    let key = |option: &OptionSpec| if option.scope == Scope::Nowhere { String::new() } else { quoted(option.key) };
    let place = |option: &OptionSpec| match option.scope {
        Scope::Nowhere => "",
        Scope::General => "top",
        Scope::Profile => "profile",
        Scope::Both => "both",
    };
    let rows = OPTIONS.iter().map(|option| {
        let short = option.flag.and_then(|flag| flag.short).map(|short| format!("`-{short}`, ")).unwrap_or_default();
        let flag = short + &quoted(option.long_flag());
        let variable = option.variable.map(quoted).unwrap_or_default();
        let words = [key(option), place(option).to_owned(), option.default.to_owned(), option.help.to_owned()];
        [vec![flag, variable], words.to_vec()].concat()
    });
    table(&["Option", "Variable", "Key", "Section", "Default", "What it is"], &rows.collect::<Vec<_>>())
}

/// Key bindings, by context.
fn keys() -> String {
    let mut text = String::new();
    let mut contexts: Vec<_> = Action::all().map(Action::context).collect();
    contexts.dedup();
    for context in contexts {
        let rows = Action::all().filter(|action| action.context() == context).map(|action| {
            let keys = action
                .default_keys()
                .iter()
                .map(|key| key.parse::<Key>().map(|key| format!("`{key}`")).expect("a default key can be read"));
            vec![keys.collect::<Vec<_>>().join(", "), action.help().to_owned(), quoted(action.name())]
        });
        let table = table(&["Keys", "What they do", "In the configuration"], &rows.collect::<Vec<_>>());
        let _ = write!(text, "{}**{}**\n\n{table}", if text.is_empty() { "" } else { "\n" }, context.heading());
    }
    text
}

/// Marks on the screen.
fn marks() -> String {
    let rows =
        MARKS.iter().map(|mark| vec![quoted(mark.symbol(false)), quoted(mark.symbol(true)), mark.help.to_owned()]);
    table(&["Mark", "With `--ascii`", "What it means"], &rows.collect::<Vec<_>>())
}

/// Slash commands.
fn slash() -> String {
    let rows = COMMANDS.iter().map(|command| {
        let services = [MinChat::CAPABILITIES, VChat::CAPABILITIES].into_iter();
        let offering: Vec<&str> = services
            .filter(|service| command_needs(command.id).is_none_or(|feature| service.has(feature)))
            .map(|service| service.name)
            .collect();
        let only = match offering.as_slice() {
            [one] => format!("{one} only"),
            _ => String::new(),
        };
        vec![quoted(&command.usage()), command.help.to_owned(), only]
    });
    table(&["Command", "What it does", "Where"], &rows.collect::<Vec<_>>())
}

/// Features of both services.
fn features() -> String {
    let services: [Capabilities; 2] = [MinChat::CAPABILITIES, VChat::CAPABILITIES];
    let rows = Feature::ALL.iter().map(|feature| {
        let support = services.map(|service| match feature {
            _ if service.has(*feature) => "yes".to_owned(),
            Feature::Mute | Feature::Archive => "locally".to_owned(),
            _ => String::new(),
        });
        [vec![feature.label().to_owned()], support.to_vec()].concat()
    });
    table(&["What", services[0].name, services[1].name], &rows.collect::<Vec<_>>())
}

#[test]
fn readme_tables_match_the_program() {
    let mut text = readme();
    let tables = [
        ("features", features()),
        ("commands", commands()),
        ("options", options()),
        ("keys", keys()),
        ("slash", slash()),
        ("marks", marks()),
    ];
    for (name, expected) in tables {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = text.find(&begin).unwrap_or_else(|| panic!("README.md lacks the marker {begin}")) + begin.len();
        let length = text[from..].find(&end).unwrap_or_else(|| panic!("README.md lacks the marker {end}"));
        text.replace_range(from..from + length, &format!("\n{expected}\n"));
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join("README.md"), &text).expect("the README can be written");
    }
    let same = readme() == text;
    assert!(same, "a table of README.md is out of date: run UPDATE_DOCS=1 cargo test --test meta docs::");
}

#[test]
fn readme_names_every_environment_variable() {
    let readme = readme();
    let mut sources = Vec::new();
    collect(&root().join("src"), &mut sources);
    for source in sources {
        let text = fs::read_to_string(&source).expect("a source file");
        for (at, _) in text.match_indices("MINCHAT_") {
            let variable: String = text[at..].chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            assert!(readme.contains(&variable), "README.md does not name {variable} of {}", source.display());
        }
    }
}

/// Collects the files below `dir`.
fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder of the sources").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() { collect(&entry, files) } else { files.push(entry) }
    }
}

/// Symbols of `view/glyphs.rs` that stand for nothing by themselves: lines, dots, bars, the prompt, and what stands before
/// the words of a test.
const PLAIN_GLYPHS: &[&str] =
    &["bar", "corners", "dot", "dots", "failed", "horizontal", "levels", "passed", "pending", "prompt", "vertical"];

/// The marks on the screen were explained nowhere.
#[test]
fn marks_on_the_screen_are_in_their_table() {
    let glyphs = fs::read_to_string(root().join("src/view/glyphs.rs")).expect("the glyphs");
    let mut own = Vec::new();
    for function in glyphs.split("    pub(super) fn ").skip(1).filter(|function| !function.starts_with("new(")) {
        let name = function.split('(').next().unwrap_or_default();
        if !function.contains("Mark::") {
            own.push(name);
        }
    }
    own.sort_unstable();
    assert_eq!(own, PLAIN_GLYPHS, "a symbol with a meaning belongs in src/config/marks.rs");
    let mut sources = Vec::new();
    collect(&root().join("src/view"), &mut sources);
    for source in sources.iter().filter(|source| !source.ends_with("glyphs.rs")) {
        let text = fs::read_to_string(source).expect("a source file");
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for symbol in MARKS.iter().map(|mark| mark.symbol(false)).filter(|symbol| !symbol.is_ascii() && *symbol != "…")
        {
            let literal = format!("\"{symbol}");
            assert!(!code.contains(&literal), "{} writes {symbol} itself", source.display());
        }
    }
}
