//! Connects a scheduler to the clock and to a running service.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::server::clock::now;

use super::event::{Event, Id};
use super::scheduler::{Action, DemoService, Scheduler, Sent};

/// Carries out the actions of the scripted people on a service. Errors are texts for the log.
pub(crate) trait Host<S: DemoService> {
    /// Brings a person online.
    fn connect(&self, person: &Id) -> Result<(), String>;
    /// Takes a person offline.
    fn disconnect(&self, person: &Id);
    /// Tells a room that a person starts or stops typing.
    fn set_typing(&self, person: &Id, room: &Id, started: bool) -> Result<(), String>;
    /// Sends a message and returns its id.
    fn send(&self, person: &Id, room: &Id, content: S::Content) -> Result<Id, String>;
    /// Performs an action that only this service has.
    fn perform(&self, action: S::Action) -> Result<(), String>;
}

/// Runs the demo until the server has ended, which is when `host` returns `None`. While no guest is connected, it waits
/// for events without a timer.
pub(crate) async fn run<S: DemoService, H: Host<S>>(
    host: impl Fn() -> Option<H>,
    mut scheduler: Scheduler<S>,
    mut events: mpsc::Receiver<Event<S::Event>>,
) {
    loop {
        let event = match scheduler.next_time() {
            None => events.recv().await.map(Some),
            Some(at) => {
                let wait = Duration::from_millis((at - now()).max(0).unsigned_abs());
                // Pending events are handled first: an answer or a call they make obsolete must not be performed.
                tokio::select! {
                    biased;
                    event = events.recv() => event.map(Some),
                    () = tokio::time::sleep(wait) => Some(None),
                }
            }
        };
        let (Some(event), Some(host)) = (event, host()) else { return };
        if let Some(event) = event
            && scheduler.on_event(now(), event)
        {
            for person in scheduler.people() {
                host.disconnect(person);
            }
        }
        while let Some(action) = scheduler.pop_due(now()) {
            if let Err(reason) = perform(&host, &mut scheduler, action) {
                // This is expected, for example after the guest has deleted the room or banned the person.
                tracing::debug!(reason, "a scripted action was refused");
            }
        }
    }
}

fn perform<S: DemoService, H: Host<S>>(
    host: &H,
    scheduler: &mut Scheduler<S>,
    action: Action<S>,
) -> Result<(), String> {
    match action {
        Action::Connect(person) => host.connect(&person),
        Action::Typing { person, room, started } => host.set_typing(&person, &room, started),
        Action::Send { person, room, content, follow_up } => {
            let message = host.send(&person, &room, content)?;
            if let Some(follow_up) = follow_up {
                scheduler.on_sent(now(), Sent { person, room, message }, follow_up);
            }
            Ok(())
        }
        Action::StartTopic => Ok(()),
        Action::Service(action) => host.perform(action),
    }
}
