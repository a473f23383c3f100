//! `run`: scenarios against sandbox servers of its own.

use std::path::{Path, PathBuf};

use super::program::{Ended, program};

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
        ("name = \"x\"\npeople = {}\n[[steps]]\nwho = \"bob\"\nsend = \"a\"", "step 1: `who` names nobody"),
        ("name = \"x\"\n[people.bob]\n[[steps]]\nwho = \"bob\"\nsned = \"a\"", "unknown field `sned`"),
        ("name = \"x\"\ntimeout = nan\n[people.bob]\n[[steps]]\nwho = \"bob\"\nsend = \"a\"", "`timeout` is NaN"),
    ] {
        std::fs::write(&file, text).unwrap();
        let Ended { code, err, .. } = run(&file, &[]);
        assert_eq!((code, err.contains(expected)), (Some(2), true), "{err}");
    }
    assert_eq!(run(&folder.path().join("none.toml"), &[]).code, Some(2));
}
