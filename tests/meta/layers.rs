//! The rules of the layers: the imports between them, the places where each library may be used, and the places that
//! may access the clock, files, processes and the environment.
//!
//! The tests read the sources as text, without comments and test code. ARCHITECTURE.md describes the layers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::sources::{Source, sources};

/// A layer (a folder or file of `src`) and the layers that it may import.
const LAYERS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("input", &[]),
    ("domain", &["text"]),
    ("export", &["domain", "text"]),
    ("config", &["domain", "input", "text"]),
    ("headless", &["domain", "export", "text"]),
    ("protocol", &["domain", "text"]),
    // Not `protocol`: shared code could hide a mistake that client and server both make.
    ("server", &["domain", "text"]),
    // Not `net`: a connection of the client costs a thread.
    ("load", &[]),
    ("store", &["domain", "text"]),
    ("wire", &["domain", "text"]),
    ("net", &["domain", "protocol", "text", "wire"]),
    ("app", &["config", "domain", "export", "input", "store", "text", "wire"]),
    ("dump", &["text"]),
    ("recording", &["app", "domain", "input", "text"]),
    ("view", &["app", "config", "domain", "input", "text", "wire"]),
    (
        "runtime",
        &[
            "app",
            "config",
            "domain",
            "dump",
            "export",
            "headless",
            "input",
            "load",
            "net",
            "protocol",
            "recording",
            "server",
            "store",
            "text",
            "view",
            "wire",
        ],
    ),
    ("cli", &["config", "headless", "input", "text"]),
    ("main.rs", &["cli", "config", "runtime"]),
    ("lib.rs", &[]),
];

/// A tier of `src/app` (a folder or a file) and the tiers that it may import: `update → handlers → features → model →
/// overlays`, with plain data below. Only `update` imports handlers.
const TIERS: &[(&str, &[&str])] = &[
    ("regions", &[]),
    ("limits", &[]),
    ("effect", &[]),
    ("event", &["effect", "regions"]),
    ("overlays", &["effect", "limits", "regions"]),
    ("model", &["effect", "limits", "overlays", "regions"]),
    ("features", &["effect", "limits", "model", "overlays", "regions"]),
    ("handlers", &["effect", "features", "limits", "model", "overlays", "regions"]),
    ("deadline", &["model", "overlays"]),
    ("layout", &["features", "model", "overlays", "regions"]),
    ("wizard", &["overlays"]),
    ("window_title", &["model"]),
    ("update", &["deadline", "effect", "event", "features", "handlers", "layout", "model", "window_title"]),
];

/// A library and the places where it may be used: layers, or single files. Every dependency needs a row.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("anyhow", &["runtime", "main.rs"]),
    ("axum", &["server"]),
    // The secrets have a module of that name.
    (
        "base64",
        &[
            "protocol/vchat/sign_in.rs",
            "runtime/graphics/iterm2.rs",
            "runtime/graphics/kitty.rs",
            "server/vchat/hash_key.rs",
            "text/secrets/base64.rs",
            "text/secrets/form.rs",
        ],
    ),
    ("bytes", &["net", "server"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("color_quant", &["runtime/graphics/sixel.rs"]),
    ("crossterm", &["runtime"]),
    ("directories", &["config/paths.rs", "runtime/save_path.rs"]),
    ("emojis", &["text/emoji.rs"]),
    ("fastrand", &["app", "net", "runtime", "server", "text/pseudonyms.rs"]),
    ("exif", &["runtime/pictures/formats.rs"]),
    ("foldhash", &["app", "domain"]),
    ("futures_util", &["load", "net", "runtime/feeds.rs", "server"]),
    ("gif", &["runtime/pictures/formats.rs"]),
    ("hashbrown", &["app", "domain"]),
    ("hdrhistogram", &["load/stats.rs"]),
    ("hyper", &["net", "server/listener.rs"]),
    ("hyper_util", &["net/plain_http.rs", "net/probe.rs", "net/proxy.rs", "server/listener.rs"]),
    ("image_webp", &["runtime/pictures/formats.rs"]),
    ("infer", &["runtime/files.rs"]),
    ("jiff", &["app", "config", "domain", "export", "headless", "runtime", "server", "view"]),
    ("keyring", &["config/secret.rs"]),
    ("icu_normalizer", &["text/comparison.rs"]),
    ("icu_properties", &["text/look_alike.rs", "text/name.rs"]),
    ("linkify", &["text/link.rs"]),
    ("lofty", &["runtime/files.rs"]),
    ("log", &["net/heartbeat.rs"]),
    ("native_tls", &["net"]),
    ("nix", &["runtime/serve.rs", "runtime/signals.rs"]),
    ("notify_rust", &["runtime/system_notifications.rs"]),
    ("nucleo_matcher", &["text/fuzzy.rs"]),
    ("openssl", &["net"]),
    ("percent_encoding", &["server", "text/percent.rs"]),
    ("png", &["runtime/graphics/png_file.rs", "runtime/pictures/formats.rs"]),
    ("process_wrap", &["config/secret.rs", "runtime/programs.rs"]),
    (
        "pulldown_cmark",
        &["export/markdown.rs", "text/markup/html.rs", "text/markup/markdown.rs", "text/markup/table.rs"],
    ),
    ("ratatui", &["dump", "runtime", "view"]),
    ("reqwest", &["load", "net", "wire/forms/rust.rs"]),
    ("rusqlite", &["store"]),
    ("rust_socketio", &["net/socket.rs", "wire/forms/rust.rs"]),
    ("rustix", &["config/permissions.rs", "net/boottime_timer.rs", "runtime", "store/private_file.rs"]),
    (
        "serde",
        &[
            "app",
            "config",
            "domain",
            "export",
            "headless",
            "input",
            "protocol",
            "recording",
            "runtime/control/command.rs",
            "runtime/headless/journal.rs",
            "runtime/spool.rs",
            "server",
            "store",
            "text",
            "wire/forms.rs",
        ],
    ),
    (
        "serde_json",
        &[
            "app/features/persistence/draft_subject.rs",
            "app/features/room_info.rs",
            "dump/asciicast.rs",
            "export",
            "load",
            "net",
            "protocol",
            "headless",
            "runtime/headless/journal.rs",
            "runtime/headless/raw.rs",
            "runtime/scenario/person.rs",
            "recording",
            "runtime/control.rs",
            "runtime/control/answer.rs",
            "runtime/control/command.rs",
            "runtime/control/events.rs",
            "runtime/control/listener.rs",
            "runtime/event_loop/control.rs",
            "runtime/notification_command.rs",
            "runtime/spool.rs",
            "server",
            "store",
            // In the text of a program.
            "wire/forms/rust.rs",
        ],
    ),
    (
        "sha2",
        &[
            "load/service.rs",
            "protocol/vchat/sign_in.rs",
            "runtime/headless/journal.rs",
            "runtime/pictures/cache.rs",
            "server",
        ],
    ),
    (
        "shell_words",
        &[
            "config/edit.rs",
            "config/profiles.rs",
            "config/resolver.rs",
            "app/features/dropped_paths.rs",
            "runtime/editor.rs",
            "runtime/files.rs",
        ],
    ),
    ("signal_hook", &["runtime"]),
    ("socketioxide", &["server"]),
    (
        "tempfile",
        &[
            "config/open_profiles.rs",
            "runtime/background.rs",
            "runtime/background/pastes.rs",
            "runtime/config_file.rs",
            "runtime/editor.rs",
            "runtime/save_path.rs",
            "runtime/spool.rs",
            "runtime/temporary_file.rs",
            "runtime/pictures/cache.rs",
        ],
    ),
    ("thiserror", &["config", "domain", "input", "load", "net", "protocol", "recording", "runtime", "server", "store"]),
    ("tokio", &["load", "net", "runtime", "server", "wire/forms/rust.rs"]),
    ("tokio_tungstenite", &["load/socket.rs"]),
    ("toml", &["config", "headless/pattern.rs", "headless/scenario.rs"]),
    ("toml_edit", &["config/edit.rs"]),
    ("tower", &["server"]),
    ("tower_http", &["server"]),
    ("tracing", &["net", "protocol", "runtime", "server", "store"]),
    ("tracing_subscriber", &["runtime/event_line.rs", "runtime/logging.rs"]),
    ("unicode_segmentation", &["app/model/composer/boundaries.rs", "text"]),
    ("unicode_bidi", &["text"]),
    ("unicode_width", &["text"]),
    ("url", &["config", "net", "server", "text/link.rs"]),
    ("uuid", &["domain", "runtime/account.rs", "server"]),
    ("zune_jpeg", &["runtime/pictures/formats.rs"]),
];

/// Access to the outside world, the places where it is allowed, and the rule to report otherwise.
const OUTSIDE: &[(&str, &[&str], &str)] = &[
    ("SystemTime::now", &["runtime/clock.rs", "net", "server"], "time is an argument"),
    ("Instant::now", &["load", "runtime", "net", "server"], "time is an argument"),
    ("Timestamp::now", &["runtime/clock.rs", "net", "server"], "time is an argument"),
    ("Zoned::now", &["runtime/clock.rs"], "time is an argument"),
    ("TimeZone::system", &["runtime"], "the time zone is a field of the state"),
    ("Rng::new(", &["net", "runtime", "server"], "randomness is an argument"),
    ("new_v4(", &["runtime"], "randomness is an argument"),
    (
        "std::fs",
        &[
            "config/loader.rs",
            "config/open_profiles.rs",
            "config/permissions.rs",
            "config/secret.rs",
            "config/theme_choice.rs",
            "main.rs",
            "net",
            "runtime",
            "store",
        ],
        "files are accessed in the outer layers",
    ),
    ("std::env", &["main.rs", "runtime"], "the environment is an argument"),
    ("process::{Command", &["config/secret.rs", "runtime"], "processes are started in the outer layers"),
    ("process::Command", &["config/secret.rs", "runtime"], "processes are started in the outer layers"),
];

/// Maximum number of lines of a file without its tests.
const MAX_LINES: usize = 500;

/// The text after each `name::` in a line, where `name` is a whole word and begins a path.
fn path_tails<'a>(line: &'a str, name: &str) -> Vec<&'a str> {
    let path = format!("{name}::");
    let own = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    line.match_indices(&path).filter(|(at, _)| own(*at)).map(|(at, found)| &line[at + found.len()..]).collect()
}

/// The identifier at the beginning of `text`.
fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Fails with every line that breaks the rule.
fn check(rule: impl Fn(&Source, &str) -> Option<String>) {
    let mut broken = Vec::new();
    for source in sources() {
        for (number, line) in &source.lines {
            broken.extend(rule(&source, line).map(|rule| format!("src/{}:{number}: {rule}", source.path)));
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn imports_point_down() {
    check(|source, line| {
        let allowed = LAYERS.iter().find(|(layer, _)| *layer == source.layer);
        let Some((_, allowed)) = allowed else { return Some(format!("`{}` has no row in the table", source.layer)) };
        for rest in [path_tails(line, "crate"), path_tails(line, "minchat_tui")].concat() {
            if rest.starts_with('{') {
                return Some("write one `use` for each layer, so that this test can read them".to_owned());
            }
            let imported = word(rest);
            if imported != source.layer && !allowed.contains(&imported) {
                return Some(format!("`{}` may not import `{imported}`", source.layer));
            }
        }
        let supers = "super::".repeat(source.depth() + 1);
        line.contains(&supers).then(|| format!("this many `super::` leave `{}`; write `crate::`", source.layer))
    });
}

/// The part of a path in `app` that names its tier: the first folder, or the file without its extension.
fn tier(path: &str) -> &str {
    word(path.strip_prefix("app/").unwrap_or_default())
}

#[test]
fn app_tiers_import_downwards() {
    check(|source, line| {
        if source.layer != "app" || source.path == "app/mod.rs" {
            return None;
        }
        let own = tier(&source.path);
        let Some((_, allowed)) = TIERS.iter().find(|(tier, _)| *tier == own) else {
            return Some(format!("`{own}` has no row in the table of tiers"));
        };
        if line.contains("use super::") {
            return Some("write imports inside `app` as `crate::app::…`, so that this test can read them".to_owned());
        }
        let imported =
            path_tails(line, "crate::app").into_iter().map(word).find(|tier| *tier != own && !allowed.contains(tier));
        imported.map(|imported| format!("`{own}` may not import `{imported}`"))
    });
}

/// Module that each module of `app` imports, itself excepted.
fn app_imports() -> BTreeMap<String, BTreeSet<String>> {
    let sources = sources();
    let module = |path: &str| path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
    let modules: BTreeSet<String> = sources.iter().map(|source| module(&source.path)).collect();
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.layer == "app" && !source.path.ends_with("mod.rs")) {
        let own = module(&source.path);
        let text = source.lines.iter().map(|(_, line)| line.trim()).collect::<Vec<_>>().join(" ");
        for rest in path_tails(&text, "crate::app") {
            let path = rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next().unwrap_or_default();
            let (group, names) = match rest[path.len()..].strip_prefix('{') {
                Some(tail) => (path, tail.split('}').next().unwrap_or_default()),
                None => ("", path),
            };
            for name in names.split(',').map(str::trim) {
                let full = format!("app::{group}{name}");
                let prefix = full.match_indices("::").map(|(at, _)| &full[..at]).chain([full.as_str()]);
                let target = prefix.filter(|prefix| modules.contains(*prefix)).last().map(str::to_owned);
                imports.entry(own.clone()).or_default().extend(target.filter(|target| *target != own));
            }
        }
    }
    imports
}

/// Returns what remains of `imports` without the modules that are in no cycle and import none that is.
fn cycles(mut imports: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let remaining: BTreeSet<String> = imports.keys().cloned().collect();
        let before = imports.len();
        imports.retain(|_, imported| imported.iter().any(|module| remaining.contains(module)));
        if imports.len() == before {
            return imports;
        }
    }
}

#[test]
fn app_modules_have_no_import_cycle() {
    let cycles = cycles(app_imports());
    assert!(cycles.is_empty(), "these modules import each other in a cycle, or import one that does:\n{cycles:#?}");
}

/// A feature is a file or a folder of `app/features/`. No two files may be in a cycle even if they are in folders that
/// are.
#[test]
fn features_have_no_import_cycle() {
    let feature = |module: &str| module.strip_prefix("app::features::").map(|rest| word(rest).to_owned());
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, imported) in app_imports() {
        let Some(own) = feature(&module) else { continue };
        let others = imported.iter().filter_map(|module| feature(module)).filter(|other| *other != own);
        imports.entry(own.clone()).or_default().extend(others);
    }
    assert!(imports.len() > 50, "only {} features were found", imports.len());
    let cycles = cycles(imports);
    assert!(cycles.is_empty(), "these features import each other in a cycle, or import one that does:\n{cycles:#?}");
}

#[test]
fn libraries_are_used_where_allowed() {
    check(|source, line| {
        let used = |library: &str| {
            let whole = line.trim_start().strip_prefix("use ").is_some_and(|rest| word(rest) == library);
            whole || !path_tails(line, library).is_empty()
        };
        let stray = LIBRARIES.iter().find(|(library, places)| used(library) && !source.is_at(places));
        stray.map(|(library, places)| format!("`{library}` may be named in {} only", places.join(", ")))
    });
}

#[test]
fn every_dependency_has_a_row() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("a manifest");
    let mut ours = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            ours = line.ends_with("dependencies]") && !line.contains("dev-");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| ours && !line.starts_with('#')) {
            let name = name.trim().replace('-', "_");
            assert!(LIBRARIES.iter().any(|(library, _)| *library == name), "`{name}` has no row in this test's table");
        }
    }
}

#[test]
fn outside_world_is_accessed_where_allowed() {
    check(|source, line| {
        let stray = OUTSIDE.iter().find(|(access, places, _)| line.contains(access) && !source.is_at(places));
        stray.map(|(access, places, rule)| format!("{rule}: `{access}` is allowed in {} only", places.join(", ")))
    });
}

#[test]
fn mod_files_only_declare_and_export() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.path.ends_with("mod.rs")) {
        let text = source.lines.iter().map(|(_, line)| line.trim()).collect::<Vec<_>>().join(" ");
        let belongs = |item: &&str| {
            let item = item.rsplit("] ").next().unwrap_or(item);
            let public = item.strip_prefix("pub(super) ").or_else(|| item.strip_prefix("pub(crate) "));
            let public = public.or_else(|| item.strip_prefix("pub(in crate::app) "));
            let public = public.or_else(|| item.strip_prefix("pub "));
            item.is_empty()
                || item.starts_with("mod ")
                || public.is_some_and(|rest| ["mod", "use"].contains(&word(rest)))
        };
        let stray = text.split(';').map(str::trim).find(|item| !belongs(item));
        broken.extend(stray.map(|item| format!("src/{}: `{item}` belongs in a file of its own", source.path)));
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| source.length > MAX_LINES)
        .map(|source| format!("src/{} has {} lines: split it", source.path, source.length))
        .collect();
    assert!(long.is_empty(), "\n{}\n", long.join("\n"));
}
