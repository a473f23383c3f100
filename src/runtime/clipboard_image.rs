//! Image in the clipboard, which a program of the desktop reads: a terminal passes on text only.
//!
//! The program does not inherit the keys of the account, and its output and its time are limited.

use std::ffi::OsStr;
use std::io::{ErrorKind, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::files::MAX_SIZE;

/// Time that a program gets.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Programs that write the image in the clipboard to their output: name, arguments, and the variable without which they
/// have no clipboard to read.
const PROGRAMS: &[(&str, &[&str], Option<&str>)] = &[
    ("wl-paste", &["--no-newline", "--type", "image/png"], Some("WAYLAND_DISPLAY")),
    ("xclip", &["-selection", "clipboard", "-target", "image/png", "-out"], Some("DISPLAY")),
    ("pngpaste", &["-"], if cfg!(target_os = "macos") { None } else { Some("") }),
];

/// Returns the image in the clipboard, or a sentence that says why there is none. Waits for the program.
pub(super) fn read(secret_variables: &[String]) -> Result<Vec<u8>, String> {
    let is_set = |variable: &str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    let usable =
        PROGRAMS.iter().filter(|(_, _, variable)| variable.is_none_or(|name| !name.is_empty() && is_set(name)));
    let mut usable = usable.peekable();
    if usable.peek().is_none() {
        return Err("There is no desktop whose clipboard could be read. Use /send with a file.".to_owned());
    }
    for (program, arguments, _) in usable {
        match output(program, arguments, secret_variables) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{program} cannot read the clipboard: {error}. Use /send with a file.")),
            Ok(image) if image.is_empty() => {
                return Err("There is no image in the clipboard. Copy one, or use /send with a file.".to_owned());
            }
            Ok(image) => return Ok(image),
        }
    }
    Err("No program can read images from the clipboard. Install wl-clipboard (Wayland), xclip (X11) or pngpaste (macOS)."
        .to_owned())
}

/// Returns the output of a program; nothing if it fails.
fn output(program: impl AsRef<OsStr>, arguments: &[&str], secret_variables: &[String]) -> std::io::Result<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    for variable in secret_variables {
        command.env_remove(variable);
    }
    let mut child = command.spawn()?;
    let Some(stdout) = child.stdout.take() else { return Ok(Vec::new()) };
    let (sender, received) = mpsc::channel();
    thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
        let mut image = Vec::new();
        let read = stdout.take(MAX_SIZE + 1).read_to_end(&mut image).map(|_| image);
        let _ = sender.send(read);
    })?;
    let image = received.recv_timeout(TIMEOUT).unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()));
    let status = end(child, image.is_ok())?;
    let image = image?;
    if image.len() as u64 > MAX_SIZE {
        return Err(std::io::Error::other("the image is too large"));
    }
    Ok(if status { image } else { Vec::new() })
}

/// Waits for a program whose output has ended, or kills it. Returns whether it succeeded.
fn end(mut child: Child, has_ended: bool) -> std::io::Result<bool> {
    if !has_ended {
        child.kill()?;
    }
    child.wait().map(|status| status.success())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn run(script: &str, secrets: &[&str]) -> std::io::Result<Vec<u8>> {
        let secrets: Vec<String> = secrets.iter().map(|name| (*name).to_owned()).collect();
        output("sh", &["-c", script], &secrets)
    }

    #[test]
    fn output_of_the_program_is_the_image() {
        assert_eq!(run("printf '\\211PNG'", &[]).unwrap(), b"\x89PNG");
        assert_eq!(run("echo half; exit 1", &[]).unwrap(), b"", "it failed");
    }

    #[test]
    fn program_gets_no_key() {
        // The test process has this variable.
        assert_eq!(run("printf \"[$CARGO_PKG_NAME]\"", &["CARGO_PKG_NAME"]).unwrap(), b"[]");
    }

    #[test]
    fn missing_program_is_told_from_a_failing_one() {
        assert_eq!(output("/nowhere/wl-paste", &[], &[]).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn endless_output_is_cut() {
        assert_eq!(run("yes", &[]).unwrap_err().to_string(), "the image is too large");
    }
}
