//! References in documents and comments: the files, headings, test binaries, keys, commands, options, code items and
//! sections of the protocol notes that they name must exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use minchat_tui::cli;
use minchat_tui::input::{Action, COMMANDS, Keymap, Preset};

/// Folders whose files are named by their path from the root.
const ROOTS: &[&str] = &["src/", "tests/", "docs/", "assets/", "benches/", "examples/", "fuzz/", ".ci/"];

/// Ending of the files that may also be named by their path below `src`.
const SOURCES: &str = ".rs";

/// Paths that are created by the commands in which they appear.
const GENERATED: &[&str] = &["fuzz/corpus"];

/// Options of `cargo` and other programs that the documents mention.
const FOREIGN_OPTIONS: &[&str] = &[
    "--bench",
    "--bins",
    "--dev",
    "--example",
    "--features",
    "--locked",
    "--open",
    "--omit-lockfile-registry-resolved",
    "--path",
    "--release",
    "--test",
    "--",
];

/// Texts in `<kbd>` that are not the default key of an action.
const MODIFIERS: &[&str] = &["Alt", "Shift", "Shift+Enter"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `dir` whose name ends with one of `endings`, sorted.
fn files(dir: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a readable folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if entry.is_dir() {
            if !["target", "node_modules", ".git"].contains(&name.as_str()) {
                found.extend(files(&entry, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// The documents, without the protocol notes: those name files of other repositories.
fn documents() -> Vec<(String, String)> {
    let named = files(&root(), &[".md"]).into_iter().map(|file| {
        let name = file.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&file).expect("a document"))
    });
    named.filter(|(name, _)| !name.starts_with("docs/protocol/")).collect()
}

/// Fails with every problem that `find` reports for a document.
fn check(find: impl Fn(&str, &str) -> Vec<String>) {
    let problems: Vec<String> = documents()
        .iter()
        .flat_map(|(name, text)| find(name, text).into_iter().map(move |problem| format!("{name}: {problem}")))
        .collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Whether `path` exists below `base`; a `*` or `…` stands for any one folder or file.
fn exists(base: &Path, path: &str) -> bool {
    let Some((first, rest)) = path.split_once('/') else { return path.is_empty() || has(base, path) };
    if first != "*" && first != "…" {
        return exists(&base.join(first), rest);
    }
    let entries = fs::read_dir(base).map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>());
    entries.unwrap_or_default().iter().any(|entry| exists(entry, rest))
}

fn has(base: &Path, name: &str) -> bool {
    if name == "*" { base.is_dir() } else { base.join(name).exists() }
}

/// Words of a text that look like paths of this repository.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(char::is_whitespace).filter(|word| !word.contains("://") && !word.contains("]("));
    let parts = words.flat_map(|word| word.split(|c: char| !c.is_alphanumeric() && !"_.*…-/".contains(c)));
    parts.map(|part| part.trim_end_matches('.')).filter(|part| part.contains('/'))
}

#[test]
fn files_named_in_documents_exist() {
    check(|_, text| {
        let named = paths(text).filter(|path| !GENERATED.iter().any(|generated| path.starts_with(generated)));
        let missing = named.filter(|path| {
            if ROOTS.iter().any(|root| path.starts_with(root)) {
                !exists(&root(), path)
            } else {
                path.ends_with(SOURCES) && !exists(&root().join("src"), path)
            }
        });
        missing.map(|path| format!("`{path}` does not exist")).collect()
    });
}

/// The anchor that a heading gets on the usual hosting sites.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>().replace(' ', "-")
}

#[test]
fn links_in_documents_have_a_target() {
    check(|name, text| {
        let here = root().join(name);
        let targets = text.match_indices("](").map(|(at, _)| text[at + 2..].split(')').next().unwrap_or_default());
        let broken = targets.filter(|target| !target.contains("://")).filter(|target| {
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() { here.clone() } else { here.parent().expect("a folder").join(path) };
            if heading.is_empty() {
                return !file.exists();
            }
            let text = fs::read_to_string(&file).unwrap_or_default();
            !text.lines().any(|line| line.starts_with('#') && anchor(line.trim_start_matches('#')) == heading)
        });
        broken.map(|target| format!("the link to `{target}` has no target")).collect()
    });
}

/// The words that follow each `before` in a text.
fn following<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(before).map(move |(at, _)| {
        let rest = &text[at + before.len()..];
        rest.split(|c: char| !c.is_alphanumeric() && !"_-".contains(c)).next().unwrap_or_default()
    })
}

#[test]
fn test_binaries_and_benches_named_in_documents_exist() {
    check(|_, text| {
        let tests = following(text, "cargo test --test ").map(|name| format!("tests/{name}/main.rs"));
        let benches = following(text, "cargo bench --bench ").map(|name| format!("benches/{name}/main.rs"));
        let missing = tests.chain(benches).filter(|path| !root().join(path).exists());
        missing.map(|path| format!("`{path}` does not exist")).collect()
    });
}

#[test]
fn keys_named_in_documents_are_keys_of_a_preset() {
    let presets = Preset::ALL.map(|preset| Keymap::with_preset(preset, &[]).expect("a preset is valid"));
    let keys_of = |keymap: &Keymap| -> Vec<String> {
        Action::all().flat_map(|action| keymap.keys(action).to_vec()).map(|key| key.to_string()).collect()
    };
    let keys: BTreeSet<String> = presets.iter().flat_map(keys_of).collect();
    check(|_, text| {
        let named = text.match_indices("<kbd>").map(|(at, tag)| text[at + tag.len()..].split('<').next().unwrap_or(""));
        let unknown = named.filter(|key| !keys.contains(*key) && !MODIFIERS.contains(key));
        unknown.map(|key| format!("no action has the key `{key}`")).collect()
    });
}

#[test]
fn slash_commands_named_in_documents_exist() {
    check(|_, text| {
        let named = text.match_indices("`/").filter_map(|(at, _)| {
            let quoted = text[at + 2..].split('`').next().unwrap_or_default();
            let name = quoted.split(' ').next().unwrap_or_default();
            (!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')).then_some(name)
        });
        // With `--linear`, a line can name keys.
        let unknown = named.filter(|name| *name != "key" && !COMMANDS.iter().any(|command| command.name == *name));
        unknown.map(|name| format!("there is no command `/{name}`")).collect()
    });
}

#[test]
fn options_named_in_documents_exist() {
    fn collect(command: &clap::Command, options: &mut BTreeSet<String>) {
        options.extend(command.get_arguments().filter_map(|arg| arg.get_long()).map(|long| format!("--{long}")));
        command.get_subcommands().for_each(|command| collect(command, options));
    }
    let mut options = BTreeSet::from(["--help".to_owned(), "--version".to_owned()]);
    options.extend(FOREIGN_OPTIONS.iter().map(|&option| option.to_owned()));
    collect(&cli::command(), &mut options);
    check(|_, text| {
        let words = text.split(|c: char| c.is_whitespace() || "`|[](),.;".contains(c));
        let named = words.filter(|word| word.starts_with("--") && !word.starts_with("---") && *word != "-->");
        let unknown = named.filter(|word| !options.contains(word.split('=').next().unwrap_or_default()));
        unknown.map(|option| format!("there is no option `{option}`")).collect()
    });
}

/// Whether `sources` define `item` as a variant of the enum `owner`, as a function, or as a type.
fn is_defined(sources: &str, owner: &str, item: &str) -> bool {
    if item.starts_with(char::is_lowercase) {
        return ["fn", "mod"].iter().any(|kind| sources.contains(&format!("{kind} {item}")));
    }
    let variants = sources.match_indices(&format!("enum {owner} {{")).any(|(at, _)| {
        let body = sources[at..].split("\n}").next().unwrap_or_default();
        body.lines().any(|line| line.trim_start().split(|c: char| !c.is_alphanumeric()).next() == Some(item))
    });
    variants || ["struct", "enum", "trait", "type"].iter().any(|kind| sources.contains(&format!("{kind} {item}")))
}

#[test]
fn items_of_the_code_named_in_documents_exist() {
    let sources = files(&root().join("src"), &[".rs"]).into_iter().map(fs::read_to_string);
    let sources: String = sources.map(|source| source.expect("a source file")).collect();
    check(|_, text| {
        let quoted =
            text.split('`').skip(1).step_by(2).filter(|quoted| quoted.contains("::") && !quoted.contains('\n'));
        let paths = quoted.map(|quoted| quoted.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c)).next());
        // `::1` is an address.
        let missing = paths.flatten().filter(|path| !path.starts_with(':')).filter(|path| {
            path.rsplit_once("::").is_some_and(|(owner, item)| {
                let owner = owner.rsplit("::").next().unwrap_or_default();
                !is_defined(&sources, owner, item)
            })
        });
        missing.map(|path| format!("`{path}` is not defined")).collect()
    });
}

/// The numbers of the headings of a protocol note.
fn sections(note: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs/protocol").join(note)).expect("a protocol note");
    let headings = text.lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#'));
    headings.filter_map(number).collect()
}

/// The section number at the start of a text, such as `2.3.1`.
fn number(text: &str) -> Option<String> {
    let number: String = text.trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    Some(number.trim_end_matches('.').to_owned()).filter(|number| !number.is_empty())
}

#[test]
fn section_references_in_code_exist_in_the_notes() {
    let (minchat, vchat) = (sections("minchat.md"), sections("vchat.md"));
    let mut missing = Vec::new();
    for file in [files(&root().join("src"), &[".rs"]), files(&root().join("tests"), &[".rs", ".mjs"])].concat() {
        let path = file.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        let notes: &[&BTreeSet<String>] = match (path.contains("vchat"), path.contains("minchat")) {
            (true, false) => &[&vchat],
            (false, true) => &[&minchat],
            _ => &[&minchat, &vchat],
        };
        for (index, line) in fs::read_to_string(&file).expect("a source file").lines().enumerate() {
            // RFCs have sections too.
            for reference in line.split('§').skip(1).filter(|_| !line.contains("RFC ")) {
                let section = number(reference);
                if section.is_some_and(|section| !notes.iter().any(|note| note.contains(&section))) {
                    missing.push(format!("{path}:{}: there is no section §{reference}", index + 1));
                }
            }
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn every_dependency_has_a_documented_reason() {
    let reasons = fs::read_to_string(root().join("docs/dependencies.md")).expect("the reasons");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let mut in_table = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_table = line.ends_with("dependencies]");
        } else if let Some((name, _)) =
            line.split_once(" = ").filter(|(_, value)| in_table && !value.contains("path ="))
        {
            assert!(reasons.contains(&format!("`{name}`")), "docs/dependencies.md gives no reason for `{name}`");
        }
    }
}
