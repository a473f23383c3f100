//! Events of a recording in words, for the line below the screen.

use crate::app::Event;
use crate::domain::{ConnectionStatus, Request, ServerEvent};
use crate::input::MouseKind;
use crate::store::Answer;
use crate::text::{SafeText, clip};
use crate::wire::{RecordSubject, Topic};

/// Length of a quoted text, in cells.
const QUOTE: usize = 40;

/// Describes an event in a few words.
pub(super) fn words(event: &Event) -> String {
    match event {
        Event::Key(key) => format!("key {key}"),
        Event::Bytes(_) => "bytes of a key".to_owned(),
        Event::Line(line) => quoted("line", line),
        Event::Paste(text) => quoted("paste", text),
        Event::Mouse(mouse) => {
            let kind = match mouse.kind {
                MouseKind::Click => "click",
                MouseKind::Drag => "drag",
                MouseKind::WheelUp => "wheel up",
                MouseKind::WheelDown => "wheel down",
            };
            format!("{kind} at row {}, column {}", mouse.row + 1, mouse.column + 1)
        }
        Event::Resize(size) => format!("window of {}×{}", size.width, size.height),
        Event::Focus(true) => "window gained the focus".to_owned(),
        Event::Focus(false) => "window lost the focus".to_owned(),
        Event::Background(_) => "background of the terminal".to_owned(),
        Event::Server(_, event) => server_words(event),
        Event::RequestRejected(_, request) => format!("too many requests: {}", request_words(request)),
        Event::File(_, _, Ok(file)) => quoted("file to send", &file.name),
        Event::File(_, _, Err(reason)) => quoted("file cannot be sent", reason),
        Event::FilesFound(_, _, files) => format!("files in pasted text: {}", files.len()),
        Event::PasteSaved(..) => "file with pasted text".to_owned(),
        Event::TextEdited(..) => "text of the editor".to_owned(),
        Event::PathFound(_, _, path) => quoted("path for a file", path),
        Event::Download(..) => "download".to_owned(),
        Event::Export(..) => "export".to_owned(),
        Event::Folder(_) => "content of a folder".to_owned(),
        Event::Picture(..) => "picture".to_owned(),
        Event::ConfigLoaded(..) => "configuration".to_owned(),
        Event::BundleReady(_) => "content of a bundle".to_owned(),
        Event::Control(_) => "command of another program".to_owned(),
        Event::Notice(sentence) => quoted("notice", sentence),
        Event::LinkNotOpened(address, _) => quoted("link not opened", address),
        Event::CommandRefused(line, _) => quoted("command refused", line),
        Event::ProfileAdded(name) => quoted("profile added", name),
        Event::ProfileOpened(opened) => quoted("profile opened", &opened.profile.name),
        Event::Store(_, answer) => store_words(answer).to_owned(),
        Event::Wire(_) => "records for the inspector".to_owned(),
        Event::FromWire(_) => "answer of the inspector".to_owned(),
        Event::FrameDrawn => "frame".to_owned(),
        Event::Tick => "timer".to_owned(),
    }
}

fn server_words(event: &ServerEvent) -> String {
    let words = match event {
        ServerEvent::Connection(status) => return connection_words(status),
        ServerEvent::Message(message) => return quoted("message", &message.text),
        ServerEvent::Edited(message) => return quoted("edited message", &message.text),
        ServerEvent::Rooms { page, pages, .. } => return format!("room list, page {page} of {pages}"),
        ServerEvent::History { page, pages, .. } => return format!("messages, page {page} of {pages}"),
        ServerEvent::Notice(text) => return quoted("notice of the server", text),
        ServerEvent::Done(request) => return format!("done: {}", request_words(request)),
        ServerEvent::Failed { request, reason, .. } => {
            return quoted(&format!("failed: {}", request_words(request)), reason);
        }
        ServerEvent::SignedIn { .. } => "signed in",
        ServerEvent::ClockSkew { .. } => "clock of the server",
        ServerEvent::RoomChanged(_) => "room",
        ServerEvent::RoomRenamed { .. } => "room renamed",
        ServerEvent::RoomOpened(_) => "room opened",
        ServerEvent::Deleted(_) | ServerEvent::Revoked { .. } => "message deleted",
        ServerEvent::Seen(_) => "message seen",
        ServerEvent::RoomSeen { .. } => "messages seen",
        ServerEvent::RoomDelivered { .. } => "messages delivered",
        ServerEvent::Stars { .. } => "starred messages",
        ServerEvent::SeenBy { .. } => "people who have seen a message",
        ServerEvent::Progress { .. } => "progress of an upload",
        ServerEvent::Typing { activity: Some(_), .. } => "somebody is typing",
        ServerEvent::Typing { activity: None, .. } => "somebody stopped typing",
        ServerEvent::Presence { online: true, .. } => "somebody came online",
        ServerEvent::Presence { online: false, .. } => "somebody went offline",
        ServerEvent::LastSeen { .. } => "time at which somebody was online",
        ServerEvent::People { .. } => "people",
        ServerEvent::Members { .. } => "members",
        ServerEvent::Membership { .. } => "membership",
        ServerEvent::BlockChanged(_) => "somebody was blocked or unblocked",
        ServerEvent::Kicked { .. } | ServerEvent::MemberRemoved { .. } => "member removed",
        ServerEvent::FoundRooms { .. } => "rooms",
        ServerEvent::IncomingCall(_) => "incoming call",
        ServerEvent::CallStarted { .. } => "call is ringing",
        ServerEvent::CallAccepted { .. } => "call accepted",
        ServerEvent::CallEnded { .. } => "call ended",
        ServerEvent::Calls(_) => "past calls",
        ServerEvent::CallAccess { .. } => "sound and video of a call",
        ServerEvent::Shared { .. } => "shared media, links or files",
        ServerEvent::AgentAction { .. } => "action of an AI agent",
        ServerEvent::Silence(Some(_)) => "the server does not respond",
        ServerEvent::Silence(None) => "the server responds again",
        ServerEvent::Paused(Some(_)) => "the server asks to slow down",
        ServerEvent::Paused(None) => "the server accepts requests again",
        ServerEvent::Accepted { .. } => "message accepted",
        ServerEvent::Duplicate { .. } => "message had arrived already",
        ServerEvent::Person { .. } => "person",
        ServerEvent::MemberAdded { .. } => "member added",
        ServerEvent::RoomDeleted(_) => "room deleted",
        ServerEvent::EventsLost => "events were dropped",
    };
    words.to_owned()
}

fn connection_words(status: &ConnectionStatus) -> String {
    let (state, reason) = status.described();
    let state = format!("connection {state}");
    reason.map_or(state.clone(), |reason| quoted(&state, reason))
}

fn store_words(answer: &Answer) -> &'static str {
    match answer {
        Answer::Loaded(_) => "stored data",
        Answer::OutboxConfirmed { .. } => "outbox saved",
        Answer::History { .. } | Answer::Export { .. } => "stored messages",
        Answer::SearchResults(_) => "matches on disk",
        Answer::FilesForgotten(_) => "files of deleted messages",
        Answer::Problem(_) => "problem with the disk",
        Answer::Recovered => "disk works again",
    }
}

/// Returns the name of a request, as in the inspector.
fn request_words(request: &Request) -> &'static str {
    RecordSubject::of_request(request).topic.and_then(Topic::request).unwrap_or_default()
}

fn quoted(words: &str, text: &str) -> String {
    let line = SafeText::line(text);
    format!("{words}: {}", clip(&line, QUOTE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Size;
    use crate::domain::{AccountId, Failure, RoomId};

    /// The line showed the names of types, such as `Server(AccountId(0), Message(MessageInfo {`.
    #[test]
    fn event_is_described_in_words() {
        let request = Request::LeaveGroup { room: RoomId::new("r1") };
        let reason = SafeText::line("Not allowed.");
        let of_server = |event| Event::Server(AccountId(0), event);
        for (event, expected) in [
            (Event::Key("ctrl+k".parse().expect("a key")), "key Ctrl+K"),
            (Event::Paste("one\ntwo".into()), "paste: one two"),
            (Event::Resize(Size { width: 80, height: 24 }), "window of 80×24"),
            (of_server(ServerEvent::Connection(ConnectionStatus::Online)), "connection online"),
            (of_server(ServerEvent::Done(request.clone())), "done: leave group"),
            (
                of_server(ServerEvent::Failed { request, failure: Failure::Refused, reason }),
                "failed: leave group: Not allowed.",
            ),
            (Event::FrameDrawn, "frame"),
        ] {
            assert_eq!(words(&event), expected);
        }
    }
}
