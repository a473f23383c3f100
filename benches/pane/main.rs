//! Micro-benchmarks: frames, decoding and wrapping, each compared with a simpler baseline in the same run.
//!
//! Run with `cargo bench --bench pane [-- [frame] [decode] [wrap]]`. Limits are printed, never asserted.

mod decode;
mod frame;
mod wrap;

const SECTIONS: [(&str, fn()); 3] = [("frame", frame::measure), ("decode", decode::measure), ("wrap", wrap::measure)];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` also runs this program. Tests must not depend on timing, so it measures nothing.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let selected: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    for (name, measure) in SECTIONS {
        if selected.is_empty() || selected.iter().any(|section| *section == name) {
            measure();
        }
    }
}
