//! The command `typing`.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::domain::Request;
use crate::headless::Record;

use super::output::Output;
use super::session::Session;

/// Shows the others in a room for some time that the user is typing.
pub(super) async fn typing(session: &mut Session, out: &mut Output, room: &str, time: Duration) -> anyhow::Result<()> {
    let room = session.room(room, false).await?;
    session.send(Request::Join { room: room.clone() })?;
    // Half of the time after which it expires.
    let repetition = Duration::from_millis(u64::try_from(session.capabilities.typing_timeout / 2).unwrap_or(1_000));
    let end = Instant::now() + time;
    loop {
        session.send(Request::Typing { room: room.clone(), on: true })?;
        let next = Instant::now() + repetition;
        sleep_until(next.min(end)).await;
        if next >= end {
            break;
        }
    }
    session.send(Request::Typing { room, on: false })?;
    Ok(out.write(&Record::Done { action: "typing", message: None })?)
}
