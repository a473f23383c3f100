//! Scripts of what clients do to a server, one line per step, so that a failing input can be read and edited by hand:
//!
//! ```text
//! POST /v1/user {"username":"a"}      a request with JSON; with `~` instead a form, `~name=value&@file=bytes`
//! @2 GET /v1/user?id=$0               as the second person who is logged in; `$0` is the newest known id
//! + token=$t                          another websocket, with extra query parameters
//! > 42["message",{"chat_id":"$1"}]    a text frame on it; `>>` sends a binary frame
//! -                                   closes the websocket
//! * GET / HTTP/1.1\r\n\r\n            raw bytes on a new connection
//! ```

use super::dice::Dice;

/// A step of a client.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Request { who: usize, method: String, path: String, body: Option<String> },
    Connect(String),
    SendText(String),
    SendBinary(Vec<u8>),
    Disconnect,
    Raw(Vec<u8>),
}

/// Maximum number of steps, so that an input runs in milliseconds.
const STEPS: usize = 40;

/// Parses a script.
pub fn read(data: &[u8]) -> Vec<Step> {
    let text = String::from_utf8_lossy(data);
    text.lines().filter_map(step).take(STEPS).collect()
}

/// Parses a line of a script.
fn step(line: &str) -> Option<Step> {
    let (who, line) = match line.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
        Some((who, rest)) => (who.parse().unwrap_or(0), rest),
        None => (0, line),
    };
    Some(match line.split_at_checked(1)? {
        ("+", rest) => Step::Connect(rest.trim().to_owned()),
        (">", rest) => match rest.strip_prefix('>') {
            Some(bytes) => Step::SendBinary(bytes.trim_start().as_bytes().to_vec()),
            None => Step::SendText(rest.trim_start().to_owned()),
        },
        ("-", _) => Step::Disconnect,
        ("*", rest) => Step::Raw(rest.trim_start().replace("\\r", "\r").replace("\\n", "\n").into_bytes()),
        _ => {
            let mut words = line.splitn(3, ' ');
            let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
            Step::Request { who, method, path, body: words.next().map(str::to_owned) }
        }
    })
}

/// The vocabulary of a service's scripts.
pub struct Grammar {
    /// Methods and paths, with `$` for an id.
    pub routes: &'static [(&'static str, &'static str)],
    pub events: &'static [&'static str],
    pub keys: &'static [&'static str],
    pub words: &'static [&'static str],
}

/// Writes a random script.
pub fn write(dice: &mut Dice<'_>, grammar: &Grammar) -> String {
    let mut script = String::new();
    for _ in 0..STEPS {
        if dice.is_exhausted() {
            break;
        }
        let line = line(dice, grammar);
        script.push_str(&line.replace(['\n', '\r'], " "));
        script.push('\n');
    }
    script
}

/// Writes a random line.
fn line(dice: &mut Dice<'_>, grammar: &Grammar) -> String {
    let Grammar { routes, events, keys, words } = grammar;
    match dice.below(12) {
        0 => "+".to_owned(),
        1 | 2 => {
            let arg = if dice.chance() { dice.json(keys, words, 4) } else { dice.object(keys, words, 3).into() };
            let ack = dice.one_of(&["", "", "1", "99999999999999999999", "-"]);
            format!("> 42{ack}{}", serde_json::json!([dice.one_of(events), arg]))
        }
        3 => format!(
            "> {}",
            dice.text(&[
                "40",
                "41",
                "2",
                "3",
                "5",
                "42[]",
                "451-[\"message\",{\"_placeholder\":true,\"num\":0}]",
                "44"
            ])
        ),
        4 => format!(">> {}", dice.text(words)),
        5 => match dice.below(3) {
            0 => "-".to_owned(),
            1 => format!(
                "* {}",
                dice.text(&[
                    "GET / HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n",
                    "POST / HTTP/1.1\\r\\ncontent-length: 9\\r\\n\\r\\nab"
                ])
            ),
            _ => format!("+ {}", dice.text(&["auth=Bearer%20$t", "sid=$0", "EIO=3"])),
        },
        _ => {
            let (method, path) = dice.one_of(routes);
            let mut path = path.to_owned();
            while let Some(at) = path.find("$ID") {
                let id = match dice.below(6) {
                    0 => dice.text(words).bytes().map(|byte| format!("%{byte:02x}")).collect(),
                    1 => dice.one_of(words).to_owned(),
                    _ => format!("$[{}]", dice.below(12)),
                };
                path.replace_range(at..at + 3, &id);
            }
            let who = dice.below(4);
            match dice.below(4) {
                0 => format!("@{who} {method} {path}"),
                1 => {
                    let fields: Vec<String> = (0..dice.below(6))
                        .map(|_| {
                            let mark = if dice.below(4) == 0 { "@" } else { "" };
                            format!("{mark}{}={}", dice.one_of(keys), dice.text(words))
                        })
                        .collect();
                    format!("@{who} {method} {path} ~{}", fields.join("&"))
                }
                _ => format!("@{who} {method} {path} {}", serde_json::Value::Object(dice.object(keys, words, 4))),
            }
        }
    }
}
