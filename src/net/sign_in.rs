//! Signing in: at the beginning of each attempt, and once more in the middle when the server has had enough of us.
//!
//! A sign-in can run out while all is well: a server forgets its devices, or an administrator ends all sessions. Then
//! what was refused is kept, one sign-in is done for all of it, and each refused call is made once more, with the socket
//! left alone. A second refusal is an answer like any other.

use tokio::time::Instant;

use crate::domain::{Failure, Request, SECOND, ServerEvent};
use crate::protocol::{Body, Call, Frame, HttpCall};

use super::again::LONGEST_PAUSE;
use super::decoder::{Adapter, lock};
use super::driver::{Driver, Phase};
use super::lanes::{Done, Job};
use super::rest::Answer;
use super::trouble::Trouble;

/// So far, in milliseconds, clocks may be apart without our minding: an answer tells whole seconds, and was on its way.
const NOTABLE: i64 = 10 * SECOND;

impl Driver {
    /// Begins an attempt.
    pub(super) fn sign_in(&mut self) {
        self.phase = Phase::SigningIn;
        self.ask_who_we_are();
    }

    fn ask_who_we_are(&mut self) {
        if !self.signing_in {
            self.signing_in = true;
            let (username, name) = (self.target.username.clone(), self.target.name.clone());
            self.carry_out(Request::SignIn { username, name });
        }
    }

    /// Whether a call was refused because the sign-in has run out, and may be made once more.
    pub(super) fn has_expired(&self, done: &Done) -> bool {
        let refused = |status| lock(&self.protocol).has_expired(status);
        !done.job.again && matches!(&done.outcome, Ok(answer) if refused(answer.status))
    }

    /// Keeps a refused call and signs in for it, unless that is happening already or has happened since.
    pub(super) fn sign_in_again(&mut self, done: Done) {
        let job = Job { again: true, ..done.job };
        let Some(call) = encode(&self.protocol, &job) else {
            return self.refuse(job.request, Failure::Refused, "The sign-in has run out. Try again.");
        };
        self.lanes.put_back(job, call);
        if !done.stale {
            tracing::info!("the sign-in has run out; it is done anew");
            self.lanes.hold();
            self.ask_who_we_are();
        }
    }

    pub(super) fn on_signed_in(&mut self, done: Done) {
        self.signing_in = false;
        let known = self.me.clone();
        if let Err(trouble) = self.learn_who_we_are(done) {
            for request in self.lanes.give_up() {
                if request.is_answered() {
                    // It was refused for its sign-in, or never made.
                    let (failure, reason) = (Failure::NotSent, trouble.reason.clone());
                    self.feed.push(ServerEvent::Failed { request, failure, reason });
                }
            }
            return self.end_session(trouble);
        }
        let Self { lanes, protocol, .. } = self;
        lanes.renew(|job| encode(protocol, job));
        // Who has become somebody else is in none of the rooms that the socket listens to.
        if matches!(self.phase, Phase::SigningIn) {
            // Otherwise there would be a connection, and nothing to be done with it.
            self.lanes.unpause();
        }
        if matches!(self.phase, Phase::SigningIn) || known.is_some_and(|known| self.me != Some(known)) {
            self.open_socket();
        }
    }

    fn learn_who_we_are(&mut self, Done { job, outcome, .. }: Done) -> Result<(), Trouble> {
        let Answer { status, body, wait, ahead } = outcome?;
        if let Some(wait) = wait.filter(|_| matches!(status, 429 | 503)) {
            // The next attempt waits for it, too.
            self.lanes.pause(Instant::now() + wait.min(LONGEST_PAUSE));
        }
        let lasting = is_lasting(status, &body);
        let decoded = lock(&self.protocol).decode(Frame::Reply { request: job.request, status, body });
        let events = decoded.map_err(|error| Trouble::passing(&format!("{error}. Check the address (--url).")))?;
        let mut knows_us = false;
        for event in events {
            if let ServerEvent::Failed { reason, failure, .. } = event {
                return Err(Trouble { reason, lasting, failure });
            }
            if let ServerEvent::SignedIn { me, .. } = &event {
                knows_us = true;
                self.me = Some(me.id.clone());
            }
            self.feed.push(event);
        }
        if knows_us {
            self.compare_clocks(ahead.unwrap_or(0));
        }
        let nobody = || Trouble::passing("The server did not say who we are. Check the address (--url).");
        knows_us.then_some(()).ok_or_else(nobody)
    }

    fn compare_clocks(&mut self, ahead: i64) {
        let ahead = if ahead.abs() < NOTABLE { 0 } else { ahead };
        if std::mem::replace(&mut self.clock_ahead, ahead) != ahead {
            tracing::info!(seconds = ahead / SECOND, "the server's clock is ahead of ours by");
            self.feed.push(ServerEvent::Clock { ahead });
        }
    }
}

/// The call of a job as it is now.
pub(super) fn encode(protocol: &Adapter, job: &Job) -> Option<HttpCall> {
    match lock(protocol).encode(&job.request).into_iter().nth(job.nth)? {
        Call::Http(call) => Some(call),
        Call::Emit { .. } => None,
    }
}

/// Whether a refused sign-in is of no use to repeat: the server itself says that the request is wrong. A page that is
/// not JSON comes from something in between, which may go away.
fn is_lasting(status: u16, body: &Body) -> bool {
    match status {
        408 | 425 | 429 => false,
        300..=399 | 401 | 403 => true,
        400..=499 => matches!(body, Body::Json(_)),
        _ => false,
    }
}
