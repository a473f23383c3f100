//! The difference between a slash command and a text that begins with a slash.

/// Returns the text after the `/` if `text` is a command: a line whose first word has one slash, at its start. A path
/// such as `/etc/hosts` is text, and so is what follows `//`.
pub fn command_line(text: &str) -> Option<&str> {
    let line = text.strip_prefix('/')?;
    let name = line.split(char::is_whitespace).next().unwrap_or_default();
    (!name.contains('/') && !line.contains('\n')).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_no_command() {
        for (text, expected) in [
            ("/", Some("")),
            ("/dm bob", Some("dm bob")),
            ("/send /etc/hosts", Some("send /etc/hosts")),
            ("/nope", Some("nope")),
            ("/etc/hosts", None),
            ("/usr/bin/env prints", None),
            ("/usr/", None),
            ("//dm bob", None),
            ("/me\nwaves", None),
            (" /dm bob", None),
            ("dm", None),
        ] {
            assert_eq!(command_line(text), expected, "{text}");
        }
    }
}
