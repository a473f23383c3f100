//! Secrets: shown as `***`, fetched from where the user keeps them.
//!
//! The one place in the configuration that runs a process ([`KeySource::fetch`]), by argument vector, never by a shell.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Text that must not be seen. `Debug` and `Display` print `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one call that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// It is written down.
    Plain(Secret),
    /// It is in an environment variable.
    Env(String),
    /// A program prints it on its first line.
    Command(Vec<String>),
    /// It is in a file, and nothing else is.
    File(String),
    /// It is in the platform's keyring, under this service and the user's name on this machine.
    Keyring(String),
}

/// What a secret is fetched with.
pub struct Reach<'a> {
    /// Reads an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Makes a path of what was written.
    pub path: &'a dyn Fn(&str) -> PathBuf,
}

/// A key or a token is a line; a larger file is the wrong one.
const LARGEST: u64 = 64 << 10;

impl KeySource {
    /// Gets the secret of `key`, which is called `what`. The program, when there is one, may ask on the terminal: nothing is drawn yet.
    ///
    /// # Errors
    /// A sentence, when there is none to be had. It never holds what the program printed.
    pub fn fetch(&self, key: &str, what: &str, reach: &Reach<'_>) -> Result<Secret, String> {
        match self {
            Self::Plain(secret) => Ok(secret.clone()),
            Self::Env(name) => (reach.variable)(name).filter(|value| !value.is_empty()).map(Secret).ok_or_else(|| {
                format!("The variable `{name}`, which holds the {what}, is not set. Set it, or change `{key}`.")
            }),
            Self::Command(arguments) => run(what, arguments),
            Self::File(written) => read(key, what, &(reach.path)(written)),
            Self::Keyring(service) => {
                keyring(what, service, (reach.variable)(LOGIN).as_deref().unwrap_or("minchat-tui"))
            }
        }
    }
}

/// The variable that names the user to the system, as keyrings ask for one.
const LOGIN: &str = if cfg!(windows) { "USERNAME" } else { "USER" };

/// What the keyring holds for `service`.
#[cfg(feature = "keyring")]
fn keyring(what: &str, service: &str, user: &str) -> Result<Secret, String> {
    let found = keyring::Entry::new(service, user).and_then(|entry| entry.get_password());
    found.map(Secret::new).map_err(|error| {
        let advice = "Store it there, or name a program that prints it: { command = [\"…\"] }.";
        format!("The keyring gives no {what} for the service `{service}` and the user `{user}`: {error}. {advice}")
    })
}

/// Says that there is none.
#[cfg(not(feature = "keyring"))]
fn keyring(what: &str, service: &str, _: &str) -> Result<Secret, String> {
    Err(format!(
        "This program was built without the keyring. Build it with `--features keyring`, or have a program print the \
         {what}: {{ command = [\"secret-tool\", \"lookup\", \"service\", \"{service}\"] }}."
    ))
}

/// What a file holds, without the line break at its end.
fn read(key: &str, what: &str, path: &Path) -> Result<Secret, String> {
    let shown = path.display();
    let advice = format!("Correct `{key}`, or write the {what} into that file and nothing else.");
    let unread = |error: std::io::Error| {
        format!("The file {shown}, which holds the {what}, cannot be read: {error}. Correct `{key}` or the file.")
    };
    // Looked at before it is opened: opening a pipe would wait for somebody who writes into it.
    let found = std::fs::metadata(path).map_err(unread)?;
    if !found.is_file() || found.len() > LARGEST {
        return Err(format!("{shown} is not a file with the {what} in it. {advice}"));
    }
    let mut text = String::new();
    let read = File::open(path).map_err(unread)?.take(LARGEST).read_to_string(&mut text);
    read.map_err(|_| format!("The file {shown}, which holds the {what}, is not text. {advice}"))?;
    let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if text.trim().is_empty() {
        return Err(format!("The file {shown}, which holds the {what}, is empty. {advice}"));
    }
    Ok(Secret::new(text))
}

/// Whether others than its owner can read a file, as far as the system says so.
#[cfg(unix)]
pub(super) fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o044 != 0)
}

/// Whether others than its owner can read a file, as far as the system says so.
#[cfg(not(unix))]
pub(super) fn others_can_read(_: &Path) -> bool {
    false
}

/// The first line that a program prints.
fn run(what: &str, arguments: &[String]) -> Result<Secret, String> {
    let Some((program, rest)) = arguments.split_first() else {
        return Err(format!("The command for the {what} is empty. Write the program and its arguments."));
    };
    let output = Command::new(program).args(rest).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output();
    let advice = "Run it by hand to see what is wrong.";
    let output = output.map_err(|error| format!("The command `{program}` for the {what} did not run: {error}."))?;
    if !output.status.success() {
        return Err(format!("The command `{program}` for the {what} ended with {}. {advice}", output.status));
    }
    let Ok(text) = String::from_utf8(output.stdout) else {
        return Err(format!("The command `{program}` for the {what} printed no text. {advice}"));
    };
    match text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => Ok(Secret::new(line)),
        None => Err(format!("The command `{program}` for the {what} printed nothing on its first line. {advice}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Reach<'_> = Reach { variable: &|_| None, path: &|written| PathBuf::from(written) };

    fn command(arguments: &[&str]) -> Result<Secret, String> {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        KeySource::Command(arguments).fetch("api_key", "API key", &NOTHING)
    }

    fn file(path: &Path) -> Result<Secret, String> {
        KeySource::File(path.display().to_string()).fetch("token", "token", &NOTHING)
    }

    #[cfg(not(feature = "keyring"))]
    #[test]
    fn without_the_keyring_a_way_to_the_same_place_is_named() {
        let refused = KeySource::Keyring("minchat".into()).fetch("api_key", "API key", &NOTHING);
        assert!(
            refused.is_err_and(|sentence| sentence.contains("[\"secret-tool\", \"lookup\", \"service\", \"minchat\"]"))
        );
    }

    #[cfg(feature = "keyring")]
    #[test]
    fn a_keyring_that_has_nothing_is_a_sentence() {
        let refused = KeySource::Keyring("minchat-tui-of-a-test".into()).fetch("api_key", "API key", &NOTHING);
        assert!(refused.is_err_and(|sentence| sentence.starts_with("The keyring gives no API key for the service")));
    }

    #[test]
    fn a_file_is_the_secret_but_for_one_line_break() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("key");
        let written = |content: &[u8]| {
            std::fs::write(&path, content).expect("a file");
            file(&path)
        };
        assert_eq!(written(b"hunter two\n"), Ok(Secret::new("hunter two")));
        assert_eq!(written(b"hunter2\r\n"), Ok(Secret::new("hunter2")));
        assert_eq!(written(b"hunter2"), Ok(Secret::new("hunter2")));
        assert_eq!(written(b"hunter2\n\n"), Ok(Secret::new("hunter2\n")), "only one");
        for (content, why) in [(&b"\n"[..], "is empty"), (b"", "is empty"), (b"hunter2\xff", "is not text")] {
            let sentence = written(content).expect_err("no secret");
            assert!(sentence.contains(why) && !sentence.contains("hunter2"), "{sentence}");
        }
        assert!(written(&[b'a'; 70_000]).is_err());
        assert!(file(dir.path()).is_err_and(|sentence| sentence.contains("is not a file")));
        assert!(file(&dir.path().join("none")).is_err_and(|sentence| sentence.contains("cannot be read")));
    }

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", KeySource::Plain(secret.clone())), "*** *** Plain(***)");
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_is_an_argument_vector_and_only_its_first_line_counts() {
        assert_eq!(command(&["printf", "%s\\n", "a;b $HOME", "second"]), Ok(Secret::new("a;b $HOME")));
        assert!(command(&["false"]).is_err_and(|sentence| sentence.contains("exit status: 1")));
        assert!(command(&["true"]).is_err_and(|sentence| sentence.contains("printed nothing")));
        assert!(command(&["/nowhere/to/be/found"]).is_err_and(|sentence| sentence.contains("did not run")));
        assert!(command(&[]).is_err());
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let source = KeySource::Env("KEY".into());
        let known = Reach { variable: &|name| Some(format!("{name}!")), ..NOTHING };
        assert_eq!(source.fetch("api_key", "API key", &known), Ok(Secret::new("KEY!")));
        assert!(source.fetch("api_key", "API key", &NOTHING).is_err_and(|sentence| sentence.contains("`KEY`")));
    }
}
