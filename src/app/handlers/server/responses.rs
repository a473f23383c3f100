//! Responses to our requests.

use crate::app::effect::LogLevel;
use crate::app::features::history::pages;
use crate::app::features::lists::on_page_failed;
use crate::app::features::outbox::{answers, reconcile};
use crate::app::features::quit::quit_now;
use crate::app::features::receipts::on_not_reported;
use crate::app::features::rooms::archive_check;
use crate::app::features::{export, forwarding, jump, member_list, people, seen_by, vanished_rooms};
use crate::app::handlers::server::authorship::log_ignored;
use crate::app::handlers::server::{calls, failed_commands, lists, members, messages, receipts};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::app::overlays::list::ListKind;
use crate::domain::{Failure, LocalId, MessageId, MessageInfo, PersonInfo, Request, RoomId};
use crate::text::SafeText;

/// Handles the server's acceptance of a send.
pub(in crate::app) fn on_accepted(
    cx: &mut Context<'_>,
    room: &RoomId,
    local: LocalId,
    id: Option<MessageId>,
    message: Option<Box<MessageInfo>>,
) {
    answers::on_confirmed(cx, local);
    // We wrote the message, whatever author the response names. If it names another one, only the id is used.
    let foreign = message.as_ref().is_some_and(|message| !cx.account.is_me(&message.author));
    if foreign {
        cx.account.people.learn_if_unknown(message.as_ref().and_then(|message| message.author_info.as_deref()));
        log_ignored(
            cx.effects,
            LogLevel::Warn,
            &format!("the response to a send in room {} names another author", room.as_str()),
        );
    }
    let message = message.filter(|_| !foreign);
    if let Some(message) = &message {
        answers::note_local_id_echo(cx, message.local == Some(local));
    }
    let Some(known) = cx.account.rooms.get_mut(room) else { return };
    match message {
        Some(mut message) => {
            // The id is set first, because a live event may already have added the message with a different text.
            known.timeline.accept(local, Some(message.id.clone()));
            message.local = Some(local);
            message.author_info = None;
            known.timeline.insert_live(*message);
        }
        None => {
            known.timeline.accept(local, id);
        }
    }
    amend_send(cx, room, local);
    cx.account.rooms.reposition(room);
}

/// Applies what has changed in a message of ours before the server's reply to the send arrived.
fn amend_send(cx: &mut Context<'_>, room: &RoomId, local: LocalId) {
    let Some(known) = cx.account.rooms.get_mut(room) else { return };
    let Some(slot) = known.timeline.find_own_send(local) else { return };
    let message = known.timeline.get(slot);
    let Some(id) = &message.id else { return };
    let due = cx.account.page_requests.amendments().due_for_text(id, Some(&message.author), &message.text.editable());
    known.timeline.change(slot, |message| message.amend_all(due));
}

/// Handles the response to a profile request or a look-up by user name.
pub(in crate::app) fn on_person(cx: &mut Context<'_>, request: &Request, person: Option<&PersonInfo>) {
    if let Some(person) = person {
        cx.account.people.learn(person.clone());
    }
    if let Request::FindPerson { username } = request {
        match person {
            Some(person) => people::on_person_found(cx, username, person),
            None => fail_changes(cx, username, None),
        }
    }
}

/// Fails the changes of members that waited for a lookup of `username`: for a reason, or else because there is no such
/// user.
fn fail_changes(cx: &mut Context<'_>, username: &str, reason: Option<&SafeText>) {
    for change in people::take_changes(cx.account, username, None) {
        match reason {
            Some(reason) => failed_commands::on_failed(cx, &change, reason),
            None => failed_commands::on_unknown_user(cx, &change),
        }
    }
}

/// Handles a completed request.
pub(in crate::app) fn on_done(cx: &mut Context<'_>, request: Request) {
    answers::on_done(cx, &request);
    match request {
        Request::Edit { message, text } => {
            if let Some(room) = cx.account.rooms.find_by_message(&message) {
                messages::set_text(room, &message, SafeText::block(&text));
            }
        }
        Request::Delete { room, message } => messages::on_deleted(cx, Some(&room), &message),
        Request::DeleteForMe { room, message } => receipts::on_deleted_for_me(cx, &room, &message),
        Request::Star { room, message, on } => receipts::on_starred(cx, &room, &message, on),
        Request::AcceptCall { call } => calls::on_joined(cx, &call),
        Request::DeclineCall { .. } | Request::EndCall { .. } => {}
        Request::LogOut => quit_now(cx),
        request => members::on_done(cx, request),
    }
}

/// Handles a failed request. Text that the user wrote is never lost.
pub(in crate::app) fn on_failed(cx: &mut Context<'_>, request: Request, failure: Failure, reason: &SafeText) {
    if let Request::History { serial, .. } = &request {
        cx.account.page_requests.end(*serial);
    }
    match &request {
        Request::History { serial, .. } if export::collect::awaits(cx, *serial) => {
            return export::collect::on_page_failed(cx, failure.may_succeed_later(), reason);
        }
        Request::DeleteRoom { room } if vanished_rooms::on_deletion_failed(cx, room, failure) => return,
        Request::DeleteRoom { .. } => {}
        Request::Send { room, .. } if failure == Failure::NotMember => {
            members::on_not_member(cx, room);
            let reason = vanished_rooms::explain_failure(cx, room, reason.clone());
            return report_failure(cx, request, failure, &reason);
        }
        // Servers also refuse what a former member sends.
        Request::Send { room, .. } if matches!(failure, Failure::Refused | Failure::NotFound) => {
            let may_be_removed = vanished_rooms::verify_membership(cx, room, failure);
            if !may_be_removed && failure == Failure::NotFound {
                return vanished_rooms::on_room_missing(cx, room);
            }
            if vanished_rooms::postpone_failure(cx, &request, reason) {
                return;
            }
            let reason = vanished_rooms::explain_failure(cx, room, reason.clone());
            return report_failure(cx, request, failure, &reason);
        }
        Request::Membership { room, .. } => {
            cx.account.room_sync.on_membership_answer(room);
            match vanished_rooms::finish_verification(cx, room) {
                Some(verification) if vanished_rooms::shows_deletion(&verification, failure) => {
                    return vanished_rooms::on_room_missing(cx, room);
                }
                Some(verification) => report_postponed(cx, room, verification.postponed),
                None => {}
            }
        }
        request => {
            if failure == Failure::NotFound
                && let Some(room) = request.needs_room()
                && !vanished_rooms::verify_membership(cx, room, failure)
            {
                return vanished_rooms::on_room_missing(cx, room);
            }
        }
    }
    report_failure(cx, request, failure, reason);
}

/// Reports the sends whose failure was postponed until our membership of the room was known.
pub(in crate::app) fn report_postponed(cx: &mut Context<'_>, room: &RoomId, postponed: Vec<(Request, SafeText)>) {
    for (request, reason) in postponed {
        let reason = vanished_rooms::explain_failure(cx, room, reason);
        report_failure(cx, request, Failure::Refused, &reason);
    }
}

/// Shows the reason of a failure, and restores what the user wrote.
fn report_failure(cx: &mut Context<'_>, request: Request, failure: Failure, reason: &SafeText) {
    let room = answers::room_of_request(cx.scene(), &request);
    if answers::on_failed(cx, &request, failure, reason) {
        return;
    }
    match request {
        Request::OpenDirect { username } if forwarding::on_target_failed(cx, &username, reason) => {}
        Request::FindPerson { username } => {
            fail_changes(cx, &username, Some(reason).filter(|_| failure != Failure::UnknownUser));
        }
        request if failure == Failure::UnknownUser => failed_commands::on_unknown_user(cx, &request),
        Request::Edit { message, text } => {
            let room = room.or_else(|| cx.account.rooms.find_by_message(&message).map(|room| room.info.id.clone()));
            let is_restored = restore_edit(cx, room, message, &text);
            let lost_text = if is_restored { String::new() } else { vanished_rooms::draft_suffix(&text) };
            cx.notify(format!("Not edited: {reason}{lost_text}"));
        }
        Request::Delete { .. } | Request::DeleteForMe { .. } => cx.notify(format!("Not deleted: {reason}")),
        Request::Star { on, .. } => {
            let what = if on { "Not starred" } else { "Star not removed" };
            cx.notify(format!("{what}: {reason}"));
        }
        Request::SeenBy { ref message, .. } => {
            seen_by::end_check(cx, message);
            // Without the list, nobody waits: the request was a check, or the list was closed.
            if cx.ui.list_of(&ListKind::SeenBy(message.clone())).is_some() {
                lists::on_list_failed(cx, &request);
                cx.notify(reason.to_string());
            }
        }
        Request::Stars { .. } | Request::Calls => {
            lists::on_list_failed(cx, &request);
            cx.notify(reason.to_string());
        }
        Request::StartCall { .. } | Request::AcceptCall { .. } => calls::on_request_failed(cx, &request, reason),
        // Nobody has asked for such a page, or waits for it.
        Request::History { room, serial, page, .. } if pages::only_verifies(cx, &room, serial) => {
            pages::on_page_failed(cx, &room, (serial, page), failure, reason);
            vanished_rooms::on_request_refused(cx, &room, failure);
            jump::advance(cx);
        }
        Request::History { room, serial, page, .. } => {
            reconcile::on_page_failed(cx, &room, serial);
            let was_jump_target = cx.ui.jump.take_if(|target| target.room == room).is_some();
            pages::on_page_failed(cx, &room, (serial, page), failure, reason);
            export::collect::advance(cx);
            vanished_rooms::on_request_refused(cx, &room, failure);
            // The notice does not name the room, so it is shown only for the open one.
            if was_jump_target || cx.ui.open.as_ref() == Some(&room) {
                cx.notify(format!("Could not load messages: {reason}"));
            }
        }
        Request::Room { room } => {
            cx.account.room_sync.requested.remove(&room);
            vanished_rooms::on_request_refused(cx, &room, failure);
            if cx.ui.jump.take_if(|target| target.room == room).is_some() {
                cx.notify(format!("Could not open that room: {reason}"));
            }
        }
        Request::FindRooms { .. } if archive_check::is_checking(cx, &request) => {
            cx.notify(format!("Could not look for new messages in archived rooms: {reason}"));
        }
        Request::Rooms { .. } => {
            cx.account.room_sync.fail();
            cx.notify(format!("Could not load the room list: {reason}"));
        }
        Request::OpenDirect { ref username } => {
            let lost_text = failed_commands::restore(cx, &request);
            cx.notify(format!("{username}: {reason}{lost_text}"));
        }
        Request::CallAccess { .. } => cx.notify(format!("The call program was not started: {reason}")),
        Request::LogOut if failure == Failure::Uncertain => {
            cx.notify(format!("You may still be logged in. Type /logout again. {reason}"));
        }
        Request::LogOut => cx.notify(format!("Not logged out: {reason}")),
        Request::Seen { room, message } if failure.may_succeed_later() => on_not_reported(cx, &room, &message),
        // A call that was declined or hung up needs no notice.
        Request::Send { .. }
        | Request::DeclineCall { .. }
        | Request::EndCall { .. }
        | Request::SignIn { .. }
        | Request::Announce
        | Request::Join { .. }
        | Request::Leave { .. }
        | Request::Typing { .. }
        | Request::Heartbeat { .. }
        | Request::Delivered { .. }
        | Request::Seen { .. }
        | Request::Presence { .. }
        | Request::CancelUpload { .. }
        | Request::Membership { .. }
        | Request::ActiveCall
        | Request::Person { .. } => {}
        request => {
            on_page_failed(cx, &request);
            member_list::on_page_failed(cx, &request);
            failed_commands::on_failed(cx, &request, reason);
        }
    }
}

/// Restores a rejected edit in the composer or as a draft of its room. Returns false if a draft exists already.
fn restore_edit(cx: &mut Context<'_>, room: Option<RoomId>, message: MessageId, text: &str) -> bool {
    let Some(room) = room else { return false };
    let is_deleted = cx.account.rooms.get(&room).is_some_and(|room| room.timeline.is_deleted(&message));
    let mut edit = Composer::edit_of(message, text);
    // The text would be refused again and again.
    edit.editing.take_if(|_| is_deleted);
    let has_draft = cx.account.drafts.contains_key(&room);
    if cx.ui.open.as_ref() == Some(&room) && cx.ui.composer.is_blank() {
        cx.ui.composer = edit;
    } else if !has_draft {
        // In the open room, the draft returns to the composer once the current message is sent.
        cx.account.drafts.insert(room, edit);
    } else {
        return false;
    }
    true
}
