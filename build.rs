//! Lets the linker place the functions that a session runs next to each other.
//!
//! The kernel maps 64 KiB around each page of code that runs. The functions of a session are a sixth of the program,
//! but spread over all of it, so that two thirds of the program would be in memory. `assets/link-order.txt` lists them;
//! `contrib/link-order` records it, those that run until the first frame first. A name in it that no longer exists does no
//! harm. See docs/building.md.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

const ORDER: &str = "assets/link-order.txt";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={ORDER}");
    println!("cargo::rerun-if-env-changed=LD_PRELOAD");
    let script = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("link-order.ld");
    // Written in every profile: a test links a program with it.
    write_script(&fs::read_to_string(ORDER)?, &script)?;
    if is_release() && links_with_default_linker() {
        for argument in ["-T", &script.to_string_lossy()] {
            println!("cargo::rustc-link-arg-bin=minchat-tui={argument}");
        }
    }
    Ok(())
}

/// Writes a linker script that adds a section with the functions of `order` in front of all others.
///
/// Each line of `order` is a symbol, in which `*` stands for anything. LLVM calls the section of a function that is
/// rarely called `.text.unlikely`.
fn write_script(order: &str, path: &Path) -> io::Result<()> {
    let mut script = io::BufWriter::new(fs::File::create(path)?);
    writeln!(script, "SECTIONS {{\n  .text.link_order : {{")?;
    for symbol in order.lines().filter(|line| !line.starts_with('#')) {
        writeln!(script, "    *(\".text.{symbol}\" \".text.unlikely.{symbol}\")")?;
    }
    writeln!(script, "  }}\n}}\nINSERT BEFORE .text;")?;
    script.flush()
}

/// Whether the profile is `release`, or inherits from it.
fn is_release() -> bool {
    env::var("PROFILE").is_ok_and(|profile| profile == "release")
}

/// Whether the linker is one that is known to understand the script: `ld` or `lld`, on the platform where it was
/// measured. Others, such as `mold`, are named in the flags or in the environment.
fn links_with_default_linker() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let preloaded = env::var("LD_PRELOAD").unwrap_or_default();
    env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu")
        && env::var_os("RUSTC_LINKER").is_none()
        && !flags.contains("linker=")
        && !flags.contains("fuse-ld")
        && !preloaded.contains("mold")
}
