//! The commands `edit` and `delete`.

use crate::domain::{Feature, MessageId, Request, RoomId, change_refusal};
use crate::headless::{Outgoing, Record};
use crate::runtime::failure::Failure;

use super::file;
use super::output::Output;
use super::session::Session;

/// Number of pages of each room in which a message is looked for whose room is not named.
const PAGES: u32 = 4;

/// Replaces the text of a message.
pub(super) async fn edit(
    session: &mut Session,
    out: &mut Output,
    room: Option<&str>,
    id: &str,
    text: Outgoing,
) -> anyhow::Result<()> {
    session.require(Feature::Edit)?;
    if let Outgoing::Text(text) = file::read(text)? {
        let message = MessageId::new(id);
        match room {
            Some(room) => {
                let room = session.room(room, false).await?;
                examine(session, &[room], u32::MAX, &message, "edited").await?;
            }
            None => {
                session.load_rooms().await?;
                let rooms: Vec<RoomId> = session.directory.rooms().iter().map(|room| room.id.clone()).collect();
                examine(session, &rooms, PAGES, &message, "edited").await?;
            }
        }
        session.call(Request::Edit { message, text }).await?;
    }
    Ok(out.write(&Record::Done { action: "edit", message: Some(id.to_owned()) })?)
}

/// Deletes a message for everybody.
pub(super) async fn delete(session: &mut Session, out: &mut Output, room: &str, id: &str) -> anyhow::Result<()> {
    session.require(Feature::Delete)?;
    let (room, message) = (session.room(room, false).await?, MessageId::new(id));
    examine(session, std::slice::from_ref(&room), u32::MAX, &message, "deleted").await?;
    session.call(Request::Delete { room, message }).await?;
    Ok(out.write(&Record::Done { action: "delete", message: Some(id.to_owned()) })?)
}

/// Checks that the user may change a message: MinChat itself would change one of somebody else. Looks at the newest page
/// of each room first, then at the next one, since what is changed is mostly new.
async fn examine(
    session: &mut Session,
    rooms: &[RoomId],
    pages: u32,
    id: &MessageId,
    what: &str,
) -> anyhow::Result<()> {
    // The rooms that have more pages, each with the oldest message so far.
    let mut rooms: Vec<(&RoomId, Option<MessageId>)> = rooms.iter().map(|room| (room, None)).collect();
    let is_one = rooms.len() == 1;
    for number in 1..=pages {
        for (room, before) in std::mem::take(&mut rooms) {
            let page = session.page(room, number, before.clone()).await?;
            if let Some(message) = page.messages.iter().find(|message| message.id == *id) {
                let author = session.directory.person(&message.author);
                let is_mine = author.me && !message.kind.is_system();
                let Some(reason) = change_refusal(is_mine, true, message.deleted, what) else { return Ok(()) };
                let from = if is_mine || message.kind.is_system() {
                    String::new()
                } else {
                    format!(" is from {}", author.name)
                };
                return Err(Failure::refused(format!("Message {}{from}: {reason}", id.as_str())).into());
            }
            let oldest = page.messages.first().map(|message| message.id.clone());
            // A service that repeats a page has no more.
            if page.more && oldest != before {
                rooms.push((room, oldest));
            }
        }
        if rooms.is_empty() {
            break;
        }
    }
    let advice = if is_one { "Check the id and the room." } else { "Check the id, or name the room with --room." };
    Err(Failure::refused(format!("Message {} was not found. {advice}", id.as_str())).into())
}
