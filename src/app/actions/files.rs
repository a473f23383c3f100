//! Sending files. What a path leads to is looked at outside; here it is wished for, and sent once it is known.

use crate::app::composer::Composer;
use crate::app::effect::Effect;
use crate::app::effect::FileWish;
use crate::app::state::State;
use crate::domain::{Attachment, Content, FileFacts, Message};
use crate::text::SafeText;

use super::compose;
use super::quotes::find_reply;

/// Asks what there is at `path`, to send it to the open room.
pub(in crate::app) fn send(state: &mut State, path: &str, plain: bool, effects: &mut Vec<Effect>) {
    let Some(room) = state.open.clone() else {
        state.say("There is no chat open to send this to. Ctrl+K finds one; /dm USER starts one.");
        return;
    };
    let reply_to = state.composer.reply.take().map(|reply| reply.to);
    effects.push(Effect::Inspect(FileWish { room, reply_to, path: path.to_owned(), plain }));
}

/// Sends a file that was found, or says why not.
pub(in crate::app) fn inspected(
    state: &mut State,
    wish: &FileWish,
    found: Result<FileFacts, String>,
    effects: &mut Vec<Effect>,
) {
    let reply = wish.reply_to.and_then(|local| find_reply(state, state.rooms.get(&wish.room)?, local));
    match found {
        Ok(file) => {
            let quote = reply.map(|reply| Box::new(reply.quote));
            let attachment = Attachment::of(&file);
            let shape = |message: Message| Message { attachment: Some(Box::new(attachment)), quote, ..message };
            let content = Content::File { file: Box::new(file), reply_to: wish.reply_to };
            compose::put_out(state, &wish.room, SafeText::default(), content, shape, effects);
        }
        Err(why) => {
            // Where it can be corrected, unless something else is being written there by now.
            if state.open.as_ref() == Some(&wish.room) && state.composer.is_empty() && state.composer.editing.is_none()
            {
                let name = if wish.plain { "file" } else { "send" };
                let replying = state.composer.reply.take().or(reply.map(Box::new));
                state.composer = Composer::with_text(&format!("/{name} {}", wish.path));
                state.composer.reply = replying;
            }
            state.say(why);
        }
    }
}
