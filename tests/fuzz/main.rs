//! The fuzz targets as property tests: the same bodies, with bytes of chance instead of bytes that grew. Together they
//! take a few seconds; `fuzz/` is for the hours.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use test_support::fuzz::{adapters, plain, sandbox, tale};

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

/// Panics anywhere in this process: a server's tasks keep theirs to themselves.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Fails when a task panicked meanwhile. No other test of this file panics unless it fails as well.
fn without_a_panic(deed: impl FnOnce()) {
    static COUNTING: Once = Once::new();
    COUNTING.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            before(info);
        }));
    });
    let before = PANICS.load(Ordering::SeqCst);
    deed();
    assert_eq!(PANICS.load(Ordering::SeqCst), before, "a task of the server panicked");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn frames(data in bytes(400)) {
        adapters::minchat_frame(&data);
        adapters::vchat_frame(&data);
    }

    #[test]
    fn replies(data in bytes(400)) {
        adapters::minchat_reply(&data);
        adapters::vchat_reply(&data);
    }

    #[test]
    fn texts(raw in any::<String>(), data in bytes(200)) {
        for data in [raw.as_bytes(), &data] {
            plain::sanitize(data);
            plain::wrapped(data);
            plain::config(data);
        }
    }

    #[test]
    fn links_and_secrets(words in prop::collection::vec("\\PC{0,6}|[\\x00-\\x9f\u{202e}\u{430}]{0,3}", 1..12), glue in bytes(12)) {
        const MARKS: &[&str] = &["https://", "http://", "@", ":", "/", "?", "#", ".", " ", "Bearer ", "auth=", "k3y!"];
        let marks = glue.iter().map(|byte| MARKS[usize::from(*byte) % MARKS.len()]).chain(std::iter::repeat("/"));
        let text: String = marks.zip(&words).flat_map(|(mark, word)| [mark, word.as_str()]).collect();
        plain::sanitize(format!("https://{text}").as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn requests_and_packets(data in bytes(600)) {
        without_a_panic(|| {
            sandbox::minchat(&sandbox::chosen(&data));
            sandbox::vchat(&sandbox::chosen(&data));
        });
    }

    #[test]
    fn stories(data in bytes(500)) {
        tale::update(&data);
    }
}

/// The seeds of the fuzzer: what they hold must stay readable, and once found is never broken again.
#[test]
fn seeds_and_finds_hold() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut read = 0;
    for (target, body) in TARGETS {
        let Ok(folder) = std::fs::read_dir(root.join(target)) else { continue };
        for seed in folder {
            let data = std::fs::read(seed.unwrap().path()).unwrap();
            without_a_panic(|| body(&data));
            read += 1;
        }
    }
    assert!(read > 40, "the seeds are gone: {read}");
}

/// Each target is a file of `fuzz/` with its row in that manifest.
#[test]
fn every_target_is_built_and_has_its_row() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for (target, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} has no row");
        assert!(root.join(format!("fuzz_targets/{target}.rs")).exists(), "{target} has no file");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
}

/// A target and its body.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 10] = [
    ("minchat_frame", adapters::minchat_frame),
    ("minchat_reply", adapters::minchat_reply),
    ("vchat_frame", adapters::vchat_frame),
    ("vchat_reply", adapters::vchat_reply),
    ("sanitize", plain::sanitize),
    ("wrap", plain::wrapped),
    ("config", plain::config),
    ("server_minchat", sandbox::minchat),
    ("server_vchat", sandbox::vchat),
    ("update", tale::update),
];
