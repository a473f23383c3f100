//! Further guests of a demo: people without a script, whom the user plays beside the first one.

use super::roster::GUEST;
use super::script_file::{Script, ScriptRoom};

/// Key of the room that the guests have for themselves.
const KEY: &str = "guests";

/// Age of its first message, in hours, and of its last one, in minutes. It is the newest room, so that clients open it
/// first.
const AGE: (i64, i64) = (1, 1);

/// Returns the name of a guest in the lines of the script: the first one is [`GUEST`].
pub(crate) fn guest_key(index: usize) -> String {
    if index == 0 { GUEST.to_owned() } else { format!("{GUEST}-{}", index + 1) }
}

impl Script {
    /// Makes all guests members of the groups, and gives them a room without scripted people: a direct message for two,
    /// a group for more. With a single guest, the script stays as it is.
    pub(crate) fn invite(&mut self, guests: &[String]) {
        if guests.len() < 2 {
            return;
        }
        let companions: Vec<String> = (1..guests.len()).map(guest_key).collect();
        for room in self.rooms.iter_mut().filter(|room| room.title.is_some()) {
            room.members.extend(companions.iter().cloned());
        }
        let history = vec![
            format!("{GUEST}: Nobody in here follows a script. What you read, one of us wrote."),
            format!("{}: Then I will wait until somebody writes for me.", guest_key(1)),
        ];
        let (starts_hours_ago, ends_minutes_ago) = AGE;
        self.rooms.push(ScriptRoom {
            key: KEY.to_owned(),
            title: (guests.len() > 2).then(|| guests.join(", ")),
            members: companions,
            metadata: serde_json::Map::new(),
            starts_hours_ago,
            ends_minutes_ago,
            unread: 0,
            history,
        });
    }
}
