//! What somebody does when the guest writes just one of these words to them.

/// A trick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trick {
    /// Bans the guest for a while.
    Block,
    /// Rings.
    Call,
    /// Rings with video.
    Video,
    /// Ends the call, or ceases to ring.
    HangUp,
    /// Records and sends a voice message.
    Record,
    /// Sends a picture.
    Photo,
    /// Sends a film.
    Film,
    /// Sends a file.
    File,
    /// Sends a place.
    Place,
    /// Sends a custom message.
    Custom,
    /// Answers with a reply.
    Reply,
    /// Forwards what was said.
    Forward,
    /// Says something and takes it back.
    Oops,
    /// Has the guest thrown out of a group, and taken back.
    Kick,
}

/// The words, as `assets/demo-vchat.json` lists them to the guest.
const WORDS: [(&str, Trick); 14] = [
    ("block", Trick::Block),
    ("call", Trick::Call),
    ("video", Trick::Video),
    ("hang up", Trick::HangUp),
    ("record", Trick::Record),
    ("photo", Trick::Photo),
    ("film", Trick::Film),
    ("file", Trick::File),
    ("place", Trick::Place),
    ("custom", Trick::Custom),
    ("reply", Trick::Reply),
    ("forward", Trick::Forward),
    ("oops", Trick::Oops),
    ("kick", Trick::Kick),
];

impl Trick {
    /// The trick that a text asks for: the word alone, whatever its case and what surrounds it.
    pub(super) fn asked(text: &str) -> Option<Self> {
        let text = text.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
        WORDS.iter().find(|(word, _)| *word == text).map(|(_, trick)| *trick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::script::Book;
    use crate::server::vchat::people::book::Staging;

    #[test]
    fn a_word_alone_asks_for_a_trick() {
        assert_eq!(Trick::asked(" Hang up! "), Some(Trick::HangUp));
        assert_eq!(Trick::asked("please call"), None);
        assert_eq!(Trick::asked(""), None);
    }

    #[test]
    fn the_first_message_of_the_room_lists_every_trick() {
        let staging = Staging::open(&Book::open().unwrap()).unwrap();
        let room = staging.rooms.iter().find(|scene| scene.key == "tobi").unwrap();
        let words: Vec<&str> = room.history[0].split(": ").nth(2).unwrap().split(" · ").collect();
        assert_eq!(words, WORDS.map(|(word, _)| word));
    }
}
