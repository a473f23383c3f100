//! The commands `rooms`, `unread` and `people`.

use std::collections::HashSet;

use crate::domain::{Feature, PersonId, Repetition, Request, RoomId, RoomKind, ServerEvent};
use crate::headless::{Record, RoomRecord};

use super::output::Output;
use super::session::{Session, warn_of_repetition};

/// Prints the rooms that are wanted, in the order of the service.
pub(super) async fn rooms(
    session: &mut Session,
    out: &mut Output,
    is_wanted: fn(&RoomRecord) -> bool,
) -> anyhow::Result<()> {
    session.load_rooms().await?;
    look_up(session, None).await?;
    let rooms = session.directory.rooms().iter().map(|room| session.directory.describe_room(room));
    for room in rooms.filter(is_wanted) {
        out.write(&Record::Room(Box::new(room)))?;
    }
    Ok(())
}

/// Prints the members of a room, the people whom a search finds, or else everybody whom the account has a room with.
pub(super) async fn people(
    session: &mut Session,
    out: &mut Output,
    room: Option<&str>,
    name: Option<String>,
) -> anyhow::Result<()> {
    if let Some(room) = room {
        let room = session.room(room, false).await?;
        return members(session, out, &room).await;
    }
    if let Some(name) = name {
        session.require(Feature::FindPeople)?;
        return found(session, out, name).await;
    }
    session.load_rooms().await?;
    look_up(session, None).await?;
    print_people(session, out, None)
}

async fn members(session: &mut Session, out: &mut Output, room: &RoomId) -> anyhow::Result<()> {
    let known = session.directory.room(room).map(|room| (room.kind, room.participants.is_empty()));
    let (kind, is_unlisted) = known.unwrap_or((RoomKind::Unknown, true));
    if !(is_unlisted && matches!(kind, RoomKind::Group | RoomKind::Broadcast)) {
        look_up(session, Some(room)).await?;
        return print_people(session, out, Some(room));
    }
    let (mut seen, mut repetition) = (HashSet::new(), Repetition::default());
    for page in 1.. {
        let answer = session.call(Request::Members { room: room.clone(), kind, page }).await?;
        let ServerEvent::Members { more, mut members, .. } = answer else { break };
        members.retain(|member| seen.insert(member.person.id.clone()));
        for member in &members {
            out.write(&Record::Person(session.directory.member(member)))?;
        }
        if !more {
            break;
        }
        if repetition.count(!members.is_empty()) {
            warn_of_repetition("members");
            break;
        }
    }
    Ok(())
}

async fn found(session: &mut Session, out: &mut Output, name: String) -> anyhow::Result<()> {
    let (mut seen, mut repetition) = (HashSet::new(), Repetition::default());
    for page in 1.. {
        let answer = session.call(Request::FindPeople { name: name.clone(), page }).await?;
        let ServerEvent::People { more, mut people, .. } = answer else { break };
        people.retain(|person| seen.insert(person.id.clone()));
        for person in &people {
            out.write(&Record::Person(session.directory.person(&person.id)))?;
        }
        if !more {
            break;
        }
        if repetition.count(!people.is_empty()) {
            warn_of_repetition("people");
            break;
        }
    }
    Ok(())
}

fn print_people(session: &Session, out: &mut Output, room: Option<&RoomId>) -> anyhow::Result<()> {
    for person in session.directory.people(room) {
        out.write(&Record::Person(person))?;
    }
    Ok(())
}

/// Asks for the names of participants of whom the list of rooms tells only the ids.
pub(super) async fn look_up(session: &mut Session, room: Option<&RoomId>) -> anyhow::Result<()> {
    if session.capabilities.identifies_by_username {
        // The list of rooms has the names.
        return Ok(());
    }
    let unknown: Vec<PersonId> = session.directory.unknown_people(room);
    for id in unknown {
        session.answer(Request::Person { id, username: String::new() }).await?;
    }
    Ok(())
}
