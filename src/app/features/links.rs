//! Opening and copying the links of a message.
//!
//! What is opened goes to a program of the user's as one argument, never through a shell. The real host is told before:
//! among the hints while the message is selected, and in a list to be confirmed when the text made it look otherwise.

use crate::app::effect::Effect;
use crate::app::features::selection::selected_message;
use crate::app::model::context::Context;
use crate::app::model::links::links_of;
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::input::Action;
use crate::text::Link;

/// Stands for the link in the arguments of the program.
const PLACE: &str = "{url}";

/// Opens the selected message's link; asks which when there are several, and whether when it is disguised.
pub(in crate::app) fn open(cx: &mut Context<'_>) {
    match links(cx).as_slice() {
        [] => {}
        [link] if !link.disguised || link.has_credentials => open_link(cx, link),
        [link] => {
            choose(cx, std::slice::from_ref(link), true);
            let enter = cx.options.keymap.shown(Action::Confirm);
            cx.notify(format!(
                "Check the address: the link leads to {}. Press {enter} to open it.",
                link.display_host()
            ));
        }
        links => choose(cx, links, true),
    }
}

/// Copies the selected message's link; asks which when there are several.
pub(in crate::app) fn copy(cx: &mut Context<'_>) {
    match links(cx).as_slice() {
        [] => {}
        [link] => copy_link(cx, link),
        links => choose(cx, links, false),
    }
}

/// The selected message's links; says so when there is none.
pub(in crate::app) fn links(cx: &mut Context<'_>) -> Vec<Link> {
    let Some(message) = selected_message(cx.scene()) else { return Vec::new() };
    let links = links_of(message);
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

/// Lays the links over the screen, each with the host that it really leads to.
fn choose(cx: &mut Context<'_>, links: &[Link], open: bool) {
    let rows = links.iter().map(|link| ListRow {
        text: link.address.clone(),
        hint: link.display_host().to_string(),
        target: ListTarget::Link { link: Box::new(link.clone()), open },
    });
    cx.ui.overlay = Some(Overlay::List(List::of(ListKind::Links, rows.collect())));
}

/// Has a link opened by the program that was chosen for it.
pub(in crate::app) fn open_link(cx: &mut Context<'_>, link: &Link) {
    let host = link.display_host();
    if link.has_credentials {
        let copies = cx.options.keymap.shown(Action::MessageCopyLink);
        cx.notify(format!(
            "Not opened: the link hides its real host, {host}. If you trust it, press {copies} to copy it."
        ));
        return;
    }
    let Some((program, arguments)) = cx.options.open_command.split_first() else {
        cx.notify("There is no program to open links. Set open_command to one.");
        return;
    };
    let mut argv = vec![program.clone()];
    argv.extend(arguments.iter().map(|argument| argument.replace(PLACE, &link.address)));
    if !arguments.iter().any(|argument| argument.contains(PLACE)) {
        argv.push(link.address.clone());
    }
    cx.notify(format!("Opening {host}"));
    cx.effects.push(Effect::Spawn(argv));
}

/// Puts a link into the clipboard, as it would be opened.
pub(in crate::app) fn copy_link(cx: &mut Context<'_>, link: &Link) {
    cx.effects.push(Effect::Copy(link.address.clone()));
    cx.notify(format!("Copied the link to {}.", link.display_host()));
}
