//! Commands of the control socket, as they are written in JSON.

use serde::Deserialize;
use serde_json::Value;

/// A command.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::runtime) enum Command {
    /// Open a room.
    Open {
        /// Its id or title, or the user name of the other person.
        room: String,
    },
    /// Send a text.
    Send {
        /// Id or title of the room, or the user name of the other person; without it, the open room.
        room: Option<String>,
        text: String,
    },
    /// Select a message of the open room.
    Select {
        /// Its id.
        message: String,
    },
    /// Press keys, as they are written in the configuration, with blanks in between.
    Key { keys: String },
    /// The screen.
    Screen {
        #[serde(rename = "as", default)]
        form: ScreenForm,
    },
    /// What is open, unread and connected.
    State {},
    /// Get events from now on.
    Subscribe {},
}

/// Form of the screen in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::runtime) enum ScreenForm {
    /// The rows as text.
    #[default]
    Text,
    /// The rows as texts with colors and attributes.
    Cells,
    /// A picture.
    Svg,
}

/// Parses a line. An error has the id of the line, if it has one.
pub(super) fn parse(line: &[u8]) -> Result<(Value, Command), (Value, String)> {
    let mut value: Value = serde_json::from_slice(line).map_err(|error| (Value::Null, format!("No JSON: {error}.")))?;
    let id = value.as_object_mut().and_then(|fields| fields.remove("id")).unwrap_or_default();
    // A misspelt field is no field to ignore: without `room`, a text would be sent to the open room.
    match serde_json::from_value(value) {
        Ok(command) => Ok((id, command)),
        Err(error) => Err((id, format!("No command: {error}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_parsed() {
        let command = |line: &str| parse(line.as_bytes()).map(|(_, command)| command);
        assert_eq!(command(r#"{"command":"screen"}"#), Ok(Command::Screen { form: ScreenForm::Text }));
        assert_eq!(command(r#"{"command":"screen","as":"svg"}"#), Ok(Command::Screen { form: ScreenForm::Svg }));
        let send = Command::Send { room: None, text: "hi".into() };
        assert_eq!(parse(br#"{"id":7,"command":"send","text":"hi"}"#), Ok((7.into(), send)));
        let (id, error) = parse(br#"{"id":"x","command":"fly"}"#).expect_err("no command");
        assert!(id == "x" && error.contains("fly"), "{error}");
        assert!(parse(b"hello").is_err());
    }

    /// Regression test: `{"command":"send","rom":"ops","text":"hi"}` sent the text to the open room.
    #[test]
    fn misspelt_field_is_refused() {
        for line in [
            r#"{"id":1,"command":"send","rom":"ops","text":"hi"}"#,
            r#"{"id":1,"command":"screen","form":"svg"}"#,
            r#"{"id":1,"command":"state","room":"ops"}"#,
            r#"{"id":1,"command":"subscribe","type":"message"}"#,
        ] {
            let (id, error) = parse(line.as_bytes()).expect_err(line);
            assert!(id == 1 && error.contains("unknown field"), "{error}");
        }
    }
}
