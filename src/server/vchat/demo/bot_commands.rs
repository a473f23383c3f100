//! Commands for the scripted people: words that make one of them demonstrate a feature of V Chat.
//!
//! A command works only in a room with one scripted person, because a command does not name a person.

use crate::domain::{SECOND, Timestamp};
use crate::server::demo::{Action, Id, IncomingMessage};

use super::actions::{FollowUp, VChatAction, VChatScheduler};
use super::attachments::{Outgoing, Relation};

/// Key of the group that `kick` removes the guest from.
const KICK_GROUP: &str = "release";
/// Username of the owner of that group.
const KICK_OWNER: &str = "mara";
/// Time for which a ban or a removal from the group lasts.
const PENALTY_TIME: i64 = 10 * SECOND;
/// Time between a command and the reaction to it.
const REACTION_DELAY: i64 = 700;
/// Time between the reaction and a message that is not typed, such as a file.
const SEND_DELAY: i64 = SECOND;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BotCommand {
    /// Bans the guest for a while.
    Block,
    /// Starts a voice call.
    Call,
    /// Starts a video call.
    VideoCall,
    /// Cancels or ends the current call.
    HangUp,
    /// Records and sends a voice message.
    Record,
    /// Sends an image.
    Image,
    /// Sends a video.
    Video,
    /// Sends a file.
    File,
    /// Sends a location.
    Location,
    /// Sends custom data.
    Custom,
    /// Replies to the command.
    Reply,
    /// Forwards the command.
    Forward,
    /// Sends a message and deletes it.
    DeletedMessage,
    /// Has the guest removed from a group and added again.
    Kick,
}

/// The words of the commands, in the order in which `assets/demo-vchat.json` lists them to the guest.
const WORDS: [(&str, BotCommand); 14] = [
    ("block", BotCommand::Block),
    ("call", BotCommand::Call),
    ("video", BotCommand::VideoCall),
    ("hang up", BotCommand::HangUp),
    ("record", BotCommand::Record),
    ("photo", BotCommand::Image),
    ("film", BotCommand::Video),
    ("file", BotCommand::File),
    ("place", BotCommand::Location),
    ("custom", BotCommand::Custom),
    ("reply", BotCommand::Reply),
    ("forward", BotCommand::Forward),
    ("oops", BotCommand::DeletedMessage),
    ("kick", BotCommand::Kick),
];

impl BotCommand {
    /// Parses a message that consists of the word alone. Case and surrounding punctuation do not matter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
        WORDS.iter().find(|(word, _)| *word == text).map(|(_, command)| *command)
    }

    /// Plans what `person` does when the guest sends this command in `message`.
    pub(super) fn plan(self, scheduler: &mut VChatScheduler, now: Timestamp, person: usize, message: &IncomingMessage) {
        let (starts, room) = (now + REACTION_DELAY, message.room.clone());
        let file = |scheduler: &VChatScheduler, name: &str| {
            Outgoing::file(&scheduler.responder.script, name).unwrap_or_default()
        };
        let content = match self {
            Self::Image => file(scheduler, "kettle-icon.png"),
            Self::Video => file(scheduler, "descaler.mp4"),
            Self::File => file(scheduler, "menu.txt"),
            Self::Location => Outgoing::location("52.3791", "4.9003", "The workshop"),
            Self::Custom => Outgoing::custom(),
            Self::Reply => Outgoing::related("this one, yes", Relation::ReplyTo(message.message.clone())),
            Self::Forward => Outgoing::related("this one, yes", Relation::ForwardOf(message.message.clone())),
            Self::DeletedMessage => Outgoing::text("the cellar key is under the m"),
            Self::Block => return plan_ban(scheduler, starts, person, message),
            Self::Call | Self::VideoCall => {
                let (person, video) = (scheduler.id(person), self == Self::VideoCall);
                return scheduler.plan_service(starts, VChatAction::Call { person, room, video });
            }
            Self::HangUp => return plan_hang_up(scheduler, now, person, message),
            Self::Record => return plan_recording(scheduler, starts, person, &room),
            Self::Kick => return plan_kick(scheduler, starts, message),
        };
        let follow_up = (self == Self::DeletedMessage).then_some(FollowUp::Delete);
        let person = scheduler.id(person);
        scheduler.plan(starts + SEND_DELAY, Action::Send { person, room, content, follow_up });
    }
}

fn plan_ban(scheduler: &mut VChatScheduler, starts: Timestamp, person: usize, message: &IncomingMessage) {
    let room = &message.room;
    let warned = scheduler.plan_line(starts, person, room, "ok. ten seconds. think about what you did");
    let id = scheduler.id(person);
    let ban = |banned| VChatAction::Ban { person: id.clone(), user: message.author.clone(), banned };
    scheduler.plan_service(warned + 300, ban(true));
    scheduler.plan_service(warned + PENALTY_TIME, ban(false));
    scheduler.plan_line(warned + PENALTY_TIME + 500, person, room, "forgiven. it was the kettle's fault");
}

fn plan_hang_up(scheduler: &mut VChatScheduler, now: Timestamp, person: usize, message: &IncomingMessage) {
    match scheduler.service.calls.get(&message.room).cloned() {
        Some((call, person)) => scheduler.plan_service(now + 300, VChatAction::EndCall { person, call }),
        None => {
            scheduler.plan_line(now + REACTION_DELAY, person, &message.room, "there is nothing to hang up");
        }
    }
}

fn plan_kick(scheduler: &mut VChatScheduler, starts: Timestamp, message: &IncomingMessage) {
    let owner = scheduler.responder.script.people.iter().position(|person| person.username == KICK_OWNER);
    let (Some(owner), Some(room)) = (owner, scheduler.room(KICK_GROUP).cloned()) else { return };
    let (person, user) = (scheduler.id(owner), message.author.clone());
    let remove = VChatAction::RemoveMember { person: person.clone(), room: room.clone(), user: user.clone() };
    scheduler.plan_service(starts, remove);
    scheduler.plan_service(starts + PENALTY_TIME, VChatAction::AddMember { person, room, user });
}

/// Plans that a person records for a few seconds and sends the voice message.
pub(super) fn plan_recording(scheduler: &mut VChatScheduler, starts: Timestamp, person: usize, room: &Id) {
    let seconds = scheduler.responder.rng.u32(2..5);
    let sent = starts + i64::from(seconds) * SECOND;
    let (person, room) = (scheduler.id(person), room.clone());
    let recording = |started| VChatAction::Recording { person: person.clone(), room: room.clone(), started };
    scheduler.plan_service(starts, recording(true));
    scheduler.plan_service(sent, recording(false));
    scheduler.plan(sent, Action::Send { person, room, content: Outgoing::voice(seconds), follow_up: None });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::demo::Script;
    use crate::server::vchat::demo::rooms_file::RoomsFile;

    #[test]
    fn command_must_be_the_whole_message() {
        assert_eq!(BotCommand::parse(" Hang up! "), Some(BotCommand::HangUp));
        assert_eq!(BotCommand::parse("please call"), None);
        assert_eq!(BotCommand::parse(""), None);
    }

    #[test]
    fn first_message_of_the_room_lists_every_command() {
        let file = RoomsFile::load(&Script::load().unwrap()).unwrap();
        let room = file.rooms.iter().find(|room| room.key == "tobi").unwrap();
        let words: Vec<&str> = room.history[0].split(": ").nth(2).unwrap().split(" · ").collect();
        assert_eq!(words, WORDS.map(|(word, _)| word));
    }
}
