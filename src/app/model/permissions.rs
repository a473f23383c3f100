//! The service feature that each action and command requires.
//!
//! Actions and commands that the service does not support are left out of the help, the hints and the switcher. Rights
//! of a member within a room are not decided here.

use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::domain::Feature;
use crate::input::{Action, Command, CommandHelp};

/// Returns the feature that `action` requires; `None` if every service supports it.
pub(in crate::app) fn action_needs(action: Action) -> Option<Feature> {
    match action {
        Action::MessageReply | Action::MessageQuoted => Some(Feature::Reply),
        Action::MessageForward => Some(Feature::Forward),
        Action::MessageStar => Some(Feature::Star),
        Action::MessageSeenBy => Some(Feature::SeenBy),
        Action::MessageDeleteForMe => Some(Feature::DeleteForMe),
        Action::MessageDelete => Some(Feature::Delete),
        Action::MessageEdit | Action::EditLast => Some(Feature::Edit),
        Action::AcceptCall | Action::RejectCall | Action::HangUp => Some(Feature::Calls),
        Action::MemberPromote | Action::MemberDemote => Some(Feature::Roles),
        Action::MemberRemove => Some(Feature::Members),
        _ => None,
    }
}

/// Returns the feature that `command` requires; `None` if every service supports it.
pub(in crate::app) fn command_needs(command: &Command) -> Option<Feature> {
    feature_of(match command {
        Command::Add(_) => "add",
        Command::Remove(_) => "remove",
        Command::Broadcast(..) => "broadcast",
        Command::Role(..) => "role",
        Command::Leave => "leave",
        Command::Rename(_) => "rename",
        Command::Mute(_) => "mute",
        Command::Archive(_) | Command::Archived => "archive",
        Command::Rooms(_) => "rooms",
        Command::People(_) => "people",
        Command::Block(..) => "block",
        Command::Stars(_) => "stars",
        Command::Send(_) | Command::File(_) => "send",
        Command::Call(_) | Command::Calls => "call",
        _ => return None,
    })
}

/// Returns the feature that the command with this name requires.
fn feature_of(name: &str) -> Option<Feature> {
    Some(match name {
        "add" | "remove" => Feature::Members,
        "broadcast" => Feature::Broadcasts,
        "role" => Feature::Roles,
        "leave" | "rename" => Feature::Groups,
        "mute" | "unmute" => Feature::Mute,
        "archive" | "unarchive" | "archived" => Feature::Archive,
        "rooms" => Feature::FindRooms,
        "people" => Feature::FindPeople,
        "block" | "unblock" => Feature::Block,
        "stars" => Feature::Star,
        "send" | "file" => Feature::Files,
        "call" | "video" | "calls" => Feature::Calls,
        _ => return None,
    })
}

/// Whether only some services support a command.
pub(in crate::app) fn is_optional(command: &CommandHelp) -> bool {
    feature_of(command.name).is_some()
}

impl Account {
    /// Whether the service supports `feature`; false until its capabilities are known.
    pub fn can(&self, feature: Feature) -> bool {
        self.capabilities.is_some_and(|can| can.has(feature))
    }

    /// Whether the help and the hints list `action` for this account.
    pub fn offers(&self, action: Action) -> bool {
        action_needs(action).is_none_or(|feature| self.can(feature))
    }

    /// Whether the help and the switcher list `command` for this account.
    pub fn offers_command(&self, command: &CommandHelp) -> bool {
        feature_of(command.name).is_none_or(|feature| self.can(feature))
    }

    /// Whether every message, including those of others, carries the `LocalId` under which it was sent. Services with
    /// replies or forwarding use it to refer to a message.
    pub(in crate::app) fn names_messages_by_local_id(&self) -> bool {
        self.can(Feature::Reply) || self.can(Feature::Forward)
    }
}

impl Context<'_> {
    /// Tells the user that the service does not have this feature.
    pub(in crate::app) fn notify_unsupported(&mut self, feature: Feature) {
        match self.account.capabilities {
            Some(can) => {
                let mut feature = feature.label().to_owned();
                if let Some(first) = feature.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                self.notify(format!("{} does not support {feature}.", can.name));
            }
            None => self.notify("Not connected yet. Try again once connected."),
        }
    }
}
