//! The part of the driver that carries out requests: encodes them, passes their calls on, and reports the outcome.

use tokio::time::Instant;

use crate::domain::{Failure, Request, ServerEvent};
use crate::protocol::{Call, Frame, HttpCall};
use crate::wire::RecordSubject;

use super::driver::Driver;
use super::error::NetError;
use super::lanes::{FinishedJob, Job, Lane};
use super::rest::Reply;
use super::socket::Emit;

impl Driver {
    /// Handles a request from the program.
    pub(super) fn on_request(&mut self, request: Request) {
        if let Request::CancelUpload { local } = request {
            if let Some(request) = self.lanes.cancel_upload(local) {
                self.reject(request, Failure::NotSent, "The upload was canceled.");
            }
        } else if self.me.is_some() {
            self.perform(request);
            self.announce_pause();
        } else if request.is_answered() {
            self.reject(request, Failure::NotSent, "Not connected yet. Try again when the connection is up.");
        }
    }

    /// Carries out a request.
    pub(super) fn perform(&mut self, request: Request) {
        match self.protocol.encode(&request) {
            Some(Call::Http(call)) => self.call(request, call),
            Some(Call::Emit { event, payload }) => {
                let emit = Emit { event, payload, subject: RecordSubject::of_request(&request) };
                self.emit(request, emit);
            }
            None if request.is_answered() => {
                self.reject(request, Failure::Refused, "This chat service does not support that.");
            }
            None => {}
        }
    }

    /// Queues a call of a request. Its reply, or the failure of the call, answers the request.
    fn call(&mut self, request: Request, call: HttpCall) {
        let Some(rest) = &self.rest else { return };
        if self.rejects_requests() {
            self.reject_until_resumed(request);
        } else if let Err(request) = self.lanes.push(rest, Job::new(request), call) {
            let sentence = "Too many requests are waiting for the server. Try again later.";
            self.reject(request, Failure::NotSent, sentence);
        }
    }

    /// Sends an event. Nothing answers it, and only a receipt that is not sent is reported: the program joins its rooms
    /// again whenever it comes online, and all other events are outdated by then.
    fn emit(&mut self, request: Request, emit: Emit) {
        match self.phase.online() {
            Some(socket) if socket.emit(emit) => {}
            _ if matches!(request, Request::Seen { .. }) => {
                self.reject(request, Failure::NotSent, "The receipt was not sent.");
            }
            Some(_) => {
                let sentence = "The server stopped accepting data. Check the network.";
                self.end_session(NetError::transient(sentence));
            }
            None => {}
        }
    }

    /// Reports that a request failed.
    pub(super) fn reject(&self, request: Request, failure: Failure, reason: &str) {
        self.protocol.on_unanswered(&request);
        let reason = self.protocol.redact(reason);
        self.feed.push(ServerEvent::Failed { request, failure, reason });
    }

    /// Handles a call that has ended.
    pub(super) fn on_finished(&mut self, finished: FinishedJob) {
        if finished.outcome.is_ok() && Lane::of(&finished.job.request) != Lane::Files {
            self.silence.on_reply(Instant::now(), finished.duration);
        }
        if matches!(finished.job.request, Request::SignIn { .. }) {
            self.on_sign_in_finished(finished);
        } else if self.may_sign_in_again(&finished) {
            self.sign_in_again(finished);
        } else if let Some(finished) = self.retry(finished) {
            self.report_outcome(finished);
        }
        self.start_ready_calls();
    }

    /// Passes an event on. A new name replaces the one that later sign-ins would set.
    fn report(&mut self, event: ServerEvent) {
        if let (ServerEvent::Done(Request::SetName { name }), Some(current)) = (&event, &mut self.target.name) {
            current.clone_from(name);
        }
        self.feed.push(event);
    }

    /// Reports the outcome of a request to the program.
    fn report_outcome(&mut self, finished: FinishedJob) {
        let FinishedJob { job: Job { request, .. }, outcome, exchange, .. } = finished;
        match outcome {
            Ok(Reply { status, body, .. }) => {
                let decoded = self.protocol.decode(Frame::Reply { request: request.clone(), status, body });
                exchange.decoded(&decoded);
                match decoded {
                    Ok(events) => events.into_iter().for_each(|event| self.report(event)),
                    // The server may have carried out the request.
                    Err(error) => {
                        let sentence =
                            format!("The server's {} cannot be read ({}). Try again.", error.subject, error.reason);
                        self.reject(request, Failure::Uncertain, &sentence);
                    }
                }
            }
            Err(NetError { reason, failure, .. }) => {
                drop(exchange);
                self.reject(request, failure, &reason);
            }
        }
    }
}
