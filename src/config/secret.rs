//! Secrets: values that are always displayed as `***`, and the sources from which they can be fetched.
//!
//! [`SecretSource::fetch`] is the only function of the configuration that runs a program. It passes an argument vector
//! and never uses a shell.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::quotable::{HIDDEN, quotable};

/// Programs that are often used to fetch a secret. A missing program is named only if it is one of these, or close to
/// one: anything else may be a key in the wrong place.
const PASSWORD_PROGRAMS: &[&str] = &["bw", "cat", "gopass", "gpg", "op", "pass", "secret-tool", "security"];

/// Confidential text. `Debug` and `Display` print `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether this is the key of MinChat's public demo. It need not be hidden, and is a word of many sentences.
    pub fn is_public(&self) -> bool {
        self.0 == "demo"
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As an empty text.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
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

/// Source of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// The secret itself.
    Plain(Secret),
    /// An environment variable.
    Env(String),
    /// A program and its arguments; the secret is the first line that it prints.
    Command(Vec<String>),
    /// A file that contains only the secret.
    File(String),
    /// The platform's keyring, with this service name and the login name of the user.
    Keyring(String),
}

/// Access to the environment that fetching a secret needs.
pub struct SecretContext<'a> {
    /// Environment variables that may hold a secret. Programs do not inherit them.
    pub hidden_variables: &'a [String],
    /// Reads an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Converts a path from the configuration file.
    pub path: &'a dyn Fn(&str) -> PathBuf,
    /// Whether a program may ask for a password on the terminal. While the screen is drawn, it may not.
    pub has_terminal: bool,
}

/// Maximum size of a file in bytes. A key or token is one line, so a larger file is the wrong one.
const MAX_FILE_SIZE: u64 = 64 << 10;

impl SecretSource {
    /// Fetches the secret of the option `key`. Errors refer to the secret as `noun`.
    ///
    /// # Errors
    /// Returns a sentence that says what to do and never contains the output of the program.
    pub fn fetch(&self, key: &str, noun: &str, context: &SecretContext<'_>) -> Result<Secret, String> {
        match self {
            Self::Plain(secret) => Ok(secret.clone()),
            // What does not exist is not named: it may be the secret itself.
            Self::Env(name) => match (context.variable)(name) {
                Some(value) if !value.is_empty() => Ok(Secret(value)),
                Some(_) => Err(format!("The variable `{name}`, which should contain the {noun}, is empty. Set it.")),
                None => Err(format!(
                    "The variable that `{key}` names is not set. Set it before the start, or keep the {noun} elsewhere."
                )),
            },
            Self::Command(arguments) => run(noun, arguments, context),
            Self::File(written) => read(key, noun, &(context.path)(written)),
            Self::Keyring(service) => {
                keyring(noun, service, (context.variable)(LOGIN_VARIABLE).as_deref().unwrap_or("minchat-tui"))
            }
        }
    }
}

/// Whether this build can store secrets in the keyring of the platform.
pub const HAS_KEYRING: bool = cfg!(feature = "keyring");

/// Stores a secret in the keyring, under the service name from which [`SecretSource::Keyring`] reads it.
///
/// # Errors
/// A sentence for the user.
#[cfg(feature = "keyring")]
pub fn store_in_keyring(service: &str, login: Option<&str>, secret: &Secret) -> Result<(), String> {
    let stored = keyring::Entry::new(service, login.unwrap_or("minchat-tui"));
    let stored = stored.and_then(|entry| entry.set_password(secret.reveal()));
    stored.map_err(|error| format!("The keyring cannot be used: {error}. Choose another place."))
}

/// Reports that this build has no keyring support.
///
/// # Errors
/// Always.
#[cfg(not(feature = "keyring"))]
pub fn store_in_keyring(_: &str, _: Option<&str>, _: &Secret) -> Result<(), String> {
    Err("This program was built without keyring support. Choose another place.".to_owned())
}

/// Environment variable with the login name of the user, which keyrings ask for.
pub const LOGIN_VARIABLE: &str = if cfg!(windows) { "USERNAME" } else { "USER" };

/// Reads a secret from the keyring.
#[cfg(feature = "keyring")]
fn keyring(noun: &str, service: &str, user: &str) -> Result<Secret, String> {
    let found = keyring::Entry::new(service, user).and_then(|entry| entry.get_password());
    found.map(Secret::new).map_err(|error| {
        let advice = "Store it there, or use a program that prints it: { command = [\"…\"] }.";
        let error = error.to_string().replace(service, "…");
        format!("The keyring has no {noun} for this service and the user `{user}`: {error}. {advice}")
    })
}

/// Reports that this build has no keyring support.
#[cfg(not(feature = "keyring"))]
fn keyring(noun: &str, _: &str, _: &str) -> Result<Secret, String> {
    Err(format!(
        "This program was built without keyring support. Build it with `--features keyring`, or use a program that prints \
         the {noun}: {{ command = [\"secret-tool\", \"lookup\", \"service\", \"…\"] }}."
    ))
}

/// Returns the content of a file without the line break at its end.
fn read(key: &str, noun: &str, path: &Path) -> Result<Secret, String> {
    let shown = path.display();
    let advice = format!("Correct `{key}`, or write the {noun} and nothing else into that file.");
    let unreadable = |error: std::io::Error| {
        if std::fs::symlink_metadata(path).is_err() {
            return format!(
                "The file that `{key}` names cannot be read: {error}. Write the {noun} into that file, or write the \
                 {noun} itself as `{key} = \"…\"`."
            );
        }
        format!(
            "The file {shown}, which should contain the {noun}, cannot be read: {error}. Correct `{key}` or the file."
        )
    };
    // Checked before opening: opening a named pipe would wait for a writer.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() || metadata.len() > MAX_FILE_SIZE {
        return Err(format!("{shown} is not a file that contains just the {noun}. {advice}"));
    }
    let mut text = String::new();
    let read = File::open(path).map_err(unreadable)?.take(MAX_FILE_SIZE).read_to_string(&mut text);
    read.map_err(|_| format!("The file {shown}, which should contain the {noun}, is not text. {advice}"))?;
    let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if text.trim().is_empty() {
        return Err(format!("The file {shown}, which should contain the {noun}, is empty. {advice}"));
    }
    Ok(Secret::new(text))
}

/// Runs a program and returns the first line that it prints.
fn run(noun: &str, arguments: &[String], context: &SecretContext<'_>) -> Result<Secret, String> {
    let Some((program, rest)) = arguments.split_first() else {
        return Err(format!("The command for the {noun} is empty. Write the program and its arguments."));
    };
    let mut command = Command::new(program);
    context.hidden_variables.iter().for_each(|variable| _ = command.env_remove(variable));
    command.args(rest).stdout(Stdio::piped());
    let output = if context.has_terminal {
        command.spawn().and_then(Child::wait_with_output)
    } else {
        output_without_terminal(command)
    };
    let advice = if context.has_terminal {
        "Run it by hand to see why."
    } else {
        "It cannot ask for a password here. Run it in another terminal, which may unlock it, and try again."
    };
    let output = output.map_err(|error| {
        let named = match quotable(program, PASSWORD_PROGRAMS.iter().copied()) {
            _ if Path::new(program).exists() => format!(" `{program}`"),
            HIDDEN => String::new(),
            word => format!(" `{word}`"),
        };
        format!("The command{named} for the {noun} could not be run: {error}. Check the name of the program.")
    })?;
    if !output.status.success() {
        return Err(format!("The command `{program}` for the {noun} failed with {}. {advice}", output.status));
    }
    let Ok(text) = String::from_utf8(output.stdout) else {
        return Err(format!("The output of the command `{program}` for the {noun} is not text. {advice}"));
    };
    match text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => Ok(Secret::new(line)),
        None => Err(format!("The command `{program}` for the {noun} printed nothing on its first line. {advice}")),
    }
}

/// Runs a program that cannot read keys or write to the screen, not even through `/dev/tty`.
fn output_without_terminal(mut command: Command) -> io::Result<Output> {
    // By this variable, gpg finds the terminal for its question.
    command.env_remove("GPG_TTY").stdin(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    return process_wrap::std::CommandWrap::from(command)
        .wrap(process_wrap::std::ProcessSession)
        .spawn()?
        .wait_with_output();
    #[cfg(not(unix))]
    command.output()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: SecretContext<'_> = SecretContext {
        hidden_variables: &[],
        variable: &|_| None,
        path: &|written| PathBuf::from(written),
        has_terminal: true,
    };

    fn command(arguments: &[&str]) -> Result<Secret, String> {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        SecretSource::Command(arguments).fetch("api_key", "API key", &EMPTY)
    }

    fn file(path: &Path) -> Result<Secret, String> {
        SecretSource::File(path.display().to_string()).fetch("token", "token", &EMPTY)
    }

    #[cfg(not(feature = "keyring"))]
    #[test]
    fn build_without_keyring_suggests_a_command() {
        let result = SecretSource::Keyring("a-service".into()).fetch("api_key", "API key", &EMPTY);
        assert!(result.is_err_and(|sentence| sentence.contains("[\"secret-tool\", \"lookup\", \"service\", \"…\"]")
            && !sentence.contains("a-service")));
    }

    #[cfg(feature = "keyring")]
    #[test]
    fn missing_keyring_entry_is_reported() {
        let result = SecretSource::Keyring("minchat-tui-of-a-test".into()).fetch("api_key", "API key", &EMPTY);
        assert!(result.is_err_and(|sentence| sentence.starts_with("The keyring has no API key for this service")));
    }

    #[test]
    fn secret_file_loses_one_line_break() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("key");
        let written = |content: &[u8]| {
            std::fs::write(&path, content).expect("a file");
            file(&path)
        };
        assert_eq!(written(b"hunter two\n"), Ok(Secret::new("hunter two")));
        assert_eq!(written(b"hunter2\r\n"), Ok(Secret::new("hunter2")));
        assert_eq!(written(b"hunter2"), Ok(Secret::new("hunter2")));
        assert_eq!(written(b"hunter2\n\n"), Ok(Secret::new("hunter2\n")), "only one line break");
        for (content, why) in [(&b"\n"[..], "is empty"), (b"", "is empty"), (b"hunter2\xff", "is not text")] {
            let sentence = written(content).expect_err("no secret");
            assert!(sentence.contains(why) && !sentence.contains("hunter2"), "{sentence}");
        }
        assert!(written(&[b'a'; 70_000]).is_err());
        assert!(file(dir.path()).is_err_and(|sentence| sentence.contains("is not a file")));
        assert!(file(&dir.path().join("none")).is_err_and(|sentence| sentence.contains("cannot be read")));
    }

    #[test]
    fn secret_is_masked() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", SecretSource::Plain(secret.clone())), "*** *** Plain(***)");
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[cfg(unix)]
    #[test]
    fn secret_is_the_first_line_that_a_command_prints() {
        assert_eq!(command(&["printf", "%s\\n", "a;b $HOME", "second"]), Ok(Secret::new("a;b $HOME")));
        assert!(command(&["false"]).is_err_and(|sentence| sentence.contains("exit status: 1")));
        assert!(command(&["true"]).is_err_and(|sentence| sentence.contains("printed nothing")));
        assert!(command(&["/nowhere/to/be/found"]).is_err_and(|sentence| sentence.contains("could not be run")));
        assert!(command(&[]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn command_that_cannot_be_run_is_named_unless_it_may_be_a_key() {
        let sentence = |program: &str| command(&[program, "argument"]).map(|_| ()).expect_err("it cannot be run");
        assert!(sentence("secret-tol").starts_with("The command `secret-tol` for the API key could not be run: "));
        assert!(sentence("/").starts_with("The command `/` for the API key could not be run: "));
        for key in ["M4RKERk3y", "/nowhere/M4RKERk3y"] {
            assert!(sentence(key).starts_with("The command for the API key could not be run: "), "{}", sentence(key));
        }
    }

    #[test]
    fn empty_variable_is_named() {
        let source = SecretSource::Env("KEY".into());
        let context = SecretContext { variable: &|name| Some(format!("{name}!")), ..EMPTY };
        assert_eq!(source.fetch("api_key", "API key", &context), Ok(Secret::new("KEY!")));
        let empty = SecretContext { variable: &|_| Some(String::new()), ..EMPTY };
        assert!(source.fetch("api_key", "API key", &empty).is_err_and(|sentence| sentence.contains("`KEY`")));
    }

    #[test]
    fn source_that_does_not_exist_is_not_repeated() {
        let key = "M4RKER-key".to_owned();
        let sources =
            [SecretSource::Env(key.clone()), SecretSource::File(key.clone()), SecretSource::File(key.repeat(99))];
        let command = SecretSource::Command(vec![key.clone()]);
        for source in sources.into_iter().chain([command, SecretSource::Keyring(key.clone())]) {
            let sentence = source.fetch("api_key", "API key", &EMPTY).expect_err("no secret");
            assert!(!sentence.contains("M4RKER"), "{sentence}");
        }
    }

    /// A password program asked on the screen that was drawn, and took its keys.
    #[cfg(unix)]
    #[test]
    fn command_has_no_terminal_while_the_screen_is_drawn() {
        let context = SecretContext { has_terminal: false, ..EMPTY };
        let run = |script: &str| {
            let words = ["sh", "-c", script].map(str::to_owned).to_vec();
            SecretSource::Command(words).fetch("api_key", "API key", &context)
        };
        assert_eq!(run("read answer || echo k3y"), Ok(Secret::new("k3y")));
        assert_eq!(run("test \"$(ps -o sid= -p $$ | tr -d ' ')\" = $$ && echo k3y"), Ok(Secret::new("k3y")));
        assert!(run("exit 2").is_err_and(|sentence| sentence.contains("Run it in another terminal")));
    }

    #[cfg(unix)]
    #[test]
    fn command_does_not_inherit_secrets() {
        // The test process has this variable.
        let hidden = ["CARGO_PKG_NAME".to_owned()];
        let arguments = ["sh", "-c", "echo \"<$CARGO_PKG_NAME>\""].map(str::to_owned);
        assert_eq!(run("key", &arguments, &EMPTY), Ok(Secret::new("<minchat-tui>")));
        let context = SecretContext { hidden_variables: &hidden, ..EMPTY };
        assert_eq!(run("key", &arguments, &context), Ok(Secret::new("<>")));
    }
}
