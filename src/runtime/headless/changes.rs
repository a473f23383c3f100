//! The commands `edit` and `delete`.

use crate::domain::{Feature, MessageId, Request};
use crate::headless::{Outgoing, Record};

use super::file;
use super::output::Output;
use super::session::Session;

/// Replaces the text of a message.
pub(super) async fn edit(session: &mut Session, out: &mut Output, id: &str, text: Outgoing) -> anyhow::Result<()> {
    session.require(Feature::Edit)?;
    if let Outgoing::Text(text) = file::read(text)? {
        session.call(Request::Edit { message: MessageId::new(id), text }).await?;
    }
    Ok(out.write(&Record::Done { action: "edit", message: Some(id.to_owned()) })?)
}

/// Deletes a message for everybody.
pub(super) async fn delete(session: &mut Session, out: &mut Output, room: &str, id: &str) -> anyhow::Result<()> {
    session.require(Feature::Delete)?;
    let room = session.room(room, false).await?;
    session.call(Request::Delete { room, message: MessageId::new(id) }).await?;
    Ok(out.write(&Record::Done { action: "delete", message: Some(id.to_owned()) })?)
}
