//! The check of a program before it is published.

use std::path::Path;
use std::process::Command;

/// Whether the check accepts a program with these bytes.
fn is_accepted(program: &[u8]) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("program");
    std::fs::write(&path, program).expect("a file");
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/openssl-folders");
    Command::new(check).arg(path).output().expect("bash").status.success()
}

/// Programs were built below `/tmp`, where any user of a machine can put a module for OpenSSL.
#[test]
fn program_with_modules_of_users_is_refused() {
    let accepted = |build: &str| {
        is_accepted(
            format!("\u{7f}ELF\0MODULESDIR: \"{build}/lib/ossl-modules\"\0x\0{build}/lib/engines-3\0").as_bytes(),
        )
    };
    assert!(accepted("/usr/local/lib/minchat-tui/target/release/build/openssl-sys-1/out"));
    assert!(accepted("/tmpfiles/x") && accepted("/opt/home/x"));
    for build in ["/tmp/x", "/var/tmp/x", "/home/ann/x", "/root/x", "/Users/ann/x", "/dev/shm/x"] {
        assert!(!accepted(build), "{build}");
    }
    assert!(!is_accepted(b"\x7fELF\0no OpenSSL\0"));
}
