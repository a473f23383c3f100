//! Arguments of slash commands: how the help shows them, and what can complete them.

/// An argument of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// How the help shows it. One that may be left out is in brackets.
    pub shown: &'static str,
    /// What it stands for.
    pub kind: ArgumentKind,
}

/// What an argument stands for, which decides how it is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Free text, up to the end of the line. Nothing completes it.
    Text,
    /// A title, up to a colon.
    Title,
    /// A person, by user name.
    User,
    /// A member of the open room, by user name.
    Member,
    /// A person who is not in the open room, by user name.
    Outsider,
    /// Several people, by user names, which blanks or commas separate.
    Users,
    /// A room, by its title, which may contain blanks.
    Room,
    /// A file, by its path, which may contain blanks.
    Path,
    /// A profile of the configuration file, by its name, which may contain blanks.
    Profile,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl Argument {
    /// Returns the arguments of a command, as the help shows them.
    pub(super) fn shown_all(arguments: &[Self]) -> String {
        let shown: Vec<_> = arguments.iter().map(|argument| argument.shown).collect();
        shown.join(" ")
    }

    /// Returns a command as it is typed, with its `/` and its arguments.
    pub(super) fn usage(name: &str, arguments: &[Self]) -> String {
        format!("/{name} {}", Self::shown_all(arguments)).trim_end().to_owned()
    }
}

/// Declares an argument.
pub(super) const fn arg(shown: &'static str, kind: ArgumentKind) -> Argument {
    Argument { shown, kind }
}

impl ArgumentKind {
    /// Whether the argument ends only with the line, so that it may contain blanks.
    pub fn takes_rest(self) -> bool {
        matches!(self, Self::Text | Self::Room | Self::Path | Self::Profile | Self::Users)
    }
}
