//! What an action or a command needs the service to be able to do. What it cannot do is absent from the help and hints.

use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::domain::Feature;
use crate::input::{Action, Command, CommandHelp};

/// What `action` needs; `None` when it can be done everywhere.
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

/// What `command` needs; `None` when it can be done everywhere.
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

/// What the command of this name needs.
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

/// Whether a command is there on some services only.
pub(in crate::app) fn is_optional(command: &CommandHelp) -> bool {
    feature_of(command.name).is_some()
}

impl Account {
    /// Whether the service can do this; no, as long as it is not known which service it is.
    pub fn can(&self, feature: Feature) -> bool {
        self.capabilities.is_some_and(|can| can.has(feature))
    }

    /// Whether `action` has a place in help and hints here.
    pub fn offers(&self, action: Action) -> bool {
        action_needs(action).is_none_or(|feature| self.can(feature))
    }

    /// Whether `command` has a place in help and switcher here.
    pub fn offers_command(&self, command: &CommandHelp) -> bool {
        feature_of(command.name).is_none_or(|feature| self.can(feature))
    }

    /// Whether every message here carries the identity of its send, others' too: what can be answered or sent on is
    /// named by it.
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
