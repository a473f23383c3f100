//! Secrets: shown as `***`, fetched from where the user keeps them.
//!
//! The one place in the configuration that runs a process ([`KeySource::fetch`]), by argument vector, never by a shell.

use std::fmt;
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
}

impl KeySource {
    /// Gets the secret of `key`, which is called `what`. The program, when there is one, may ask on the terminal: nothing is drawn yet.
    ///
    /// # Errors
    /// A sentence, when there is none to be had. It never holds what the program printed.
    pub fn fetch(&self, key: &str, what: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Secret, String> {
        match self {
            Self::Plain(secret) => Ok(secret.clone()),
            Self::Env(name) => variable(name).filter(|value| !value.is_empty()).map(Secret).ok_or_else(|| {
                format!("The variable `{name}`, which holds the {what}, is not set. Set it, or change `{key}`.")
            }),
            Self::Command(arguments) => run(what, arguments),
        }
    }
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

    fn command(arguments: &[&str]) -> Result<Secret, String> {
        KeySource::Command(arguments.iter().map(|argument| (*argument).to_owned()).collect()).fetch(
            "api_key",
            "API key",
            &|_| None,
        )
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
        assert_eq!(source.fetch("api_key", "API key", &|name| Some(format!("{name}!"))), Ok(Secret::new("KEY!")));
        assert!(source.fetch("api_key", "API key", &|_| None).is_err_and(|sentence| sentence.contains("`KEY`")));
    }
}
