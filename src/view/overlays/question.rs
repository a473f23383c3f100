//! Questions that need a yes or a no before something is lost.

use crate::app::{Question, Scene, room_title};
use crate::config::Role;
use crate::domain::{Feature, Message, RoomId};
use crate::input::Action;
use crate::text::{SafeText, clip, wrap};

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Maximum width of the text, in cells.
const TEXT_WIDTH: u16 = 66;
/// Cells of the box beside its text: border and padding on both sides.
const PADDING: u16 = 6;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, question: &Question) {
    let (title, text) = wording(scene, question);
    let width = (TEXT_WIDTH + PADDING).min(scene.ui.size.width);
    let rows = wrap(&text, usize::from(width.saturating_sub(PADDING)).max(1));
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(4);
    let inside = frame::draw(scene, canvas, glyphs, title, width, height);
    let (plain, accent) = (canvas.style(Role::Text), canvas.style(Role::Accent));
    let bottom = inside.y + inside.height.saturating_sub(1);
    for (row, y) in rows.iter().zip(inside.y..bottom) {
        canvas.put_centred(inside, y, &text[row.start as usize..row.end as usize], plain);
    }
    let keymap = &scene.options.keymap;
    let keys = format!("{} yes    {} no", keymap.shown(Action::Yes), keymap.shown(Action::No));
    canvas.put_centred(inside, bottom, &keys, accent);
}

/// The title of the box and its text.
fn wording(scene: Scene<'_>, question: &Question) -> (&'static str, String) {
    match question {
        Question::DeleteMessage(_, id) | Question::DeleteForMe(_, id) => {
            let room = scene.open_room();
            let message = room.and_then(|room| Some(room.timeline.get(room.timeline.find(id)?)));
            let scope = if matches!(question, Question::DeleteForMe(..)) { "for you only" } else { "for everyone" };
            ("Delete message", format!("{}\n\nDelete this message {scope}?", excerpt(message)))
        }
        Question::Discard(_, local) => {
            let room = scene.open_room();
            let message = room.and_then(|room| Some(room.timeline.get(room.timeline.find_own_send(*local)?)));
            ("Discard message", format!("{}\n\nDiscard this message? It has not been sent.", excerpt(message)))
        }
        Question::DeleteRoom(id) => {
            let scope = if scene.account.can(Feature::DeleteRoomForAll) { "for everyone" } else { "for you" };
            ("Delete room", format!("Delete {} and all its messages {scope}?", title(scene, id)))
        }
        Question::RemoveMember(removal) => {
            let known = scene.account.people.find_by_username(&removal.username).map(|person| person.info.name.clone());
            let person = known.unwrap_or_else(|| SafeText::line(&removal.username));
            ("Remove member", format!("Remove {person} from {}?", title(scene, &removal.room)))
        }
        Question::LeaveGroup(id) => {
            ("Leave group", format!("Leave {}? You will no longer receive its messages.", title(scene, id)))
        }
        Question::Quit => {
            let queued = match scene.account.outbox.len() {
                0 => String::new(),
                1 => ", including 1 queued message".to_owned(),
                count => format!(", including {count} queued messages"),
            };
            ("Quit", format!("Unsent text will be lost{queued}. Quit anyway?"))
        }
    }
}

/// The message in one line.
fn excerpt(message: Option<&Message>) -> String {
    let text = message.map(|message| message.text.replace('\n', " ")).unwrap_or_default();
    clip(&text, usize::from(TEXT_WIDTH))
}

fn title(scene: Scene<'_>, room: &RoomId) -> String {
    scene.account.rooms.get(room).map(|room| room_title(room).to_owned()).unwrap_or_default()
}
