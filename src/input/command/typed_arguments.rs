//! Text typed after the name of a command, and the forms in which commands take it.

use crate::input::argument::Argument;
use crate::input::duration::parse_duration;

use super::{Command, CommandError, SharedList};

/// The text after the name of a command, without surrounding whitespace.
#[derive(Clone, Copy)]
pub(super) struct TypedArguments<'a> {
    /// The name of the command.
    pub(super) name: &'static str,
    /// The arguments that the command takes.
    pub(super) arguments: &'static [Argument],
    pub(super) text: &'a str,
}

impl TypedArguments<'_> {
    pub(super) fn usage(self) -> CommandError {
        CommandError::Arguments(Argument::usage(self.name, self.arguments))
    }

    pub(super) fn none(self, command: Command) -> Result<Command, CommandError> {
        if self.text.is_empty() { Ok(command) } else { Err(self.usage()) }
    }

    pub(super) fn optional(self) -> String {
        self.text.to_owned()
    }

    /// A message that ends with `ending`.
    pub(super) fn message(self, ending: &str) -> Command {
        Command::Say(format!("{} {ending}", self.text).trim_start().to_owned())
    }

    pub(super) fn required(self) -> Result<String, CommandError> {
        if self.text.is_empty() { Err(self.usage()) } else { Ok(self.optional()) }
    }

    pub(super) fn optional_user(self) -> Result<Option<String>, CommandError> {
        if self.text.is_empty() { Ok(None) } else { self.user().map(Some) }
    }

    pub(super) fn user(self) -> Result<String, CommandError> {
        let user = without_at(self.text);
        if user.is_empty() { Err(self.usage()) } else { Ok(user) }
    }

    /// The word `all`, or nothing.
    pub(super) fn all(self) -> Result<bool, CommandError> {
        match self.text {
            "" => Ok(false),
            "all" => Ok(true),
            _ => Err(self.usage()),
        }
    }

    /// A length of time in milliseconds, or nothing.
    pub(super) fn optional_duration(self) -> Result<Option<i64>, CommandError> {
        if self.text.is_empty() { Ok(None) } else { parse_duration(self.text).map(Some).ok_or_else(|| self.usage()) }
    }

    /// One of these words, or nothing.
    pub(super) fn word_of(self, words: &[&str]) -> Result<String, CommandError> {
        let is_known = self.text.is_empty() || words.contains(&self.text);
        if is_known { Ok(self.optional()) } else { Err(self.usage()) }
    }

    pub(super) fn shared_list(self) -> Result<SharedList, CommandError> {
        Ok(match self.text {
            "" | "media" => SharedList::Media,
            "links" => SharedList::Links,
            "files" => SharedList::Files,
            "voice" => SharedList::Voice,
            _ => return Err(self.usage()),
        })
    }

    /// `TITLE: USER USER …`; users may also be separated by commas.
    pub(super) fn title_and_users(self) -> Result<(String, Vec<String>), CommandError> {
        let (title, users) = self.text.split_once(':').ok_or_else(|| self.usage())?;
        let users: Vec<_> = users.split([' ', ',']).map(without_at).filter(|user| !user.is_empty()).collect();
        if users.is_empty() { Err(self.usage()) } else { Ok((title.trim().to_owned(), users)) }
    }

    pub(super) fn user_and_role(self) -> Result<(String, String), CommandError> {
        let (user, role) = self.text.rsplit_once(char::is_whitespace).ok_or_else(|| self.usage())?;
        Ok((without_at(user.trim()), role.to_lowercase()))
    }
}

fn without_at(user: &str) -> String {
    user.trim_start_matches('@').to_owned()
}
