//! Saving the file of a message: asks for a path, follows the download, and cancels it.

use crate::app::effect::{Download, DownloadReply, Effect};
use crate::app::features::selection::selected_message;
use crate::app::features::waiting_questions;
use crate::app::model::context::Context;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::Replacement;
use crate::app::overlays::save::{SavePath, SavePrompt};
use crate::domain::{FileToSave, format_size};
use crate::input::Action;
use crate::text::Link;

/// Asks for the path to which the file of the selected message is saved.
pub(in crate::app) fn save_selected(cx: &mut Context<'_>) {
    let Some((room, message)) = cx.ui.open.clone().zip(selected_message(cx.scene())) else { return };
    let Some((id, file)) = message.id.clone().zip(message.attachment.clone()) else {
        return cx.notify("There is no file in this message.");
    };
    let (open, cancel) = (cx.options.to_press(Action::MessageOpen), cx.options.key_name(Action::MessageCancel));
    let Some(link) = Link::read(&file.url) else {
        return cx.notify("This file has no http or https address, so it cannot be saved.");
    };
    if link.has_credentials {
        return cx.notify(format!("Not saved: the address hides its real host, {}.", link.display_host()));
    }
    if cx.account.downloads.of_message(&id).is_some() {
        return cx.notify(format!("The file is being saved already. {cancel} cancels that."));
    }
    if cx.account.downloads.is_full() {
        return cx.notify(format!("Several files are being saved already. Wait for one, or {open} to open this one."));
    }
    let file = FileToSave { room, message: id, name: file.name, url: link.address };
    cx.effects.push(Effect::FindPath(cx.account.id, file));
}

/// Opens the prompt with a path that no other file has.
pub(in crate::app) fn on_path_found(cx: &mut Context<'_>, file: FileToSave, path: &str) {
    if cx.ui.overlay.is_none() && cx.ui.open.as_ref() == Some(&file.room) {
        cx.ui.overlay = Some(Overlay::Save(SavePrompt::of(file, path)));
    }
}

/// Starts the download to the path that the user has typed.
pub(in crate::app) fn start(cx: &mut Context<'_>, chosen: SavePath) {
    cx.ui.overlay = None;
    begin(cx, Download { file: chosen.file, path: chosen.path, replaces: false });
}

/// Starts the download again after the user has agreed to replace the file at the path.
pub(in crate::app) fn replace(cx: &mut Context<'_>, file: FileToSave, path: String) {
    begin(cx, Download { file, path, replaces: true });
}

fn begin(cx: &mut Context<'_>, download: Download) {
    let id = cx.account.downloads.add(download.clone());
    cx.effects.push(Effect::Download(cx.account.id, id, download));
}

/// Cancels the download of the selected message's file. Returns whether there was one.
pub(in crate::app) fn cancel_selected(cx: &mut Context<'_>) -> bool {
    let message = selected_message(cx.scene()).and_then(|message| message.id.as_ref());
    let running = message.and_then(|message| cx.account.downloads.of_message(message)).map(|download| download.id);
    let Some(download) = running.and_then(|id| cx.account.downloads.remove(id)) else { return false };
    cx.effects.push(Effect::CancelDownload(cx.account.id, download.id));
    cx.notify("Canceled. Nothing was saved.");
    true
}

/// Cancels all downloads of an account that is closed.
pub(in crate::app) fn cancel_all(cx: &mut Context<'_>) {
    let account = cx.account.id;
    cx.effects.extend(cx.account.downloads.ids().map(|id| Effect::CancelDownload(account, id)));
}

/// Handles a reply about a download.
pub(in crate::app) fn on_reply(cx: &mut Context<'_>, id: u64, reply: DownloadReply) {
    if let DownloadReply::Progress(done, total) = reply {
        return cx.account.downloads.record(id, cx.now, done, total);
    }
    // A download that was canceled may still have replied.
    let Some(download) = cx.account.downloads.remove(id) else { return };
    match reply {
        DownloadReply::Progress(..) => {}
        DownloadReply::Exists(path) => {
            let replacement = Replacement::Download(Box::new(download.request.file), path);
            waiting_questions::ask_to_replace(cx, replacement);
        }
        DownloadReply::Finished(path, size) => cx.notify(format!("Saved to {path} ({}).", format_size(size))),
        DownloadReply::Failed(reason) => cx.notify(format!("Not saved: {reason}")),
    }
}
