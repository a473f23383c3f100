//! The list of functions that `build.rs` gives to the linker. Only release builds use it, and no other test makes one.

use std::fs;
use std::process::Command;

/// The linker script that the build script wrote.
const SCRIPT: &str = concat!(env!("OUT_DIR"), "/link-order.ld");

#[test]
fn link_order_is_sorted_and_without_hashes() {
    let list = fs::read_to_string("assets/link-order.txt").expect("the list");
    let parts: Vec<Vec<&str>> = list.split("\n#").map(|part| part.lines().skip(1).collect()).collect();
    assert!(parts.len() == 2, "the start and the rest");
    for symbols in &parts {
        assert!(symbols.len() > 300, "only {} functions", symbols.len());
        assert!(symbols.is_sorted(), "contrib/link-order writes sorted parts");
    }
    for symbol in parts.iter().flatten() {
        let hash = symbol.split("17h").nth(1).and_then(|rest| rest.get(..16));
        assert!(
            hash.is_none_or(|hash| !hash.bytes().all(|byte| byte.is_ascii_hexdigit())),
            "{symbol} has the hash of one compiler"
        );
    }
}

/// Without a test, a script that the linker refuses would be noticed only by the first user who builds a release.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
fn linker_accepts_the_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, program) = (folder.path().join("main.rs"), folder.path().join("main"));
    fs::write(&source, "fn main() { println!(\"{}\", std::env::args().count()) }").expect("a source file");
    let rustc = Command::new("rustc")
        .args(["--edition=2024", "-C", "link-arg=-T", "-C", &format!("link-arg={SCRIPT}"), "-o"])
        .args([&program, &source])
        .output()
        .expect("rustc");
    assert!(rustc.status.success(), "{}", String::from_utf8_lossy(&rustc.stderr));

    let output = Command::new(&program).output().expect("the program");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1\n");
    let bytes = fs::read(&program).expect("the program");
    assert!(bytes.windows(16).any(|window| window == b".text.link_order"), "the section is missing");
}
