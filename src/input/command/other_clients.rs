//! Commands of other chat clients, which fingers know: what does the same here.

/// What replaces a command of another client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Substitute {
    /// A command with this name.
    Command(&'static str),
    /// An action on a message, which has to be selected first.
    OnMessage,
}

/// The commands of WeeChat, irssi, Slack, Discord and others, with what replaces them.
const SUBSTITUTES: &[(&str, Substitute)] = &[
    ("msg", Substitute::Command("dm")),
    ("query", Substitute::Command("dm")),
    ("whisper", Substitute::Command("dm")),
    ("join", Substitute::Command("go")),
    ("open", Substitute::Command("go")),
    ("switch", Substitute::Command("go")),
    ("list", Substitute::Command("rooms")),
    ("part", Substitute::Command("leave")),
    ("close", Substitute::Command("archive")),
    ("done", Substitute::Command("archive")),
    ("invite", Substitute::Command("add")),
    ("kick", Substitute::Command("remove")),
    ("ban", Substitute::Command("block")),
    ("ignore", Substitute::Command("block")),
    ("topic", Substitute::Command("describe")),
    ("title", Substitute::Command("rename")),
    ("names", Substitute::Command("info")),
    ("members", Substitute::Command("info")),
    ("whois", Substitute::Command("people")),
    ("who", Substitute::Command("people")),
    ("upload", Substitute::Command("send")),
    ("attach", Substitute::Command("send")),
    ("set", Substitute::Command("settings")),
    ("connect", Substitute::Command("reconnect")),
    ("exit", Substitute::Command("quit")),
    ("bye", Substitute::Command("quit")),
    ("reply", Substitute::OnMessage),
    ("edit", Substitute::OnMessage),
    ("delete", Substitute::OnMessage),
    ("forward", Substitute::OnMessage),
    ("quote", Substitute::OnMessage),
    ("save", Substitute::OnMessage),
    ("download", Substitute::OnMessage),
    ("copy", Substitute::OnMessage),
    ("star", Substitute::OnMessage),
];

/// Returns what replaces a command of another client.
pub fn substitute(name: &str) -> Option<Substitute> {
    let found = SUBSTITUTES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
    found.map(|(_, substitute)| *substitute)
}

#[cfg(test)]
mod tests {
    use super::super::table::CommandSpec;
    use super::*;

    #[test]
    fn substitutes_exist_and_what_they_replace_does_not() {
        for (name, substitute) in SUBSTITUTES {
            assert!(CommandSpec::by_name(name).is_none(), "/{name} exists");
            if let Substitute::Command(here) = substitute {
                assert!(CommandSpec::by_name(here).is_some(), "/{here} does not exist");
            }
        }
    }
}
