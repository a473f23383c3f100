//! Carries out the actions that keys and entries of the switcher trigger.

use crate::app::effect::Effect;
use crate::app::features::history::{gaps, pages};
use crate::app::features::rooms::listing;
use crate::app::features::{
    arrangement, calls, clipboard, completion, details, downloads, drafts, edits, external_editor, files, forwarding,
    help, inspector, jump, latency, links, marked, member_list, message_menu, navigation, notices, pictures, quit,
    quote_reply, recall, receipts, replies, search_navigation, seen_by, selection, stars, unread, unsent,
};
use crate::app::handlers::command;
use crate::app::model::context::Context;
use crate::app::model::permissions::action_needs;
use crate::app::model::timers::TerminalTimer;
use crate::app::model::ui::{Divider, Focus};
use crate::domain::Feature;
use crate::input::Action;

/// Milliseconds within which a second Ctrl+C quits.
const QUIT_WINDOW: i64 = 2_000;

/// Runs the action that a key is bound to, if the service supports it.
pub(in crate::app) fn run(cx: &mut Context<'_>, action: Action) {
    // The notice is about an earlier action and would hide the hints for the current one.
    cx.dismiss_notice();
    if let Action::MemberPromote | Action::MemberDemote | Action::MemberRemove = action {
        // These work only in the list of members, which handles its keys before this function.
        return;
    }
    // These actions check permissions themselves: a queued message can be canceled anywhere, and text can be a quotation.
    let checks_itself =
        matches!(action, Action::MessageEdit | Action::EditLast | Action::MessageDelete | Action::MessageQuoted);
    if let Some(feature) = action_needs(action).filter(|_| !checks_itself)
        && !cx.account.can(feature)
    {
        cx.notify_unsupported(feature);
        return;
    }
    let page = usize::from(cx.ui.regions.messages.height.saturating_sub(2).max(1)).cast_signed();
    match action {
        Action::Switcher => navigation::open_switcher(cx),
        Action::NextRoom => navigation::step_room(cx, true),
        Action::PreviousRoom => navigation::step_room(cx, false),
        Action::NextUnread => navigation::step_unread(cx, true),
        Action::PreviousUnread => navigation::step_unread(cx, false),
        Action::LastRoom => navigation::open_last(cx),
        Action::NextMention if unread::select_next_mention(cx) => {}
        Action::NextMention => navigation::step_mention(cx),
        Action::MarkAllRead => unread::ask_to_mark_all_read(cx),
        Action::MessageUnread => unread::mark_unread_from_selected(cx),
        Action::ScrollUp if matches!(cx.ui.focus, Focus::Rooms(_)) => navigation::step_list(cx, -rooms_page(cx)),
        Action::ScrollDown if matches!(cx.ui.focus, Focus::Rooms(_)) => navigation::step_list(cx, rooms_page(cx)),
        Action::ScrollUp => {
            cx.ui.pane.scroll_by -= page;
            pages::clear_load_error(cx);
        }
        Action::ScrollDown => cx.ui.pane.scroll_by += page,
        Action::ToOldest | Action::MessageOldest => selection::scroll_to_oldest(cx),
        Action::ToNewest | Action::MessageNewest => selection::scroll_to_newest(cx),
        Action::Search | Action::MessageSearch => search_navigation::open(cx, ""),
        Action::FirstUnread => jump::jump_to_first_unread(cx),
        Action::JumpBack => jump::back(cx),
        Action::SelectMessage | Action::FocusMessages => selection::select_newest(cx),
        Action::FocusRooms => navigation::toggle_list_focus(cx),
        Action::PinRoom | Action::MuteRoom | Action::ArchiveRoom | Action::ReadRoom => {
            listing::change_highlighted(cx, action);
        }
        Action::SortRooms => listing::sort_next(cx),
        Action::FilterRooms => listing::filter_next(cx),
        Action::Notices => notices::open(cx),
        Action::Help | Action::MessageHelp => help::open(cx, ""),
        Action::Reconnect => navigation::reconnect(cx),
        Action::NextProfile => navigation::next_profile(cx),
        Action::FillGap => gaps::fill_nearest(cx),
        Action::ToggleMembers if member_list::fits(cx.scene()) => member_list::toggle(cx),
        // Without room for the list, the members are shown in a box.
        Action::ToggleMembers | Action::RoomInfo => navigation::show_info(cx),
        Action::ToggleRooms => arrangement::toggle_rooms(cx),
        Action::NarrowRooms => arrangement::resize(cx, Divider::Rooms, -1),
        Action::WidenRooms => arrangement::resize(cx, Divider::Rooms, 1),
        Action::NarrowMembers => arrangement::resize(cx, Divider::Members, -1),
        Action::WidenMembers => arrangement::resize(cx, Divider::Members, 1),
        Action::ToggleDensity => arrangement::toggle_density(cx),
        Action::ToggleMarkdown => toggle_markdown(cx),
        Action::ToggleMouse => toggle_mouse(cx),
        Action::Inspector => inspector::toggle(cx),
        Action::Latency => latency::toggle(cx),
        Action::Redraw => cx.effects.push(Effect::Redraw),
        Action::Suspend => cx.effects.push(Effect::Suspend),
        Action::Interrupt => interrupt(cx),
        Action::Quit => quit::quit(cx),
        Action::Cancel => cancel(cx),
        Action::First => navigation::step_list(cx, isize::MIN),
        Action::Last => navigation::step_list(cx, isize::MAX),
        Action::Up => navigation::step_list(cx, -1),
        Action::Down => navigation::step_list(cx, 1),
        Action::Confirm => navigation::open_highlighted(cx),
        Action::MessageUp => selection::step_selection(cx, -1),
        Action::MessageDown => selection::step_selection(cx, 1),
        Action::MessageDetails => details::show(cx),
        Action::MessageInspect => inspector::show_message(cx),
        Action::MessageMenu => message_menu::show(cx),
        Action::MessageMark => marked::toggle(cx),
        Action::MessageEdit => edits::edit_selected(cx),
        Action::MessageDelete if !cx.ui.pane.marked.is_empty() => marked::confirm_deletion(cx),
        Action::MessageForward if !cx.ui.pane.marked.is_empty() => marked::choose_forward_target(cx),
        Action::MessageCopy if !cx.ui.pane.marked.is_empty() => marked::copy(cx),
        Action::MessageDelete => edits::delete_selected(cx),
        Action::MessageReply if cx.account.can(Feature::Reply) => replies::reply(cx),
        Action::MessageReply => quote_reply::quote_selected(cx),
        Action::MessageForward => forwarding::choose_target(cx),
        Action::MessageQuoted => replies::jump_to_quoted(cx),
        Action::FoundOlder => search_navigation::jump_to_older(cx),
        Action::FoundNewer => search_navigation::jump_to_newer(cx),
        Action::MessageStar => stars::toggle(cx),
        Action::MessageSeenBy => seen_by::show(cx),
        Action::MessageDeleteForMe => edits::delete_for_me(cx),
        Action::AcceptCall => calls::accept(cx),
        Action::RejectCall => calls::decline(cx),
        Action::HangUp => calls::hang_up(cx),
        Action::MessageCopy => selection::copy_selected(cx),
        Action::MessageOpen => links::open(cx),
        Action::MessageCopyLink => links::copy(cx),
        Action::MessageSave => downloads::save_selected(cx),
        Action::MessageSource => selection::toggle_source(cx),
        Action::MessageFold => selection::toggle_fold(cx),
        Action::MessagePicture => pictures::enlarge(cx),
        Action::MessageRetry => unsent::retry_selected(cx),
        Action::MessageCancel if downloads::cancel_selected(cx) => {}
        Action::MessageCancel => unsent::cancel_selected(cx),
        Action::EditLast => edits::edit_last(cx),
        Action::CompletionAccept | Action::CompletionConfirm => completion::accept(cx),
        Action::CompletionUp => completion::step(cx, false),
        Action::CompletionDown => completion::step(cx, true),
        Action::CompletionClose => completion::close(cx),
        Action::Complete => completion::open(cx),
        Action::Send => command::send(cx),
        Action::OlderLine => recall::step(cx, true),
        Action::NewerLine => recall::step(cx, false),
        Action::ExternalEditor => external_editor::open(cx),
        Action::PasteImage => files::paste_image(cx),
        Action::Copy => clipboard::copy(cx),
        Action::Cut => clipboard::cut(cx),
        Action::MemberPromote
        | Action::MemberDemote
        | Action::MemberRemove
        | Action::SearchScope
        | Action::ShowSecret
        | Action::InspectorPane
        | Action::InspectorFilter
        | Action::InspectorSearch
        | Action::InspectorNext
        | Action::InspectorPrevious
        | Action::InspectorCopy
        | Action::InspectorPause
        | Action::InspectorGroup
        | Action::InspectorFold
        | Action::ZoomIn
        | Action::ZoomOut
        | Action::ZoomFit
        | Action::Left
        | Action::Right
        | Action::Yes
        | Action::No
        | Action::NewLine
        | Action::LineStart
        | Action::LineEnd
        | Action::WordLeft
        | Action::WordRight
        | Action::DeleteNext
        | Action::DeleteWord
        | Action::DeleteNextWord
        | Action::Yank
        | Action::DeleteToStart
        | Action::DeleteToEnd
        | Action::Undo
        | Action::DeleteToBlank
        | Action::DeleteBlanks
        | Action::YankPop
        | Action::TransposeChars
        | Action::TransposeWords
        | Action::UpperCaseWord
        | Action::LowerCaseWord
        | Action::CapitalizeWord
        | Action::SelectLeft
        | Action::SelectRight
        | Action::SelectUp
        | Action::SelectDown
        | Action::SelectWordLeft
        | Action::SelectWordRight
        | Action::SelectToLineStart
        | Action::SelectToLineEnd
        | Action::SelectAll
        | Action::CharLeft
        | Action::CharRight
        | Action::RowUp
        | Action::RowDown
        | Action::Redo => {}
    }
}

/// Number of rooms by which a page key moves in the room list; one of the last page stays visible.
fn rooms_page(cx: &Context<'_>) -> isize {
    cx.ui.regions.rooms_shown().saturating_sub(1).max(1).cast_signed()
}

/// Handles Esc, one step at a time. Overlays have been closed before; next come the selected text, the reply or edit,
/// the marks, the selected message and the unread marker. The room list is left first, because on a narrow screen it
/// hides the composer.
fn cancel(cx: &mut Context<'_>) {
    if jump::cancel(cx) {
        return;
    }
    if cx.ui.focus == Focus::Composer && cx.ui.composer.deselect() {
        return;
    }
    if !matches!(cx.ui.focus, Focus::Rooms(_)) && cx.ui.composer.reply.take().is_some() {
        drafts::sync_draft(cx);
        return;
    }
    if cx.ui.selected().is_some() && !cx.ui.pane.marked.is_empty() {
        cx.ui.pane.marked.clear();
    } else if cx.ui.selected().is_some() {
        jump::leave_selection(cx);
    } else if cx.ui.focus != Focus::Composer {
        cx.ui.focus = Focus::Composer;
    } else if cx.ui.composer.editing.is_some() {
        edits::cancel(cx);
    } else if quote_reply::is_begun(&cx.ui.composer) {
        quote_reply::cancel(cx);
    } else if cx.open_room().is_some_and(|room| room.info.settings.marked_unread) {
        // The user has just said that these messages are to stay unread.
        selection::scroll_to_newest(cx);
    } else if let Some(room) = cx.open_room_mut() {
        room.unread_marker.clear();
        // What is not loaded yet has not been read.
        let (id, is_unread) = (room.info.id.clone(), room.unread().any() && room.history.is_synced());
        if is_unread && cx.account.is_online() {
            receipts::mark_read(cx, &id, receipts::MAX_AT_ONCE);
        }
        selection::scroll_to_newest(cx);
    }
}

/// Shows all messages as they were written, or formatted again.
fn toggle_markdown(cx: &mut Context<'_>) {
    cx.terminal.markdown = Some(!cx.scene().shows_markdown());
    let key = cx.options.key_name(Action::ToggleMarkdown);
    cx.notify(if cx.scene().shows_markdown() {
        format!("Markdown is shown as formatted text. {key} shows it as it was written.")
    } else {
        format!("Markdown is shown as it was written. {key} formats it again.")
    });
}

/// Turns the mouse on, or off so that the terminal selects text with it.
fn toggle_mouse(cx: &mut Context<'_>) {
    cx.terminal.mouse = !cx.terminal.mouse;
    cx.effects.push(Effect::Mouse(cx.terminal.mouse));
    let key = cx.options.key_name(Action::ToggleMouse);
    cx.notify(if cx.terminal.mouse {
        format!("The mouse clicks and scrolls. {key} leaves it to the terminal.")
    } else {
        format!("The mouse selects text as in other programs. {key} takes it back.")
    });
}

fn interrupt(cx: &mut Context<'_>) {
    if cx.terminal.timers.get(TerminalTimer::QuitDisarms).is_some_and(|until| cx.now < until) {
        quit::quit(cx);
        return;
    }
    cx.terminal.timers.set(TerminalTimer::QuitDisarms, cx.now + QUIT_WINDOW);
    let again = if cx.options.linear { "" } else { " again" };
    cx.notify(format!("{}{again} to quit.", cx.options.press(Action::Interrupt)));
}
