//! Names of people at the beginning of a line, where they could pass for the words with which the program begins its own.

use crate::app::Scene;
use crate::domain::PersonId;
use crate::text::{clip, look_alike_key, to_ascii};

/// Maximum width of a name that could be confused, in cells.
const NAME_CELLS: usize = 24;

/// The first words of the lines of the program.
const OPENINGS: &[&str] = &[
    "You",
    "Notice",
    "Online",
    "Offline",
    "Connecting",
    "Refused",
    "Call",
    "Room",
    "Rooms",
    "Keys",
    "Earlier messages",
    "End of",
    "Unread",
    "Activity",
    "Selected",
    "Replying",
    "Editing",
    "Rest",
    "Not sent",
    "Not run",
    "Not certain",
    "Sent",
    "Delivered",
    "Seen",
    "Waiting to",
    "Closed",
    "Copied",
    "Your next",
    "In reply",
    "The server",
    "The help",
];

/// Characters that look like a colon, which separates a name from what somebody has written.
const COLONS: &[char] = &[':', '：', '﹕', '︰', '∶', '꞉', 'ː', '˸', '։', '׃', '፡', '፥', '܃', '܄', '⁚', '᛬', '︓'];

/// Returns the name of a person for the beginning of a line. If it could be confused with words of the program, or with
/// somebody else's name and text, it follows the mark that tells the person from all others.
pub(super) fn person(scene: Scene<'_>, id: &PersonId) -> String {
    let label = scene.account.label_of(id);
    let Some(known) = scene.account.people.get(id).filter(|_| reads_like_a_line(label.name)) else {
        return label.to_string();
    };
    let mark = match &*scene.account.label_in_list(&known.info).mark {
        "" => known.info.mark(false),
        mark => mark.to_owned(),
    };
    format!("{mark} ({})", clip(label.name, NAME_CELLS))
}

/// Whether a name could be taken for the beginning of another line.
pub(super) fn reads_like_a_line(name: &str) -> bool {
    let ascii = to_ascii(name);
    let looks_like = |name: &str| {
        let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        OPENINGS.iter().any(|opening| {
            let begun = words.get(..opening.split(' ').count()).map(|words| words.join(" "));
            begun.is_some_and(|begun| look_alike_key(&begun) == look_alike_key(opening))
        })
    };
    name.contains(COLONS)
        || ascii.contains(':')
        || ascii.starts_with(['>', '@', '"', '/'])
        || looks_like(name)
        || looks_like(&ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_pass_for_another_line_are_recognised() {
        for name in [
            "You",
            "yоu",
            "NOTICE",
            "Online.",
            "Sent",
            "Not sent yet",
            "In reply to Alice",
            "Alice, 16:00",
            "Alice, 16：00",
            "Room: Release crew",
            "> Rosa",
            "@alice",
            "\"You\"",
        ] {
            assert!(reads_like_a_line(name), "{name}");
        }
        for name in
            ["Alice Archer", "Young Kim", "Brown, Bob", "田中ゆき 🌸", "Noticia", "Dr. No", "In Sook", "فاطمة", "Not"]
        {
            assert!(!reads_like_a_line(name), "{name}");
        }
    }
}
