//! `run`: scenarios against sandbox servers of its own.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::program::{Ended, Script, both, program};
use crate::sandbox::Sandbox;

fn run(file: &Path, more: &[&str]) -> Ended {
    let home = tempfile::tempdir().unwrap();
    program(home.path()).arg("run").arg(file).args(more).output().unwrap().into()
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scenarios");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn examples_pass_on_both_back_ends() {
    let examples = examples();
    assert!(examples.len() >= 10);
    for file in examples {
        let ended = run(&file, &["--backend", "both"]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}: {}", file.display(), ended.out);
        let plan = ended.out.lines().nth(1).unwrap().strip_prefix("1..").unwrap();
        let results = ended.out.lines().filter(|line| line.starts_with("ok "));
        assert_eq!(results.count().to_string(), plan, "{}", ended.out);
        assert!(ended.out.contains("records received"), "there is no table of differences: {}", ended.out);
    }
}

#[test]
fn failed_step_shows_what_was_seen_last() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    let step = |text: &str| format!("[[steps]]\nwho = \"bob\"\n{text}\n");
    let steps = [
        step("open = \"alice\""),
        step("send = \"one <two>\""),
        step("screen = \"one\""),
        step("expect = { type = \"message\", text = \"three\" }\nwithin = 0.5"),
        step("send = \"four\""),
    ];
    let text = format!("name = \"Wrong\"\n[people.alice]\n[people.bob]\n{}", steps.concat());
    std::fs::write(&file, text).unwrap();
    for backend in ["minchat", "vchat"] {
        let Ended { code, out, .. } = run(&file, &["--backend", backend]);
        assert_eq!(code, Some(1), "{out}");
        assert!(
            out.contains("not ok 4")
                && out.contains("No record with {\"text\":\"three\",\"type\":\"message\"} arrived within 0.5 s."),
            "{out}"
        );
        let (records, screen) = out.split_once("screen: |").unwrap();
        assert!(records.contains("\"text\":\"one <two>\"") && screen.contains("one <two>"), "{out}");
        assert!(out.contains("ok 5") && out.contains("# SKIP an earlier step failed"), "{out}");
        let Ended { code, out, .. } = run(&file, &["--backend", backend, "--format", "junit"]);
        assert_eq!((code, out.contains("failures=\"1\" skipped=\"1\"")), (Some(1), true), "{out}");
        assert!(out.contains("one &lt;two&gt;") && !out.contains("<two>"), "{out}");
    }
}

fn scenario(folder: &Path, steps: &[(&str, &str)]) -> PathBuf {
    let file = folder.join("scenario.toml");
    let steps = steps.iter().map(|(who, step)| format!("[[steps]]\nwho = \"{who}\"\n{step}\n"));
    let people = "[people.alice]\n[people.bob]\n[people.carol]\n[vars]\ntext = \"日本語 and\"";
    let text = format!("name = \"Test\"\ntimeout = 20\n{people}\n{}", steps.collect::<String>());
    std::fs::write(&file, text).unwrap();
    file
}

/// Regression tests: on MinChat, only people who had opened the room received its messages; `never` failed at random
/// with a time limit of its own or a short one of the scenario; wide text was never found on the screen; the titles in
/// the report showed `${text}`.
#[test]
fn steps_do_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario(
        folder.path(),
        &[
            ("alice", "group = \"Team\"\nwith = [\"bob\", \"carol\"]"),
            ("alice", "send = \"${text} latin\""),
            ("bob", "expect = { type = \"message\", text = \"日本語 and latin\" }"),
            ("carol", "expect = { type = \"message\", text = \"${text} latin\" }"),
            ("carol", "never = { type = \"message\", kind = \"text\" }\nwithin = 0.3"),
            ("carol", "open = \"Team\""),
            ("carol", "screen = \"${text} latin\""),
        ],
    );
    let Ended { code, out, .. } = run(&file, &["--backend", "both"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("alice sends 日本語 and latin") && !out.contains("${"), "{out}");
}

/// Scenarios could look at the screen, but not at what a key does to it.
#[test]
fn keys_are_pressed_in_the_chat_of_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario(
        folder.path(),
        &[
            ("alice", "open = \"bob\""),
            ("alice", "send = \"First.\""),
            ("alice", "keys = \"h i Space t h e r e\""),
            ("alice", "type = \", ${text} so on\""),
            ("alice", "screen = \"› hi there, 日本語 and so on\""),
            ("alice", "keys = \"Enter\""),
            (
                "bob",
                "expect = { type = \"message\", text = \"hi there, ${text} so on\", author = { username = \"alice\" } }",
            ),
            // Until the server has answered, quitting asks about the message.
            ("bob", "open = \"alice\""),
            ("bob", "send = \"Thanks.\""),
            ("alice", "screen = \"Thanks.\""),
            ("alice", "keys = \"F1\""),
            ("alice", "screen = \"Help\""),
            ("alice", "keys = \"Esc Ctrl+Q\""),
            ("alice", "type = \"too late\""),
        ],
    );
    for backend in ["minchat", "vchat"] {
        let Ended { code, out, .. } = run(&file, &["--backend", backend]);
        assert_eq!((code, out.matches("\nok ").count()), (Some(1), 13), "{out}");
        assert!(out.contains("not ok 14") && out.contains("The chat of this person has ended."), "{out}");
        assert!(out.contains("alice presses F1") && out.contains("alice types , 日本語 and so on"), "{out}");
    }
}

/// Keys must not be typed into another room.
#[test]
fn keys_wait_for_the_room_of_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let steps = [
        ("alice", "open = \"carol\""),
        ("alice", "send = \"For Carol.\""),
        ("alice", "open = \"bob\""),
        ("alice", "type = \"for Bob\""),
    ];
    let file = scenario(folder.path(), &steps);
    for backend in ["minchat", "vchat"] {
        let Ended { code, out, .. } = run(&file, &["--backend", backend]);
        assert_eq!(code, Some(1), "{out}");
        let (_, failed) = out.split_once("not ok 4").unwrap();
        assert!(failed.contains("in no list of rooms before its first message. Write it with `send`"), "{out}");
        assert!(!failed.contains("› for Bob"), "{out}");
    }
}

fn run_at(home: &Path, file: &Path, (backend, url, key): (&str, &str, &str)) -> Ended {
    let mut command = program(home);
    command.arg("run").arg(file).args(["--backend", backend, "--url", url]).env("MINCHAT_API_KEY", key);
    command.output().unwrap().into()
}

#[test]
fn scenario_is_played_against_a_server_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scenarios/conversation.toml");
    for backend in ["minchat", "vchat"] {
        let server = Sandbox::start_with(backend, "k3y-of-serve", &["--empty"]);
        // Twice: the people and their rooms are there already.
        for _ in 0..2 {
            let Ended { code, out, err } = run_at(home.path(), &file, (backend, &server.url, "k3y-of-serve"));
            assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
            assert!(out.contains("1..8"), "{out}");
        }
        let Ended { code, out, err } = run_at(home.path(), &file, (backend, &server.url, "wr0ng-key"));
        assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
        assert!(err.contains("The server refused the") && !err.contains("wr0ng"), "{err}");
    }
}

#[test]
fn server_of_a_scenario_that_cannot_be_reached_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scenarios/conversation.toml");
    for backend in ["minchat", "vchat"] {
        // Nobody listens on port 1.
        let url = "http://127.0.0.1:1";
        let Ended { code, out, err } = run_at(home.path(), &file, (backend, url, "k3y-of-serve"));
        assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
        let expected = format!("Cannot reach {url}: connection refused. Check the address and the network.");
        assert_eq!(err, format!("minchat-tui: {expected}\n"));
    }
}

#[test]
fn failed_expectation_without_records_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario(folder.path(), &[("bob", "expect = { type = \"message\" }\nwithin = 0.2")]);
    let Ended { code, out, .. } = run(&file, &["--backend", "vchat"]);
    assert_eq!((code, out.contains("none since this person signed in")), (Some(1), true), "{out}");
}

#[test]
fn wrong_file_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    for (text, expected) in [
        ("name = \"x\"\npeople = {}\n[[steps]]\nwho = \"bob\"\nsend = \"a\"", "line 3, step 1: `who` names nobody"),
        ("name = \"x\"\n[people.bob]\n[[steps]]\nwho = \"bob\"\nsned = \"a\"", "unknown field `sned`"),
        (
            "name = \"x\"\n[people.bob]\n[[steps]]\nwho = \"bob\"\nkeys = \"enter hyper+x\"",
            "line 3, step 1: `hyper+x` is not a key; write it like `ctrl+k`",
        ),
        (
            "name = \"x\"\n[people.bob]\n[[steps]]\nwho = \"bob\"\nnever = { type = \"message\", txt = \"a\" }",
            "line 5, step 1: `never`: No such record has a field `txt`. Did you mean `text`?",
        ),
        ("name = \"x\"\ntimeout = nan\n[people.bob]\n[[steps]]\nwho = \"bob\"\nsend = \"a\"", "`timeout` is NaN"),
    ] {
        std::fs::write(&file, text).unwrap();
        let Ended { code, err, .. } = run(&file, &[]);
        assert_eq!((code, err.contains(expected)), (Some(2), true), "{err}");
    }
    assert_eq!(run(&folder.path().join("none.toml"), &[]).code, Some(2));
}

/// `both` needs one address for each service. It was refused without a way out, and several profiles with a complaint
/// about a `--user` that nobody had given.
#[test]
fn two_services_are_compared_by_their_profiles() {
    let [minchat, vchat] = both();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let profile = |name: &str, script: &Script, user: &str| {
        let [_, backend, _, url, _, key, ..] = script.world.arguments(&script.url);
        format!("[profiles.{name}]\nbackend = \"{backend}\"\nurl = \"{url}\"\napi_key = \"{key}\"\nuser = \"{user}\"\n")
    };
    let text = profile("ours", &minchat, "nobody") + &profile("theirs", &vchat, "nobody@example.org");
    std::fs::write(&config, text).unwrap();
    // Regression test: unlike other commands, it did not warn of such a file that others can read.
    std::fs::set_permissions(&config, Permissions::from_mode(0o600)).unwrap();
    let people = "name = \"Two\"\n[people.\"alice@example.org\"]\n[people.\"bob@example.org\"]\n";
    let step = |who: &str, step: &str| format!("[[steps]]\nwho = \"{who}@example.org\"\n{step}\n");
    let steps = [
        step("alice", "open = \"bob@example.org\""),
        step("alice", "send = \"Hello\""),
        step("bob", "expect = { type = \"message\", text = \"Hello\" }"),
        step("alice", "typing = true\nonly = \"vchat\""),
    ];
    let file = folder.path().join("two.toml");
    std::fs::write(&file, people.to_owned() + &steps.concat()).unwrap();
    let config = config.to_str().unwrap();
    let Ended { code, out, err } = run(&file, &["--config", config, "--profile", "ours,theirs"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    for text in ["# Two on ours", "# Two on theirs", "ok 4 - ours: alice@example.org", "SKIP for another back end"] {
        assert!(out.contains(text), "{text}: {out}");
    }
    let heading = out.lines().find(|line| line.contains("records received")).unwrap();
    assert!(heading.trim_end().ends_with("ours     theirs"), "{out}");
    let Ended { code, out, err } = run(&file, &["--url", &minchat.url, "--api-key", "K", "--backend", "both"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("`run` takes a profile of each, as in --profile A,B."), "{err}");
}

/// Regression test: `run` was the only command that ignored the address and the service in the environment, and took no
/// notice of options that it does not use.
#[test]
fn scenario_uses_the_environment_like_other_commands() {
    let home = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scenarios/conversation.toml");
    let played = |variables: &[(&str, &str)], arguments: &[&str]| -> Ended {
        let mut command = program(home.path());
        command.arg("run").arg(&file).args(arguments).envs(variables.iter().copied());
        command.output().unwrap().into()
    };
    let server = Sandbox::start_with("vchat", "k3y-of-serve", &["--empty"]);
    let key = ("MINCHAT_API_KEY", "k3y-of-serve");
    let vchat = ("MINCHAT_BACKEND", "vchat");
    let Ended { code, out, err } = played(&[("MINCHAT_URL", &server.url), key, vchat], &[]);
    assert_eq!((code, err.as_str(), out.contains("on vchat")), (Some(0), "", true), "{out}");
    let wrong = ("MINCHAT_API_KEY", "wr0ng-key");
    assert_eq!(played(&[("MINCHAT_URL", &server.url), wrong, vchat], &[]).code, Some(3));
    // Servers of its own.
    let Ended { code, out, err } = played(&[vchat, key], &[]);
    assert_eq!((code, err.as_str(), out.contains("on vchat")), (Some(0), "", true), "{out}");
    let Ended { code, out, err } = played(&[("MINCHAT_URL", "http://127.0.0.1:1"), key], &["--backend", "both"]);
    assert_eq!((code, err.as_str(), out.contains("on minchat")), (Some(0), "", true), "{out}");
    for (variables, arguments, expected) in [
        (&[("MINCHAT_BACKEND", "vchta")][..], &[][..], "Use minchat or vchat"),
        (&[], &["--user", "x"], "--user has no effect with `run`. Remove it."),
        (&[], &["--api-key", "k3y-of-serve"], "--api-key has no effect without --url or --profile."),
    ] {
        let Ended { code, err, .. } = played(variables, arguments);
        assert_eq!((code, err.contains(expected)), (Some(2), true), "{err}");
    }
}

#[test]
fn scenario_is_read_from_standard_input() {
    let home = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scenarios/refusal.toml");
    let mut command = program(home.path());
    let Ended { code, out, err } = command.args(["run", "-"]).stdin(File::open(file).unwrap()).output().unwrap().into();
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
}
