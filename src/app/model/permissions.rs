//! The service feature that each action and command requires.
//!
//! Actions and commands that the service does not support are left out of the help, the hints and the switcher. Rights
//! of a member within a room are not decided here.

use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::domain::Feature;
use crate::input::{Action, CommandId, CommandSpec};

/// Returns the feature that `action` requires; `None` if every service supports it.
pub(in crate::app) fn action_needs(action: Action) -> Option<Feature> {
    match action {
        Action::MessageQuoted => Some(Feature::Reply),
        Action::MessageForward => Some(Feature::Forward),
        Action::MessageStar => Some(Feature::Star),
        Action::MessageSeenBy => Some(Feature::SeenBy),
        Action::MessageDeleteForMe => Some(Feature::DeleteForMe),
        Action::MessageDelete => Some(Feature::Delete),
        Action::MessageEdit | Action::EditLast => Some(Feature::Edit),
        Action::AcceptCall | Action::RejectCall | Action::HangUp => Some(Feature::Calls),
        Action::MemberPromote | Action::MemberDemote => Some(Feature::Roles),
        Action::MemberRemove => Some(Feature::Members),
        Action::PasteImage => Some(Feature::Files),
        _ => None,
    }
}

/// Returns the feature that a command requires; `None` if every service supports it.
pub fn command_needs(command: CommandId) -> Option<Feature> {
    match command {
        CommandId::Add | CommandId::Remove => Some(Feature::Members),
        CommandId::Broadcast => Some(Feature::Broadcasts),
        CommandId::Role => Some(Feature::Roles),
        CommandId::Leave => Some(Feature::LeaveGroups),
        CommandId::Rename | CommandId::GroupPicture => Some(Feature::ChangeGroups),
        CommandId::Name | CommandId::Picture => Some(Feature::Profile),
        CommandId::People => Some(Feature::FindPeople),
        CommandId::Block | CommandId::Unblock => Some(Feature::Block),
        CommandId::Stars => Some(Feature::Star),
        CommandId::Send | CommandId::File | CommandId::PasteImage => Some(Feature::Files),
        CommandId::Call | CommandId::Video | CommandId::Calls | CommandId::ClearCalls => Some(Feature::Calls),
        CommandId::Describe => Some(Feature::Descriptions),
        CommandId::Nick => Some(Feature::Nicknames),
        CommandId::Shared => Some(Feature::Shared),
        CommandId::LogOut => Some(Feature::LogOut),
        CommandId::Dm
        | CommandId::Me
        | CommandId::Shrug
        | CommandId::TableFlip
        | CommandId::Group
        | CommandId::Search
        | CommandId::Find
        | CommandId::Rooms
        | CommandId::Notify
        | CommandId::Mute
        | CommandId::Unmute
        | CommandId::Archive
        | CommandId::Unarchive
        | CommandId::Archived
        | CommandId::Pin
        | CommandId::Read
        | CommandId::Unpin
        | CommandId::Sort
        | CommandId::Filter
        | CommandId::DeleteChat
        | CommandId::Discard
        | CommandId::Info
        | CommandId::Date
        | CommandId::Export
        | CommandId::Screen
        | CommandId::Bundle
        | CommandId::Go
        | CommandId::Profile
        | CommandId::AddProfile
        | CommandId::CloseProfile
        | CommandId::Fault
        | CommandId::Reconnect
        | CommandId::Reload
        | CommandId::Inspect
        | CommandId::Settings
        | CommandId::Keys
        | CommandId::Theme
        | CommandId::Notices
        | CommandId::Help
        | CommandId::Quit => None,
    }
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
    pub fn offers_command(&self, command: &CommandSpec) -> bool {
        if command.id == CommandId::Fault {
            return self.profile.is_sandbox;
        }
        command_needs(command.id).is_none_or(|feature| self.can(feature))
    }

    /// Whether every message, including those of others, carries the `LocalId` under which it was sent. Services with
    /// replies or forwarding use it to refer to a message.
    pub(in crate::app) fn names_messages_by_local_id(&self) -> bool {
        self.can(Feature::Reply) || self.can(Feature::Forward)
    }
}

impl Context<'_> {
    /// Returns a sentence that says that the service does not have this feature.
    pub(in crate::app) fn unsupported(&self, feature: Feature) -> String {
        let Some(can) = self.account.capabilities else {
            return "Not connected yet. Try again once connected.".to_owned();
        };
        let mut feature = feature.label().to_owned();
        if let Some(first) = feature.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        format!("{} does not support {feature}.", can.name)
    }

    /// Tells the user that the service does not have this feature.
    pub(in crate::app) fn notify_unsupported(&mut self, feature: Feature) {
        let sentence = self.unsupported(feature);
        self.notify(sentence);
    }
}
