//! Opening and copying of the links in a message.
//!
//! A link is passed to the user's program as one argument, never through a shell. Its real host is shown beforehand:
//! among the hints while the message is selected, and in a list for confirmation if the text disguises the host.

use crate::app::effect::Effect;
use crate::app::features::clipboard::copy_text;
use crate::app::features::selection::selected_message;
use crate::app::model::context::Context;
use crate::app::model::links::links_of;
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::input::Action;
use crate::text::Link;

/// Placeholder for the link in the arguments of the program.
const URL_PLACEHOLDER: &str = "{url}";

/// Opens the link of the selected message. A list asks for confirmation if there are several or the link is disguised.
pub(in crate::app) fn open(cx: &mut Context<'_>) {
    let links = links_of_selected(cx);
    open_one_of(cx, &links);
}

/// Opens a link, or a list if there are several or the link is disguised.
pub(in crate::app) fn open_one_of(cx: &mut Context<'_>, links: &[Link]) {
    match links {
        [] => {}
        [link] if !link.disguised || link.has_credentials => open_link(cx, link),
        [link] => {
            show_choices(cx, std::slice::from_ref(link), true);
            let press = cx.options.press(Action::Confirm);
            cx.notify(format!("Check the address: the link leads to {}. {press} to open it.", link.display_host()));
        }
        links => show_choices(cx, links, true),
    }
}

/// Copies the link of the selected message. If there are several, a list offers the choice.
pub(in crate::app) fn copy(cx: &mut Context<'_>) {
    match links_of_selected(cx).as_slice() {
        [] => {}
        [link] => copy_link(cx, link),
        links => show_choices(cx, links, false),
    }
}

/// Returns the links of the selected message, and shows a notice if there are none.
pub(in crate::app) fn links_of_selected(cx: &mut Context<'_>) -> Vec<Link> {
    let Some(message) = selected_message(cx.scene()) else { return Vec::new() };
    let links = links_of(message, cx.scene().text_format());
    if links.is_empty() {
        let sentence = match &message.attachment {
            _ if message.deleted => "This message is deleted.",
            Some(file) if file.url.is_empty() => "The server sent no address for this file.",
            Some(_) => "This file has no http or https address, so it cannot be opened.",
            None => "There is no http or https link in this message.",
        };
        cx.notify(sentence);
    }
    links
}

/// Opens a list of links, each with its real host.
fn show_choices(cx: &mut Context<'_>, links: &[Link], open: bool) {
    // Numbers for the keys that choose a row.
    let number = |index: usize| if links.len() > 1 && index < 9 { format!("{}  ", index + 1) } else { String::new() };
    let rows = links.iter().enumerate().map(|(index, link)| ListRow {
        text: format!("{}{}", number(index), link.address),
        mark: String::new(),
        hint: link.display_host().to_string(),
        target: ListTarget::Link { link: Box::new(link.clone()), open },
    });
    cx.ui.overlay = Some(Overlay::List(List::of(ListKind::Links, rows.collect())));
}

/// Opens a link with the program from `open_command`.
pub(in crate::app) fn open_link(cx: &mut Context<'_>, link: &Link) {
    let host = link.display_host();
    if link.has_credentials {
        let copies = cx.options.to_press(Action::MessageCopyLink);
        cx.notify(format!("Not opened: the link hides its real host, {host}. If you trust it, {copies} to copy it."));
        return;
    }
    let Some((program, arguments)) = cx.options.open_command.split_first() else {
        return on_not_opened(cx, link.address.clone(), "Set open_command to a program that opens links.");
    };
    let mut argv = vec![program.clone()];
    argv.extend(arguments.iter().map(|argument| argument.replace(URL_PLACEHOLDER, &link.address)));
    if !arguments.iter().any(|argument| argument.contains(URL_PLACEHOLDER)) {
        argv.push(link.address.clone());
    }
    cx.notify(format!("Opening {host}."));
    cx.effects.push(Effect::OpenLink(argv, link.address.clone()));
}

/// Copies an address that could not be opened, as where there is no browser.
pub(in crate::app) fn on_not_opened(cx: &mut Context<'_>, address: String, reason: &str) {
    copy_text(cx, address);
    cx.notify(format!("The link was copied instead of opened. {reason}"));
}

/// Copies the address of a link to the clipboard.
pub(in crate::app) fn copy_link(cx: &mut Context<'_>, link: &Link) {
    copy_text(cx, link.address.clone());
    cx.notify(format!("Copied the link to {}.", link.display_host()));
}
