//! Enter in the composer: runs a command, saves an edit or sends a message.

use crate::app::effect::{ConfigTrigger, Effect};
use crate::app::features::quit::quit;
use crate::app::features::rooms::{description, listing, members, settings};
use crate::app::features::sending::{clear_composer, send_text};
use crate::app::features::{
    bundle, calls, date_jump, directory, drafts, edits, export, files, help, inspector, key_test, leaving, navigation,
    notices, people, profiles, quote_reply, recall, refused_command, screen_dump, search_navigation,
    settings as program_settings, shared_files, stars, unread, unsent, user_names,
};
use crate::app::model::access::notify_closed;
use crate::app::model::context::Context;
use crate::app::model::permissions::command_needs;
use crate::domain::{Request, RoomId};
use crate::input::{Action, COMMANDS, Command, CommandError, CommandId, Substitute, substitute};
use crate::text::{replace_emoji_codes, suggestion};

/// Handles Enter: runs a command, saves an edit or sends a message.
pub(in crate::app) fn send(cx: &mut Context<'_>) {
    let text = cx.ui.composer.text().to_owned();
    let unsent = cx.ui.composer.edited_send();
    let sent_meanwhile = unsent.and_then(|local| unsent::sent_meanwhile(cx.scene(), local, &text));
    if let Some(message) = cx.ui.composer.edited_message().cloned().or(sent_meanwhile) {
        let text = edits::with_emoji(cx.scene(), &message, text);
        return edits::save_edit(cx, message, text);
    }
    if let Some(local) = unsent {
        return unsent::save_unsent(cx, local, text);
    }
    if text.trim().is_empty() {
        if cx.is_closed() {
            notify_closed(cx);
        }
        return;
    }
    if let Some(command) = cx.ui.composer.command().map(str::to_owned) {
        return run(cx, &command);
    }
    if quote_reply::lacks_reply(&cx.ui.composer) {
        return cx.refuse("Write your reply below the quotation.");
    }
    // A leading `//` stands for a slash.
    let escaped = text.strip_prefix('/').filter(|rest| rest.starts_with('/') && !cx.ui.composer.literal);
    say(cx, escaped.unwrap_or(&text).to_owned());
}

/// Sends a text to the open room, if the user can write there.
fn say(cx: &mut Context<'_>, text: String) {
    if let Some(reason) = cx.closed_reason() {
        cx.notify(reason);
        return;
    }
    let text = if cx.options.emoji_shortcodes { replace_emoji_codes(&text).into_owned() } else { text };
    send_text(cx, text);
}

/// Changes the faults of the server, which only the one of the demo has.
fn set_faults(cx: &mut Context<'_>, text: String) {
    if cx.account.profile.is_sandbox {
        cx.effects.push(Effect::SetFaults(cx.account.id, text));
    } else {
        cx.refuse("Only the demo has faults. Elsewhere, use `minchat-tui serve --fault`.");
    }
}

/// Runs `work` on the open room.
fn with_open(cx: &mut Context<'_>, work: impl FnOnce(&mut Context<'_>, RoomId)) {
    match cx.ui.open.clone() {
        Some(room) => work(cx, room),
        None => cx.notify_no_room(),
    }
}

/// Returns what does what an unknown command probably stands for, as a sentence.
fn advice(cx: &Context<'_>, name: &str) -> Option<String> {
    let similar = || suggestion(name, COMMANDS.iter().map(|command| command.name));
    Some(match substitute(name) {
        Some(Substitute::Command(here)) => format!("Here it is /{here}."),
        Some(Substitute::OnMessage) => {
            let (select, menu) = (cx.options.press(Action::SelectMessage), cx.options.to_press(Action::MessageMenu));
            format!("{select} to select a message, then {menu}.")
        }
        None => format!("Did you mean /{}? To send a slash, type //.", similar()?),
    })
}

/// Returns why a command cannot run, as far as that is known before; `None` if it can.
pub(in crate::app) fn reason_against(cx: &Context<'_>, line: &str) -> Option<String> {
    checked(cx, line).err()
}

/// Parses a command and checks what is known before it runs. The error is a sentence for the user.
fn checked(cx: &Context<'_>, line: &str) -> Result<(CommandId, Command), String> {
    let (id, command) = Command::parse(line).map_err(|error| match &error {
        CommandError::Unknown(name) => {
            let sentence = |advice| format!("Unknown command /{name}. {advice}");
            advice(cx, name).map_or_else(|| error.to_string(), sentence)
        }
        CommandError::Arguments(_) => error.to_string(),
    })?;
    if let Some(feature) = command_needs(id)
        && !cx.account.can(feature)
    {
        return Err(cx.unsupported(feature));
    }
    let command = user_names::resolve(cx.account, command)?;
    let sends = matches!(
        command,
        Command::Say(_) | Command::Send(_) | Command::File(_) | Command::PasteImage | Command::Call(_)
    );
    match cx.closed_reason().filter(|_| sends) {
        Some(reason) => Err(reason),
        None => Ok((id, command)),
    }
}

/// Runs a command. One with arguments stays in the composer if it is refused, to be corrected.
fn run(cx: &mut Context<'_>, line: &str) {
    let (id, command) = match checked(cx, line) {
        Ok(checked) => checked,
        Err(sentence) => return cx.notify(sentence),
    };
    if let Command::Say(text) = command {
        return say(cx, text);
    }
    let (room, typed) = (cx.ui.open.clone(), cx.ui.composer.clone());
    // A command is not part of the message being composed, so the reply stays although the text is cleared. A draft
    // that returns to the composer may have its own.
    let reply = cx.ui.composer.reply.take();
    clear_composer(cx);
    if cx.ui.composer.editing.is_none() && cx.ui.composer.reply.is_none() {
        cx.ui.composer.reply = reply;
    }
    cx.terminal.notice.iter_mut().for_each(|notice| notice.is_refusal = false);
    carry_out(cx, command);
    let has_arguments = COMMANDS.iter().any(|command| command.id == id && !command.arguments.is_empty());
    if has_arguments && cx.terminal.notice.as_ref().is_some_and(|notice| notice.is_refusal) {
        refused_command::restore(cx, typed);
    } else {
        recall::record_in(cx, room, &format!("/{line}"), false);
    }
}

fn carry_out(cx: &mut Context<'_>, command: Command) {
    match command {
        Command::Direct(username) => cx.request(Request::OpenDirect { username }),
        Command::Group(title, usernames) => cx.request(Request::CreateGroup { title, usernames }),
        Command::Add(Some(username)) => people::change_members(cx, &username, true),
        Command::Add(None) => people::choose_new_member(cx),
        Command::Remove(username) => people::change_members(cx, &username, false),
        Command::Broadcast(title, usernames) => {
            cx.request(Request::CreateBroadcast { title, usernames });
        }
        Command::Role(username, role) => members::set_role(cx, &username, &role),
        Command::Leave => leaving::leave(cx),
        Command::Rename(title) => description::rename(cx, &title),
        Command::Describe(text) => description::describe(cx, &text),
        Command::Nick(name) => description::set_nickname(cx, &name),
        Command::Mute(None) => with_open(cx, |cx, room| settings::set_muted(cx, room, true)),
        Command::Mute(Some(time)) => with_open(cx, |cx, room| settings::mute_for(cx, &room, time)),
        Command::Unmute => with_open(cx, |cx, room| settings::set_muted(cx, room, false)),
        Command::Notify(level) => settings::set_notify_level(cx, &level),
        Command::Pin(on) => with_open(cx, |cx, room| settings::set_pinned(cx, &room, on)),
        Command::Read(true) => unread::mark_all_read(cx),
        Command::Read(false) => unread::mark_open_read(cx),
        Command::Sort(order) => listing::sort(cx, &order),
        Command::Filter(filter) => listing::filter(cx, &filter),
        Command::Archive(on) => with_open(cx, |cx, room| settings::set_archived(cx, room, on)),
        Command::Archived => directory::show_archived(cx),
        Command::Rooms(title) => directory::search_rooms(cx, &title),
        Command::People(name) => directory::search_people(cx, &name),
        Command::Find(words) => search_navigation::open(cx, &words),
        Command::Block(username, on) => people::set_blocked(cx, username, on),
        Command::Stars(all) => stars::show_starred(cx, all),
        Command::Shared(list) => shared_files::show(cx, list),
        Command::Send(path) => files::send(cx, path, false),
        Command::File(path) => files::send(cx, path, true),
        Command::PasteImage => files::paste_image(cx),
        // Sent above: the text stays in the composer until the outbox has it.
        Command::Say(_) => {}
        Command::Name(name) => cx.request(Request::SetName { name }),
        Command::Picture(path) => files::set_own_picture(cx, path),
        Command::GroupPicture(path) => description::set_picture(cx, path),
        Command::Call(video) => calls::start(cx, video),
        Command::Calls => calls::show_history(cx),
        Command::ClearCalls => cx.request(Request::ClearCalls),
        Command::Discard => drafts::discard(cx),
        Command::DeleteChat => with_open(cx, |cx, room| cx.request(Request::DeleteRoom { room })),
        Command::Info => navigation::show_info(cx),
        Command::Date(day) => date_jump::jump_to_date(cx, &day),
        Command::Export(arguments) => export::start::run(cx, &arguments),
        Command::Screen(arguments) => screen_dump::run(cx, &arguments),
        Command::Bundle(arguments) => bundle::run(cx, &arguments),
        Command::Go(title) => navigation::open_by_name(cx, &title),
        Command::Profile(name) => profiles::open(cx, &name),
        Command::AddProfile(name) => profiles::add(cx, &name),
        Command::CloseProfile(name) => profiles::close(cx, &name),
        Command::Fault(text) => set_faults(cx, text),
        Command::Reconnect => navigation::reconnect(cx),
        Command::Reload => cx.effects.push(Effect::LoadConfig(ConfigTrigger::Command)),
        Command::KeyTest => key_test::open(cx),
        Command::Inspect => inspector::toggle(cx),
        Command::Settings => cx.effects.push(Effect::LoadConfig(ConfigTrigger::Show(None))),
        Command::Theme(name) if !name.is_empty() => program_settings::set_theme(cx, &name),
        Command::Theme(_) => cx.effects.push(Effect::LoadConfig(ConfigTrigger::Show(Some("theme")))),
        Command::Notices => notices::open(cx),
        Command::Help(words) => help::open(cx, &words),
        Command::LogOut => cx.request(Request::LogOut),
        Command::Quit => quit(cx),
    }
}
