//! Changes of a configuration file, as text: everything but the value stays as it is, byte for byte.

use std::ops::Range;

use toml_edit::{Array, Document, InlineTable, Item, Table, Value};

use super::options::{Kind, OptionSpec};
use super::secret::SecretSource;

/// Name of the table of profiles.
const PROFILES: &str = "profiles";

/// The mark with which some editors begin a file.
const BOM: char = '\u{feff}';

/// Returns the text of a configuration file with another value of an option, or without it, so that its default is
/// used. The value is changed where it stands: in `profile`, or else at the top of the file. An option of which each
/// profile has its own value goes into `profile` if the file has others, which keep theirs.
///
/// # Errors
/// A sentence for the user, if the text is not a valid file or the value cannot be written.
pub fn with_option(text: &str, profile: &str, option: &OptionSpec, value: Option<&str>) -> Result<String, String> {
    let document = parse(text)?;
    let value = value.map(|value| to_value(option, value)).transpose()?;
    let changed = match (table_of(&document, profile, option), value) {
        (Some(table), Some(value)) => with_value(text, table, option.key, &value),
        (Some(table), None) => without_value(text, table, option.key),
        (None, Some(value)) => Some(text.to_owned() + &new_profile(text, profile, [(option.key, value)].into_iter())),
        (None, None) => Some(text.to_owned()),
    };
    let malformed =
        || format!("The profile {profile} is not a table of its own. Change the configuration file by hand.");
    changed.filter(|changed| parse(changed).is_ok()).ok_or_else(malformed)
}

/// Returns the table in which an option is changed: `profile`, or the top of the file. `None` if it is a profile that the
/// file does not have.
fn table_of<'a>(document: &'a Document<&str>, profile: &str, option: &OptionSpec) -> Option<&'a Item> {
    let profile_table = profile_table(document, profile);
    let is_in_profile = profile_table.is_some_and(|table| table.get(option.key).is_some());
    let is_for_profile = !option.in_general() || option.per_profile && has_others(document, profile);
    if is_in_profile || is_for_profile { profile_table } else { Some(document.as_item()) }
}

/// Returns the text with a value in a table. `None` if the table has no lines of its own.
fn with_value(text: &str, table: &Item, key: &str, value: &Value) -> Option<String> {
    let table = as_lines(table)?;
    if let Some((_, place)) = present_value(table, key) {
        return Some(replaced(text, place, value.to_string().trim()));
    }
    let place = last_line(text, table)?;
    Some(replaced(text, place..place, &spaced(text, place, &line(text, key, value))))
}

/// Returns the text without a value of a table. `None` if the table has no lines of its own.
fn without_value(text: &str, table: &Item, key: &str) -> Option<String> {
    let present = present_value(as_lines(table)?, key);
    let lines = present.map(|(key, value)| line_start(text, key.start)..line_end(text, value.end));
    Some(lines.map_or_else(|| text.to_owned(), |lines| replaced(text, lines, "")))
}

/// Returns a table that has its values on lines of their own.
fn as_lines(item: &Item) -> Option<&Table> {
    item.as_table().filter(|table| !table.is_dotted())
}

/// Returns the places of a key and its value.
fn present_value(table: &Table, key: &str) -> Option<(Range<usize>, Range<usize>)> {
    table.get_key_value(key).and_then(|(key, item)| Some((key.span()?, item.span()?)))
}

fn replaced(text: &str, place: Range<usize>, replacement: &str) -> String {
    [&text[..place.start], replacement, &text[place.end..]].concat()
}

/// Whether the text of a configuration file has a profile with this name.
///
/// # Errors
/// A sentence for the user, if the text is not a valid file.
pub(super) fn has_profile(text: &str, name: &str) -> Result<bool, String> {
    Ok(profile_table(&parse(text)?, name).is_some())
}

/// Returns the text of a configuration file with another profile at its end.
///
/// # Errors
/// A sentence for the user, if the text is not a valid file or has a profile with this name.
pub(super) fn with_profile<'a>(
    text: &str,
    name: &str,
    values: impl Iterator<Item = (&'a str, Value)>,
) -> Result<String, String> {
    if has_profile(text, name)? {
        return Err(format!("The configuration file has a profile {name} already. Nothing was saved."));
    }
    let changed = text.to_owned() + &new_profile(text, name, values);
    let inline = |_| "The profiles are not tables of their own. Change the configuration file by hand.".to_owned();
    parse(&changed).map(|_| changed.clone()).map_err(inline)
}

/// Splits a program and its arguments as a shell does.
///
/// # Errors
/// A sentence for the user.
pub fn command_words(text: &str) -> Result<Vec<String>, String> {
    shell_words::split(text).map_err(|_| "A quotation mark is not closed.".to_owned())
}

/// Returns the source of a secret as a value.
pub(super) fn secret_value(source: &SecretSource) -> Value {
    let (key, value) = match source {
        SecretSource::Plain(secret) => return secret.reveal().into(),
        SecretSource::Env(name) => ("env", name.as_str().into()),
        SecretSource::Command(words) => ("command", Value::Array(words.iter().collect())),
        SecretSource::File(path) => ("file", path.as_str().into()),
        SecretSource::Keyring(service) => ("keyring", service.as_str().into()),
    };
    let mut table = InlineTable::new();
    table.insert(key, value);
    Value::InlineTable(table)
}

fn parse(text: &str) -> Result<Document<&str>, String> {
    let invalid = |_| "The configuration file is not valid. `minchat-tui config check` shows why.".to_owned();
    Document::parse(text).map_err(invalid)
}

fn profile_table<'a>(document: &'a Document<&str>, name: &str) -> Option<&'a Item> {
    document.get(PROFILES)?.get(name)
}

/// Whether the file has profiles besides this one.
fn has_others(document: &Document<&str>, name: &str) -> bool {
    let profiles = document.get(PROFILES).and_then(Item::as_table_like);
    profiles.is_some_and(|profiles| profiles.iter().any(|(other, _)| other != name))
}

/// Returns the text of a profile at the end of `text`.
fn new_profile<'a>(text: &str, name: &str, values: impl Iterator<Item = (&'a str, Value)>) -> String {
    let line_break = line_break(text);
    let is_empty = text.trim_start_matches(BOM).is_empty();
    let end = if is_empty || text.ends_with('\n') { "" } else { line_break };
    let gap = if is_empty { "" } else { line_break };
    let lines: String = values.map(|(key, value)| line(text, key, &value)).collect();
    format!("{end}{gap}[{PROFILES}.{}]{line_break}{lines}", toml_edit::Key::new(name))
}

fn line(text: &str, key: &str, value: &Value) -> String {
    format!("{key} = {}{}", value.to_string().trim(), line_break(text))
}

/// Returns the line break that the text uses.
fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn line_start(text: &str, place: usize) -> usize {
    text[..place].rfind('\n').map_or(text.len() - text.trim_start_matches(BOM).len(), |at| at + 1)
}

fn line_end(text: &str, place: usize) -> usize {
    text[place..].find('\n').map_or(text.len(), |at| place + at + 1)
}

/// Returns the place behind the last value of a table: behind its header if it has none. For the top of a file without
/// values it is above the first table. `None` if the table has no lines of its own.
fn last_line(text: &str, table: &Table) -> Option<usize> {
    let ends = table.iter().filter_map(|(_, item)| item.as_value()?.span());
    let last = ends.map(|span| span.end).max();
    let header = || table.span().filter(|span: &Range<usize>| text[span.clone()].starts_with('['));
    match last.or_else(|| header().map(|span| span.end)) {
        Some(end) => Some(line_end(text, end)),
        None => (table.position().is_none() && !table.is_implicit()).then(|| above_first_table(text)),
    }
}

/// Returns the place above the first table of a text without other values, and above the comment that belongs to that
/// table; without a table, the end of the text.
fn above_first_table(text: &str) -> usize {
    let start = line_start(text, 0);
    let (mut at, mut comment) = (start, None);
    for line in text[start..].split_inclusive('\n') {
        match line.trim_start().chars().next() {
            Some('[') => return comment.unwrap_or(at),
            Some('#') => comment = comment.or(Some(at)),
            _ => comment = None,
        }
        at += line.len();
    }
    text.len()
}

/// Returns a line for this place, with line breaks so that it joins no line above, and so that a blank line separates
/// it from a table below and from a comment above that is not about it.
fn spaced(text: &str, place: usize, line: &str) -> String {
    let (above, below) = (text[..place].trim_start_matches(BOM), &text[place..]);
    let line_break = line_break(text);
    let is_cut = !above.is_empty() && !above.ends_with('\n');
    let end = if is_cut { line_break } else { "" };
    let is_comment = above.lines().next_back().is_some_and(|line| line.trim_start().starts_with('#'));
    let gap_above = if is_comment { line_break } else { "" };
    let next = below.lines().find(|line| !line.trim_start().starts_with('#'));
    let is_table = next.is_some_and(|line| line.trim_start().starts_with('['));
    let gap_below = if is_table { line_break } else { "" };
    format!("{end}{gap_above}{line}{gap_below}")
}

fn to_value(option: &OptionSpec, text: &str) -> Result<Value, String> {
    match option.kind {
        Kind::Switch => Ok((text == "true").into()),
        Kind::Number => {
            let number = text.trim().parse::<i64>();
            number.map(Value::from).map_err(|_| format!("`{}` must be a whole number.", option.key))
        }
        Kind::Command => Ok(Value::Array(command_words(text)?.into_iter().collect::<Array>())),
        Kind::Text | Kind::Names | Kind::Choice(_) | Kind::Url | Kind::File | Kind::Dir | Kind::Secret => {
            Ok(text.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# My settings.\n\ntheme  =  \"dark\"   # at night\n# mouse = false\n\n# Work.\n[profiles.work]\n\
                        user = \"me\" # myself\nmarkdown = \"off\"\n\n[keys]\nquit = \"f12\"\n";

    fn edited(text: &str, key: &str, value: Option<&str>) -> String {
        with_option(text, "work", OptionSpec::by_key(key).expect("an option"), value).expect("it can be edited")
    }

    #[test]
    fn only_the_value_changes() {
        assert_eq!(edited(FILE, "theme", Some("light")), FILE.replace("\"dark\"", "\"light\""));
        assert_eq!(edited(FILE, "markdown", Some("auto")), FILE.replace("\"off\"", "\"auto\""));
        assert_eq!(edited(FILE, "markdown", None), FILE.replace("markdown = \"off\"\n", ""));
        assert_eq!(edited(FILE, "density", None), FILE);
    }

    #[test]
    fn new_option_is_added_above_the_tables() {
        let text = edited(FILE, "mouse", Some("false"));
        assert_eq!(text, FILE.replace("# at night\n", "# at night\nmouse = false\n"));
    }

    #[test]
    fn values_have_the_type_of_their_option() {
        let text = edited("", "escape_time", Some("70"));
        let text = edited(&text, "open_command", Some("fire fox \"a b\""));
        let text = edited(&text, "mention_words", Some("say \"hi\""));
        assert_eq!(
            text,
            "escape_time = 70\nopen_command = [\"fire\", \"fox\", \"a b\"]\nmention_words = 'say \"hi\"'\n"
        );
        let number = OptionSpec::by_key("escape_time").expect("an option");
        assert!(with_option("", "work", number, Some("soon")).is_err());
    }

    #[test]
    fn option_of_an_account_goes_into_the_profile() {
        let text = edited("theme = \"dark\"\n", "call_command", Some("mpv"));
        assert_eq!(text, "theme = \"dark\"\n\n[profiles.work]\ncall_command = [\"mpv\"]\n");
        let inline = with_option(
            "profiles = { work = {} }",
            "work",
            OptionSpec::by_key("call_command").expect("one"),
            Some("x"),
        );
        assert!(inline.is_err_and(|sentence| sentence.contains("by hand")));
    }

    /// A value for one of several profiles was written for all of them.
    #[test]
    fn own_option_of_one_of_several_profiles_goes_into_it() {
        let one = "seen = \"never\" # shy\n\n[profiles.work] # paid\nuser = \"me\"\n";
        assert_eq!(edited(one, "seen", Some("focused")), one.replace("\"never\"", "\"focused\""));
        assert_eq!(edited(one, "typing", Some("false")), one.replace("# shy\n", "# shy\ntyping = false\n"));
        let two = format!("{one}# Friends.\n[profiles.home]\nuser = \"you\"\n");
        let own = "user = \"me\"\n";
        assert_eq!(edited(&two, "seen", Some("focused")), two.replace(own, &format!("{own}seen = \"focused\"\n\n")));
        assert_eq!(edited(&two, "typing", Some("false")), two.replace(own, &format!("{own}typing = false\n\n")));
        assert_eq!(edited(&two, "seen", None), two, "that of all profiles stays");
        assert_eq!(edited(&two, "theme", Some("light")), two.replace("# shy\n", "# shy\ntheme = \"light\"\n"));
        let other = two.replace("[profiles.work]", "[profiles.school]");
        assert_eq!(edited(&other, "seen", Some("focused")), format!("{other}\n[profiles.work]\nseen = \"focused\"\n"));
    }

    /// The comment above a removed value was lost, CRLF became LF and the mark at the start disappeared.
    #[test]
    fn comments_line_breaks_and_mark_are_kept() {
        let text = "# Mine.\n# More.\ntheme = \"dark\" # at night\n# The end.\n";
        assert_eq!(edited(text, "theme", None), "# Mine.\n# More.\n# The end.\n");
        let dos = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
        assert_eq!(edited(&dos, "theme", Some("light")), dos.replace("\"dark\"", "\"light\""));
        assert_eq!(edited(&dos, "markdown", None), dos.replace("markdown = \"off\"\r\n", ""));
        let added = edited(&dos, "mouse", Some("false"));
        assert_eq!(added, dos.replace("# at night\r\n", "# at night\r\nmouse = false\r\n"));
        let added = edited(&dos, "call_command", Some("mpv"));
        assert_eq!(added, dos.replace("\"off\"\r\n", "\"off\"\r\ncall_command = [\"mpv\"]\r\n"));
        assert_eq!(edited("\u{feff}", "mouse", Some("false")), "\u{feff}mouse = false\n");
        assert_eq!(edited("\u{feff}mouse = true", "mouse", None), "\u{feff}");
        assert_eq!(edited("ascii = true", "mouse", Some("false")), "ascii = true\nmouse = false\n");
        let empty = "[profiles.work] # mine\n[keys]\n";
        assert_eq!(
            edited(empty, "call_command", Some("mpv")),
            "[profiles.work] # mine\ncall_command = [\"mpv\"]\n\n[keys]\n"
        );
    }

    /// A file with comments only got the profile above them, so that each line that was uncommented became part of it.
    #[test]
    fn profile_is_added_below_comments() {
        let file = super::super::DEFAULT_CONFIG;
        let added = with_profile(file, "a b", [("user", "me".into())].into_iter());
        assert_eq!(added, Ok(format!("{file}\n[profiles.\"a b\"]\nuser = \"me\"\n")));
        let dos = "\u{feff}# Mine.\r\nascii = true";
        let added = with_profile(dos, "work", [("user", "me".into())].into_iter());
        assert_eq!(added, Ok(format!("{dos}\r\n\r\n[profiles.work]\r\nuser = \"me\"\r\n")));
    }

    #[test]
    fn commented_file_is_kept() {
        let text = edited(super::super::DEFAULT_CONFIG, "theme", Some("light"));
        assert_eq!(text, format!("{}\ntheme = \"light\"\n", super::super::DEFAULT_CONFIG));
    }

    /// Regression test: an option was glued to the table of the profile that the first start had written, and in a file
    /// of comments it was above the first of them.
    #[test]
    fn blank_line_separates_an_option_from_a_table() {
        let profile = "[profiles.default]\nuser = \"me\"\n";
        for (file, expected) in [
            (profile.to_owned(), format!("mouse = false\n\n{profile}")),
            (format!("# Me.\n{profile}"), format!("mouse = false\n\n# Me.\n{profile}")),
            (format!("# Mine.\n\n# Me.\n{profile}"), format!("# Mine.\n\nmouse = false\n\n# Me.\n{profile}")),
            (format!("# Mine.\n\n\n{profile}"), format!("# Mine.\n\n\nmouse = false\n\n{profile}")),
            (format!("ascii = true\n{profile}"), format!("ascii = true\nmouse = false\n\n{profile}")),
            ("\u{feff}[keys]\n".to_owned(), "\u{feff}mouse = false\n\n[keys]\n".to_owned()),
            ("# Mine.".to_owned(), "# Mine.\n\nmouse = false\n".to_owned()),
        ] {
            assert_eq!(edited(&file, "mouse", Some("false")), expected, "{file}");
        }
        let two = format!("{profile}[keys]\n");
        let added = edited(&two.replace("default", "work"), "call_command", Some("mpv"));
        assert_eq!(
            added, "[profiles.work]\nuser = \"me\"\ncall_command = [\"mpv\"]\n\n[keys]\n",
            "options of a profile too"
        );
    }
}
