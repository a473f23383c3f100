//! Failed commands: a notice names what was not done, and the command returns to the composer for correction.

use crate::app::features::user_names;
use crate::app::features::vanished_rooms::draft_suffix;
use crate::app::model::composer::Composer;
use crate::app::model::context::{Context, Scene};
use crate::domain::{OutgoingFile, Request, RoomId};
use crate::text::SafeText;

/// Shows why a command failed and restores it.
pub(in crate::app) fn on_failed(cx: &mut Context<'_>, request: &Request, reason: &SafeText) {
    // These may come from keys of the member list, so they do not claim that text was lost.
    let is_typed = !matches!(request, Request::RemoveMember { .. } | Request::SetRole { .. });
    let is_here = cx.ui.overlay.is_none() && changed_room(request) == cx.ui.open.as_ref();
    let lost_text = if is_typed || is_here { restore(cx, request) } else { String::new() };
    let subject = match failed_change(request) {
        Some(change) => format!("{change}{}: ", other_room_suffix(cx.scene(), request)),
        None => String::new(),
    };
    cx.notify(format!("{subject}{reason}{lost_text}"));
}

/// Shows that the server does not know a user whom the command names, and restores the command.
pub(in crate::app) fn on_unknown_user(cx: &mut Context<'_>, request: &Request) {
    let lost_text = restore(cx, request);
    let sentence = user_names::unknown_sentence(cx.account, request);
    cx.notify(format!("{sentence}{lost_text}"));
}

/// Restores a failed command in the composer, or as the draft of the room that it is about. Text, a reply, an edit or a
/// box on screen is not replaced. Returns the end of a notice that quotes a command without a place; otherwise nothing.
pub(in crate::app) fn restore(cx: &mut Context<'_>, request: &Request) -> String {
    let Some(line) = command_line(request) else { return String::new() };
    match changed_room(request).filter(|room| cx.ui.open.as_ref() != Some(room)) {
        // In any other room, the command would change that room.
        Some(room) if cx.account.rooms.get(room).is_some() && !cx.account.drafts.contains_key(room) => {
            cx.account.drafts.insert(room.clone(), Composer::with_text(&line));
        }
        None if cx.ui.composer.is_blank() && cx.ui.overlay.is_none() => cx.ui.composer = Composer::with_text(&line),
        _ => return draft_suffix(&SafeText::line(&line)),
    }
    String::new()
}

/// Returns the command that made a request, if the user typed text for it.
fn command_line(request: &Request) -> Option<String> {
    let picture = |command: &str, file: &OutgoingFile| format!("/{command} {}", file.path.display());
    Some(match request {
        Request::OpenDirect { username } => format!("/dm {username}"),
        Request::CreateGroup { title, usernames } => format!("/group {title}: {}", usernames.join(" ")),
        Request::CreateBroadcast { title, usernames } => format!("/broadcast {title}: {}", usernames.join(" ")),
        Request::AddMember { username, .. } => format!("/add {username}"),
        Request::RemoveMember { username, .. } => format!("/remove {username}"),
        Request::SetRole { username, role, .. } => format!("/role {username} {}", role.label()),
        Request::Rename { title, .. } => format!("/rename {title}"),
        Request::SetDescription { text, .. } => format!("/describe {text}"),
        Request::SetNickname { name, .. } => format!("/nick {name}"),
        Request::SetName { name } => format!("/name {name}"),
        Request::SetPicture { file } => picture("picture", file),
        Request::SetRoomPicture { file, .. } => picture("group-picture", file),
        Request::Block { username, on: true } => format!("/block {username}"),
        Request::Block { username, on: false } => format!("/unblock {username}"),
        _ => return None,
    })
}

/// Names what a failed request did not change, as the beginning of a notice.
fn failed_change(request: &Request) -> Option<&'static str> {
    Some(match request {
        Request::SetName { .. } => "Name not changed",
        Request::SetPicture { .. } | Request::SetRoomPicture { .. } => "Picture not changed",
        Request::Rename { .. } => "Title not changed",
        Request::SetDescription { .. } => "Description not changed",
        Request::SetNickname { .. } => "Your name for the room not changed",
        Request::AddMember { .. } => "Member not added",
        Request::RemoveMember { .. } => "Member not removed",
        Request::SetRole { .. } => "Role not changed",
        Request::DeleteRoom { .. } => "Not deleted",
        _ => return None,
    })
}

/// Returns the room that a request would have changed.
fn changed_room(request: &Request) -> Option<&RoomId> {
    match request {
        Request::Rename { room, .. }
        | Request::SetDescription { room, .. }
        | Request::SetNickname { room, .. }
        | Request::SetRoomPicture { room, .. }
        | Request::AddMember { room, .. }
        | Request::RemoveMember { room, .. }
        | Request::SetRole { room, .. }
        | Request::DeleteRoom { room } => Some(room),
        _ => None,
    }
}

/// Names the room of a request as part of a notice, unless that room is open.
fn other_room_suffix(scene: Scene<'_>, request: &Request) -> String {
    let room = changed_room(request).filter(|room| scene.ui.open.as_ref() != Some(room));
    let room = room.and_then(|room| scene.account.rooms.get(room));
    room.map_or_else(String::new, |room| format!(" in {}", scene.account.room_label(room)))
}
