//! The client's own code, beside something simpler done to the same data in the same run.
//!
//! `cargo bench --bench pane [-- [frame] [decode] [wrap]]`.

mod decode;
mod frame;
mod wrap;

const SECTIONS: [(&str, fn()); 3] = [("frame", frame::measure), ("decode", decode::measure), ("wrap", wrap::measure)];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Under `cargo test --all-targets` nothing is measured: a test never depends on the time something takes.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    for (name, measure) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|want| *want == name) {
            measure();
        }
    }
}
