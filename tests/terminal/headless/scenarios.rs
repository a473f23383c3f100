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
        assert!(out.contains("not ok 4") && out.contains("It did not happen in time."), "{out}");
        let (records, screen) = out.split_once("screen: |").unwrap();
        assert!(records.contains("\"text\":\"one <two>\"") && screen.contains("one <two>"), "{out}");
        assert!(out.contains("ok 5") && out.contains("# SKIP an earlier step failed"), "{out}");
        let Ended { code, out, .. } = run(&file, &["--backend", backend, "--format", "junit"]);
        assert_eq!((code, out.contains("failures=\"1\" skipped=\"1\"")), (Some(1), true), "{out}");
        assert!(out.contains("one &lt;two&gt;") && !out.contains("<two>"), "{out}");
    }
}

#[test]
fn wrong_file_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    for (text, expected) in [
        ("name = \"x\"\npeople = {}\n[[steps]]\nwho = \"bob\"\nsend = \"a\"", "step 1: `who` names nobody"),
        ("name = \"x\"\n[people.bob]\n[[steps]]\nwho = \"bob\"\nsned = \"a\"", "unknown field `sned`"),
    ] {
        std::fs::write(&file, text).unwrap();
        let Ended { code, err, .. } = run(&file, &[]);
        assert_eq!((code, err.contains(expected)), (Some(2), true), "{err}");
    }
    assert_eq!(run(&folder.path().join("none.toml"), &[]).code, Some(2));
}
