//! Runs one command: connects, carries out its task, and returns how it ended.

use std::io;
use std::process::ExitCode;

use tokio::runtime::Builder;

use crate::config::Settings;
use crate::headless::{Job, Task};
use crate::runtime::failure::Failure;

use super::output::Output;
use super::session::Session;
use super::{changes, doctor, history, lists, raw, send, tail, typing};

/// Runs a command for scripts.
///
/// # Errors
/// A sentence for the user, with the exit code: 1 if the service refused, 2 if the command line is wrong, 3 if there is
/// no connection.
pub fn run_job(settings: &Settings, job: Job) -> anyhow::Result<ExitCode> {
    if !settings.others.is_empty() {
        let names: Vec<&str> = settings.profiles().map(|settings| settings.profile.as_str()).collect();
        let sentence = format!("A command is for one account. Name one of {} with --profile.", names.join(", "));
        return Err(Failure::usage(sentence).into());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(Box::pin(run(settings, job)));
    runtime.shutdown_background();
    match outcome {
        Ok(code) => Ok(code),
        // Whoever reads the output has enough of it.
        Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

async fn run(settings: &Settings, job: Job) -> anyhow::Result<ExitCode> {
    let mut out = Output::new(job.format, settings)?;
    let room = job.room.as_deref();
    match job.task {
        Task::Send { content, reply_to, key, retry } => {
            let message = send::Message { room: named(room)?, content, reply_to };
            send::send(settings, &mut out, message, key.as_deref(), (job.timeout, retry)).await?;
        }
        Task::Doctor => return doctor::doctor(settings, &mut out, room, job.timeout).await,
        Task::Emit { event, json } => raw::emit(settings, &mut out, &event, &json, job.timeout).await?,
        Task::Listen { events, count } => {
            raw::listen(settings, &mut out, room, &raw::Wanted { events, count }, job.timeout).await?;
        }
        task => {
            let mut session = Session::open(settings, job.timeout).await?;
            carry_out(&mut session, &mut out, task, room).await?;
            out.flush()?;
            session.close();
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Carries out a task with a connection that is up.
async fn carry_out(session: &mut Session, out: &mut Output, task: Task, room: Option<&str>) -> anyhow::Result<()> {
    match task {
        Task::Rooms => lists::rooms(session, out, |_| true).await?,
        Task::Unread => lists::rooms(session, out, |room| room.unread > Some(0)).await?,
        Task::People { name } => lists::people(session, out, room, name).await?,
        Task::History { count } => history::history(session, out, named(room)?, count).await?,
        Task::Tail { count, since, follow, events } => {
            tail::tail(session, out, room, tail::Range { count, since, follow, events }).await?;
        }
        Task::Edit { message, text } => changes::edit(session, out, room, &message, text).await?,
        Task::Delete { message } => changes::delete(session, out, named(room)?, &message).await?,
        Task::Typing { time } => typing::typing(session, out, named(room)?, time).await?,
        Task::Send { .. } | Task::Doctor | Task::Emit { .. } | Task::Listen { .. } => {}
    }
    Ok(())
}

/// Returns the room, without which some commands have no meaning.
fn named(room: Option<&str>) -> Result<&str, Failure> {
    room.ok_or_else(|| Failure::usage("No room is named. Name one with --room: an id, a title, or a user name."))
}
