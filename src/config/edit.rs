//! Changes of a configuration file, as text: comments, order and blanks stay as they are.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use super::options::{Kind, OptionSpec};
use super::secret::SecretSource;

/// Name of the table of profiles.
const PROFILES: &str = "profiles";

/// Returns the text of a configuration file with another value of an option, or without it, so that its default is
/// used. The value is changed where it stands: in `profile`, or else at the top of the file.
///
/// # Errors
/// A sentence for the user, if the text is not a valid file or the value cannot be written.
pub fn with_option(text: &str, profile: &str, option: &OptionSpec, value: Option<&str>) -> Result<String, String> {
    let mut document = parse(text)?;
    let value = value.map(|value| to_value(option, value)).transpose()?;
    let of_profile = document.get_mut(PROFILES).and_then(|profiles| profiles.get_mut(profile));
    let is_in_profile = of_profile.is_some_and(|profile| profile.get(option.key).is_some());
    let table = if is_in_profile || !option.in_general() {
        profile_table(&mut document, profile)?
    } else {
        document.as_table_mut()
    };
    set(table, option.key, value);
    Ok(document.to_string())
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
    let mut document = parse(text)?;
    if document.get(PROFILES).and_then(|profiles| profiles.get(name)).is_some() {
        return Err(format!("The configuration file has a profile {name} already. Nothing was saved."));
    }
    let table = profile_table(&mut document, name)?;
    for (key, value) in values {
        set(table, key, Some(value));
    }
    Ok(document.to_string())
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

fn parse(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|_| "The configuration file is not valid. `minchat-tui config check` shows why.".to_owned())
}

/// Returns the table of a profile, which is created at the end of the file if it does not exist.
fn profile_table<'a>(document: &'a mut DocumentMut, name: &str) -> Result<&'a mut Table, String> {
    let malformed = || format!("The profile {name} is not a table of its own. Change the configuration file by hand.");
    let profiles = document.entry(PROFILES).or_insert_with(|| {
        let mut profiles = Table::new();
        profiles.set_implicit(true);
        Item::Table(profiles)
    });
    let profiles = profiles.as_table_mut().ok_or_else(malformed)?;
    profiles.entry(name).or_insert_with(|| Item::Table(Table::new())).as_table_mut().ok_or_else(malformed)
}

/// Sets or removes a value. A comment behind it stays.
fn set(table: &mut Table, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(present) => {
            *value.decor_mut() = present.decor().clone();
            *present = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn to_value(option: &OptionSpec, text: &str) -> Result<Value, String> {
    match option.kind {
        Kind::Switch => Ok((text == "true").into()),
        Kind::Number => {
            let number = text.trim().parse::<i64>();
            number.map(Value::from).map_err(|_| format!("`{}` must be a whole number.", option.key))
        }
        Kind::Command => Ok(Value::Array(command_words(text)?.into_iter().collect::<Array>())),
        Kind::Names if text.contains(',') => Ok(Value::Array(text.split(',').map(str::trim).collect::<Array>())),
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

    #[test]
    fn commented_file_is_kept() {
        let text = edited(super::super::DEFAULT_CONFIG, "theme", Some("light"));
        assert!(
            text.contains(super::super::DEFAULT_CONFIG.trim_end()) && text.contains("theme = \"light\"\n"),
            "{text}"
        );
    }
}
