//! Wording of the questions that need a yes or a no.

use crate::app::effect::BundleContents;
use crate::app::features::membership_rules::may_be_direct;
use crate::app::features::{marked, quit, unread};
use crate::app::model::confirmation::{Confirmation, confirmation};
use crate::app::model::context::Scene;
use crate::app::model::send_status::SendStatus;
use crate::app::overlays::question::{MemberChange, Question, TEXT_WIDTH};
use crate::domain::{Feature, MemberRole, Message, RoomId, format_size};
use crate::text::{SafeText, clip};

/// Returns the title of the box and its text.
pub fn question_text(scene: Scene<'_>, question: &Question) -> (&'static str, String) {
    match question {
        Question::DeleteMessage(_, id) | Question::DeleteForMe(_, id) => {
            let room = scene.open_room();
            let message = room.and_then(|room| Some(room.timeline.get(room.timeline.find(id)?)));
            let scope = if matches!(question, Question::DeleteForMe(..)) { "for you only" } else { "for everyone" };
            ("Delete message", format!("{}\n\nDelete this message {scope}?", excerpt(message)))
        }
        Question::DeleteMessages(_, ids) => {
            let others = marked::messages(scene).len().saturating_sub(ids.len());
            let rest = match others {
                0 => String::new(),
                1 => "\n\nOne marked message is not yours and stays.".to_owned(),
                _ => format!("\n\n{others} marked messages are not yours and stay."),
            };
            let what = if ids.len() == 1 { "1 message".to_owned() } else { format!("{} messages", ids.len()) };
            ("Delete messages", format!("Delete {what} for everyone?{rest}"))
        }
        Question::DiscardEdit => {
            let text = clip(&scene.ui.composer.text().replace('\n', " "), usize::from(TEXT_WIDTH));
            ("Cancel editing", format!("{text}\n\nDiscard your changes to this message?"))
        }
        Question::Discard(_, local) => {
            let room = scene.open_room();
            let message = room.and_then(|room| Some(room.timeline.get(room.timeline.find_own_send(*local)?)));
            let is_uncertain =
                message.and_then(|message| scene.account.send_status(message)) == Some(SendStatus::NeedsUser);
            let outcome = if is_uncertain { "It may have been sent." } else { "It has not been sent." };
            ("Discard message", format!("{}\n\nDiscard this message? {outcome}", excerpt(message)))
        }
        Question::Request(request) | Question::ChangeListedMember(_, request) => {
            confirmation(request).map(|confirmation| confirmation_text(scene, confirmation)).unwrap_or_default()
        }
        Question::ChangeMembers(MemberChange { room, username, add }) => {
            let (person, of_room) = (person_label(scene, username), title(scene, room));
            let doubt = doubt(scene, room);
            match add {
                true => ("Add member", format!("Add {person} to {of_room}?{doubt}")),
                false => ("Remove member", format!("Remove {person} from {of_room}?{doubt}")),
            }
        }
        Question::ReplaceFile(file) => {
            ("Replace file", format!("{}\n\nThis file exists already. Replace it?", SafeText::line(file.path())))
        }
        Question::WriteBundle(contents) => ("Bundle for a bug report", bundle(contents)),
        Question::MarkAllRead => {
            let rooms = unread::markable_rooms(scene);
            ("Mark as read", format!("Mark {rooms} rooms as read? Others may see that you have read their messages."))
        }
        Question::Quit => ("Quit", format!("Unsent text will be lost{}. Quit anyway?", queued_suffix(scene))),
    }
}

/// Returns the title and the text of the question before a request.
fn confirmation_text(scene: Scene<'_>, confirmation: Confirmation<'_>) -> (&'static str, String) {
    match confirmation {
        Confirmation::DeleteRoom(room) => {
            let scope = if scene.account.can(Feature::DeleteRoomForAll) { "for everyone" } else { "for you" };
            ("Delete room", format!("Delete {} and all its messages {scope}?", title(scene, room)))
        }
        Confirmation::RemoveMember { room, username } => {
            ("Remove member", format!("Remove {} from {}?", person_label(scene, username), title(scene, room)))
        }
        Confirmation::SetRole { room, username, role: MemberRole::Member } => {
            let (person, group) = (person_label(scene, username), title(scene, room));
            ("Change role", format!("Make {person} a member of {group}, who is no longer an admin?"))
        }
        Confirmation::SetRole { room, username, .. } => {
            let (person, group) = (person_label(scene, username), title(scene, room));
            ("Change role", format!("Make {person} an admin of {group}? Admins can add and remove members."))
        }
        Confirmation::LeaveGroup(room) => {
            let doubt = doubt(scene, room);
            ("Leave group", format!("Leave {}?{doubt} You will no longer receive its messages.", title(scene, room)))
        }
        Confirmation::Block { username } => {
            let person = person_label(scene, username);
            ("Block user", format!("Block {person}? Neither of you can write to the other until you unblock them."))
        }
        Confirmation::ClearCalls => ("Clear calls", "Clear the list of past calls? Only yours changes.".to_owned()),
        Confirmation::LogOut => {
            let loss = if quit::would_lose_text(scene) {
                format!(" Unsent text will be lost{}.", queued_suffix(scene))
            } else {
                String::new()
            };
            ("Log out", format!("End the login of this device and quit? Messages on this computer stay.{loss}"))
        }
    }
}

/// Returns the sentence about a room that may be a direct message; empty for any other room.
fn doubt(scene: Scene<'_>, room: &RoomId) -> &'static str {
    let is_doubtful = scene.account.rooms.get(room).is_some_and(|room| may_be_direct(scene.account, room));
    if is_doubtful { " It has two members, so it may be a direct message." } else { "" }
}

/// Returns what a person is called, or the user name of somebody unknown.
fn person_label(scene: Scene<'_>, username: &str) -> String {
    let known = scene.account.people.find_by_username(username);
    let known = known.map(|person| scene.account.label_of(&person.info.id).to_string());
    known.unwrap_or_else(|| SafeText::line(username).to_string())
}

/// Returns what a bundle contains.
fn bundle(contents: &BundleContents) -> String {
    let file = |(name, size): &(String, u64)| format!("{name}  {}\n", format_size(*size));
    let files: String = contents.files.iter().map(file).collect();
    let names = if contents.names_hidden {
        "Keys are removed and names are hidden; texts of messages are shown."
    } else {
        "Keys are removed; names and messages are shown. /bundle hidden hides names."
    };
    let left_out = contents.left_out.as_ref().map(|sentence| format!(" {sentence}")).unwrap_or_default();
    format!("{files}\n{names}{left_out}\n\nWrite these files to {}?", SafeText::line(&contents.folder))
}

/// Returns the part of a sentence about unsent text that counts the queued messages; empty without any.
fn queued_suffix(scene: Scene<'_>) -> String {
    match scene.account.outbox.len() {
        0 => String::new(),
        1 => ", including 1 queued message".to_owned(),
        count => format!(", including {count} queued messages"),
    }
}

/// Returns the message in one line.
fn excerpt(message: Option<&Message>) -> String {
    let text = message.map(|message| message.text.replace('\n', " ")).unwrap_or_default();
    clip(&text, usize::from(TEXT_WIDTH))
}

fn title(scene: Scene<'_>, room: &RoomId) -> String {
    scene.account.rooms.get(room).map(|room| scene.account.room_label(room).to_string()).unwrap_or_default()
}
