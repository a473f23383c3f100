//! Pictures among the messages: those on screen are loaded, and no others.

use crate::app::effect::Effect;
use crate::app::features::selection::selected_message;
use crate::app::model::context::Context;
use crate::app::model::options::Options;
use crate::app::model::pane_row::PaneRow;
use crate::app::model::pictures::{NoPicture, Pictures};
use crate::app::overlays::frame;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::picture::PictureView;
use crate::domain::{Attachment, Picture, PictureRequest, Slot};
use crate::input::Action;
use crate::text::clip;

/// Maximum width of a host in a sentence, in cells.
const HOST_CELLS: usize = 30;

/// Opens the picture of the selected message on the whole screen.
pub(in crate::app) fn enlarge(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    let title = message.attachment.as_deref().map(Attachment::summary).unwrap_or_default();
    match cx.scene().picture_rules().check(message) {
        Ok(url) => cx.ui.overlay = Some(Overlay::Picture(PictureView::new(url.to_owned(), title))),
        Err(reason) => {
            let sentence = sentence(cx.options, reason);
            cx.notify(sentence);
        }
    }
}

/// Says why there is no picture, and what to do about it.
fn sentence(options: &Options, reason: NoPicture) -> String {
    let open = options.press(Action::MessageOpen);
    match reason {
        NoPicture::None => "This message has no picture.".to_owned(),
        NoPicture::Off if options.linear => format!("Pictures cannot be shown in lines. {open} to open it."),
        NoPicture::Off if options.ascii => format!("Pictures cannot be shown in ASCII. {open} to open it."),
        NoPicture::Off if !options.theme.has_colors() => {
            format!("Pictures cannot be shown without colors. {open} to open it.")
        }
        NoPicture::Off => "Pictures are off. To show them, change pictures in /settings.".to_owned(),
        NoPicture::NotSent => "This picture can be shown once it is sent.".to_owned(),
        NoPicture::NoAddress => "This picture has no web address, so it cannot be shown.".to_owned(),
        NoPicture::Credentials => {
            format!("The address of this picture has a password, so it is not loaded. {open} to open it.")
        }
        NoPicture::OtherHost(host) => {
            let host = clip(&host, HOST_CELLS);
            format!("This picture is on another host, {host}. To show it, set pictures to all in /settings.")
        }
        NoPicture::Unencrypted => {
            "This picture is not encrypted on its way. To show it, set pictures to all in /settings.".to_owned()
        }
    }
}

/// Requests the pictures on screen.
pub(in crate::app) fn request_visible(cx: &mut Context<'_>) {
    request_enlarged(cx);
    let rules = cx.scene().picture_rules();
    let (Some((columns, rows)), Some(room)) = (rules.space, cx.open_room()) else { return };
    let shown = cx.ui.pane.rows.iter().filter_map(|row| match row {
        PaneRow::Picture { slot, .. } => Some(*slot),
        _ => None,
    });
    let mut slots: Vec<Slot> = shown.collect();
    slots.dedup();
    // The newest ones first, because they are read first.
    let urls = slots.iter().rev().filter_map(|slot| rules.address(room.timeline.get(*slot)));
    let requests: Vec<_> =
        urls.map(|url| PictureRequest { url: url.to_owned(), columns, rows, is_enlarged: false }).collect();
    for request in requests {
        if cx.account.pictures.begin(&request) {
            cx.effects.push(Effect::LoadPicture(cx.account.id, request));
        }
    }
}

/// Requests the picture that is open on the whole screen. Others that were open are forgotten.
fn request_enlarged(cx: &mut Context<'_>) {
    let request = match cx.ui.box_ref() {
        Some(Overlay::Picture(view)) => {
            let (columns, rows) = view.space(frame::inside(cx.ui.regions.overlay));
            Some(PictureRequest { url: view.url.clone(), columns, rows, is_enlarged: true })
        }
        _ => None,
    };
    cx.account.pictures.keep_enlarged(request.as_ref().map(|request| request.url.as_str()));
    if let Some(request) = request.filter(|request| cx.account.pictures.begin(request)) {
        cx.effects.push(Effect::LoadPicture(cx.account.id, request));
    }
}

/// Shows a picture that was loaded, or why it was not.
pub(in crate::app) fn on_loaded(cx: &mut Context<'_>, request: &PictureRequest, loaded: Result<Picture, String>) {
    cx.account.pictures.finish(request, loaded);
}

/// Shows the pictures of deleted messages no longer.
pub(in crate::app) fn hide(cx: &mut Context<'_>, urls: &[String]) {
    urls.iter().for_each(|url| cx.account.pictures.forget(url));
    cx.ui.close_box_if(|overlay| matches!(overlay, Overlay::Picture(view) if urls.contains(&view.url)));
}

/// Shows no picture of the account any longer, because its history was deleted.
pub(in crate::app) fn hide_all(cx: &mut Context<'_>) {
    cx.account.pictures = Pictures::default();
    cx.ui.close_box_if(|overlay| matches!(overlay, Overlay::Picture(_)));
}

/// Forgets the pictures of deleted messages, on the disk too.
pub(in crate::app) fn forget(cx: &mut Context<'_>, urls: Vec<String>) {
    if !urls.is_empty() {
        hide(cx, &urls);
        cx.effects.push(Effect::ForgetPictures(cx.account.id, urls));
    }
}
