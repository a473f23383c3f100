//! The commands that can be used with this service and in this room.

use crate::app::features::membership_rules::{Change, refusal};
use crate::app::features::profiles;
use crate::app::model::completion::Candidate;
use crate::app::model::context::Scene;
use crate::domain::{Room, RoomKind};
use crate::input::{COMMANDS, CommandId};

/// Returns the commands that can be used now, in the order of the help.
pub(in crate::app) fn candidates(scene: Scene<'_>) -> Vec<Candidate> {
    let usable = COMMANDS
        .iter()
        .filter(|command| scene.account.offers_command(command) && is_usable(scene, command.id))
        .map(|command| Candidate {
            label: format!("/{}", command.name),
            detail: command.help.to_owned(),
            hint: command.shown_arguments(),
            insert: if command.arguments.is_empty() {
                format!("/{}", command.name)
            } else {
                format!("/{} ", command.name)
            },
            continues: !command.arguments.is_empty(),
            ..Candidate::default()
        });
    usable.collect()
}

/// Whether a command makes sense in the open room, as far as its kind is known.
fn is_usable(scene: Scene<'_>, command: CommandId) -> bool {
    let room = scene.open_room();
    let in_room = |fits: fn(&Room) -> bool| room.is_some_and(fits);
    let allows = |change| room.is_some_and(|room| refusal(scene.account, room, change).is_none());
    match command {
        CommandId::Add => allows(Change::Add),
        CommandId::Remove => allows(Change::Remove),
        CommandId::Leave => allows(Change::Leave),
        CommandId::Rename | CommandId::GroupPicture => {
            in_room(|room| !matches!(room.info.kind, RoomKind::Direct | RoomKind::Order))
        }
        CommandId::Role | CommandId::Describe => {
            in_room(|room| matches!(room.info.kind, RoomKind::Group | RoomKind::Unknown))
        }
        CommandId::Call | CommandId::Video => {
            in_room(|room| matches!(room.info.kind, RoomKind::Direct | RoomKind::Unknown)) && !scene.is_closed()
        }
        CommandId::Send
        | CommandId::File
        | CommandId::PasteImage
        | CommandId::Me
        | CommandId::Shrug
        | CommandId::TableFlip => room.is_some() && !scene.is_closed(),
        CommandId::Profile | CommandId::CloseProfile => profiles::offers(scene, command),
        CommandId::Mute => in_room(|room| !room.is_muted()),
        CommandId::Unmute => in_room(Room::is_muted),
        CommandId::Pin => in_room(|room| !room.info.settings.pinned),
        CommandId::Unpin => in_room(|room| room.info.settings.pinned),
        CommandId::Archive => in_room(|room| !room.is_archived()),
        CommandId::Unarchive => in_room(Room::is_archived),
        CommandId::Nick
        | CommandId::Notify
        | CommandId::Shared
        | CommandId::DeleteChat
        | CommandId::Info
        | CommandId::Date
        | CommandId::Export => room.is_some(),
        CommandId::Dm
        | CommandId::Group
        | CommandId::Broadcast
        | CommandId::Archived
        | CommandId::Sort
        | CommandId::Read
        | CommandId::Filter
        | CommandId::Rooms
        | CommandId::People
        | CommandId::Search
        | CommandId::Find
        | CommandId::Block
        | CommandId::Unblock
        | CommandId::Stars
        | CommandId::Name
        | CommandId::Picture
        | CommandId::Calls
        | CommandId::ClearCalls
        | CommandId::Screen
        | CommandId::Bundle
        | CommandId::Go
        | CommandId::Fault
        | CommandId::Reconnect
        | CommandId::AddProfile
        | CommandId::Reload
        | CommandId::Inspect
        | CommandId::Settings
        | CommandId::Keys
        | CommandId::Theme
        | CommandId::Notices
        | CommandId::Discard
        | CommandId::Help
        | CommandId::LogOut
        | CommandId::Quit => true,
    }
}
