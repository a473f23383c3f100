//! The part of the driver that signs in: at the beginning of every attempt, and again when the session expires.
//!
//! A session may expire while the socket is up, for example because an administrator ends all sessions. The rejected
//! calls are then kept, the client signs in once for all of them, and each is repeated once; the socket is left alone.
//! A second rejection is treated like any other reply.

use tokio::time::Instant;

use crate::domain::{Failure, Request, SECOND, ServerEvent};
use crate::protocol::{Body, Frame};

use super::driver::{Driver, Phase};
use super::error::{Lasting, NetError};
use super::lanes::{FinishedJob, Job};
use super::rest::Reply;
use super::timing::MAX_PAUSE;

/// Smallest difference between the clocks that counts, in milliseconds. Smaller ones are reported as none: the date of a
/// reply has whole seconds, and the reply takes time to arrive.
const MIN_CLOCK_OFFSET: i64 = 10 * SECOND;

impl Driver {
    /// Signs in, instead of a sign-in that is under way.
    pub(super) fn sign_in(&mut self) {
        let (username, name) = (self.target.username.clone(), self.target.name.clone());
        let job = Job::new(Request::SignIn { username, name });
        if let (Some(rest), Some(call)) = (&self.rest, job.encode(&self.protocol)) {
            self.lanes.sign_in(rest, job, call);
        }
    }

    /// Whether a call was rejected because the session has expired, and may be repeated.
    pub(super) fn may_sign_in_again(&self, finished: &FinishedJob) -> bool {
        let expired = matches!(&finished.outcome, Ok(reply) if self.protocol.has_expired(reply.status));
        expired && !finished.job.was_expired
    }

    /// Keeps a rejected call and signs in again, unless a sign-in is under way or has succeeded since the call was
    /// started.
    pub(super) fn sign_in_again(&mut self, finished: FinishedJob) {
        let job = Job { was_expired: true, ..finished.job };
        let Some(call) = job.encode(&self.protocol) else {
            return self.reject(job.request, Failure::Refused, "The session has expired. Try again.");
        };
        self.lanes.push_front(job, call);
        if !finished.is_stale {
            tracing::info!("the session has expired; signing in again");
            if !self.lanes.is_signing_in() {
                self.sign_in();
            }
            self.lanes.await_sign_in();
        }
    }

    /// Continues after a sign-in, successful or not.
    pub(super) fn on_sign_in_finished(&mut self, finished: FinishedJob) {
        let previous_user = self.me.clone();
        if let Err(error) = self.read_sign_in(finished) {
            for request in self.lanes.sign_in_failed() {
                if request.is_answered() {
                    // It was rejected because of the expired session, or never sent.
                    let (failure, reason) = (Failure::NotSent, error.reason.clone());
                    self.reject(request, failure, &reason);
                }
            }
            return self.end_session(error);
        }
        self.lanes.signed_in(&self.protocol);
        let is_new_attempt = matches!(self.phase, Phase::SigningIn);
        if is_new_attempt {
            // The server has accepted the sign-in, so a pause that it asked for before must not block a working
            // connection.
            self.lanes.resume();
            self.end_announced_pause();
        }
        // If the user has another id now, the open socket belongs to somebody else.
        let user_changed = previous_user.is_some_and(|previous| self.me != Some(previous));
        if is_new_attempt || user_changed {
            self.open_socket();
        }
    }

    fn read_sign_in(&mut self, finished: FinishedJob) -> Result<(), NetError> {
        let FinishedJob { job, outcome, exchange, .. } = finished;
        let Reply { status, body, retry_after, clock_offset } = outcome?;
        if let Some(delay) = retry_after.filter(|_| matches!(status, 429 | 503)) {
            // The next attempt waits as well.
            let delay = delay.min(MAX_PAUSE);
            self.lanes.pause(Instant::now() + delay);
            self.announce_pause();
        }
        let lasts = lasting(status, &body);
        let decoded = self.protocol.decode(Frame::Reply { request: job.request, status, body });
        exchange.decoded(&decoded);
        let events = decoded.map_err(|error| {
            NetError::transient(&format!(
                "The server's {} cannot be read ({}). Check the address.",
                error.subject, error.reason
            ))
        })?;
        let mut signed_in = false;
        for event in events {
            if let ServerEvent::Failed { reason, failure, .. } = event {
                return Err(NetError { reason, lasts, failure });
            }
            if let ServerEvent::SignedIn { me, .. } = &event {
                signed_in = true;
                self.me = Some(me.id.clone());
            }
            self.feed.push(event);
        }
        if !signed_in {
            return Err(NetError::transient("The server's sign-in reply names no user. Check the address."));
        }
        if let Some(offset) = clock_offset {
            // Reported each time, because our own clock may have been set meanwhile.
            let ahead = if offset.abs() < MIN_CLOCK_OFFSET { 0 } else { offset };
            if ahead != 0 {
                tracing::info!(seconds = ahead / SECOND, "offset of the server's clock");
            }
            self.feed.push(ServerEvent::ClockSkew { ahead });
        }
        Ok(())
    }
}

/// Returns how long a sign-in is refused. The server itself answers in JSON; any other page comes from a proxy or a
/// portal on the way.
fn lasting(status: u16, body: &Body) -> Lasting {
    match (status, body) {
        (408 | 425 | 429, _) => Lasting::Briefly,
        (400..=499, Body::Json(_)) => Lasting::UntilChanged,
        (300..=399 | 401 | 403, _) => Lasting::OnThisWay,
        _ => Lasting::Briefly,
    }
}
