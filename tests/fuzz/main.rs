//! The fuzz targets as property tests with random bytes. The crate in `fuzz/` runs the same functions for hours, guided
//! by coverage.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use test_support::fuzz::{adapters, sandbox, texts, update};

fn bytes(max_len: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..max_len)
}

/// Number of panics in this process. A test would not notice a panic in a task of the server otherwise.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Runs `action` and fails if a task panicked. Since the panics of the whole process are counted, one failing test may
/// make others fail too.
fn assert_no_panic(action: impl FnOnce()) {
    static COUNTING: Once = Once::new();
    COUNTING.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            before(info);
        }));
    });
    let before = PANICS.load(Ordering::SeqCst);
    action();
    assert_eq!(PANICS.load(Ordering::SeqCst), before, "a task of the server panicked");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoding_events_never_panics(data in bytes(400)) {
        adapters::minchat_frame(&data);
        adapters::vchat_frame(&data);
    }

    #[test]
    fn decoding_replies_never_panics(data in bytes(400)) {
        adapters::minchat_reply(&data);
        adapters::vchat_reply(&data);
    }

    #[test]
    fn text_functions_never_panic(raw in any::<String>(), data in bytes(200)) {
        for data in [raw.as_bytes(), &data] {
            texts::sanitize(data);
            texts::wrap(data);
            texts::complete(data);
            texts::config(data);
        }
    }

    #[test]
    fn links_and_secrets_are_sanitized(words in prop::collection::vec("\\PC{0,6}|[\\x00-\\x9f\u{202e}\u{430}]{0,3}", 1..12), glue in bytes(12)) {
        const MARKS: &[&str] = &["https://", "http://", "@", ":", "/", "?", "#", ".", " ", "Bearer ", "auth=", "k3y!"];
        let marks = glue.iter().map(|byte| MARKS[usize::from(*byte) % MARKS.len()]).chain(std::iter::repeat("/"));
        let text: String = marks.zip(&words).flat_map(|(mark, word)| [mark, word.as_str()]).collect();
        texts::sanitize(format!("https://{text}").as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn server_survives_any_input(data in bytes(600)) {
        assert_no_panic(|| {
            sandbox::minchat(&sandbox::choices_from(&data));
            sandbox::vchat(&sandbox::choices_from(&data));
        });
    }

    #[test]
    fn state_survives_any_events(data in bytes(500)) {
        update::run(&data);
    }
}

/// The seeds of the fuzzer, which include every input that once failed.
#[test]
fn seeds_and_former_failures_pass() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut read = 0;
    for (target, body) in TARGETS {
        let Ok(folder) = std::fs::read_dir(root.join(target)) else { continue };
        for seed in folder {
            let data = std::fs::read(seed.unwrap().path()).unwrap();
            assert_no_panic(|| body(&data));
            read += 1;
        }
    }
    assert!(read > 40, "the seeds are missing: {read}");
}

/// Each target has a file in `fuzz/` and a row in its manifest.
#[test]
fn every_target_has_a_file_and_a_manifest_row() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for (target, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} has no row");
        assert!(root.join(format!("fuzz_targets/{target}.rs")).exists(), "{target} has no file");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
}

/// Name and body of a target.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 11] = [
    ("minchat_frame", adapters::minchat_frame),
    ("minchat_reply", adapters::minchat_reply),
    ("vchat_frame", adapters::vchat_frame),
    ("vchat_reply", adapters::vchat_reply),
    ("sanitize", texts::sanitize),
    ("wrap", texts::wrap),
    ("complete", texts::complete),
    ("config", texts::config),
    ("server_minchat", sandbox::minchat),
    ("server_vchat", sandbox::vchat),
    ("update", update::run),
];
