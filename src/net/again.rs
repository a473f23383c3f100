//! Calls that are made once more: all of them when the server asks to come back later, and those that only read when the
//! line or the server has a bad moment.
//!
//! A change is never repeated after an answer that leaves open whether it was carried out; whether to send it again is
//! the outbox's business, which is told so ([`Failure`]).

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{Failure, Request, ServerEvent};
use crate::text::SafeText;

use super::driver::{Driver, Phase};
use super::lanes::{Done, Job, Lane, Outcome};
use super::sign_in::encode;

/// How often and how long calls are made again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// The first delay where the server names none; each further one is twice as long.
    pub(super) first: Duration,
    /// How often what only reads is made again.
    pub(super) reads: u32,
    /// How long a call may wait altogether since the server asks for it. Beyond that it fails, and so does what is asked
    /// before the time is over: a message that goes out minutes later surprises whoever wrote it.
    pub(super) longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), reads: 3, longest: Duration::from_secs(120) }
    }
}

/// However long a server asks to wait, it is tried again after an hour: the figure may be a mistake.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// What is to be done about an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is told.
    Final,
    /// This call is made again after a while; others go on.
    Again(Duration),
    /// The server asks to slow down: nothing is begun for a while, and then this call comes first.
    Pause(Duration),
    /// The server asks to stay away for longer than a call waits.
    Closed(Duration),
}

/// What to do about `outcome`. `chance` is between 0 and 1.
fn judge(patience: Patience, lane: Lane, job: &Job, outcome: &Outcome, online: bool, chance: f64) -> Verdict {
    // Up to 2^20 seconds; the limit keeps the power from overflowing.
    let backoff = patience.first.saturating_mul(1 << job.tries.min(20)).mul_f64(0.75 + 0.5 * chance);
    let repeatable = matches!(lane, Lane::Reads | Lane::Receipts) && job.tries < patience.reads;
    match outcome {
        // The connection as a whole waits and tries again.
        _ if lane == Lane::SignIn => Verdict::Final,
        Ok(answer) if answer.status == 429 || (answer.status == 503 && answer.wait.is_some()) => {
            let wait = answer.wait.unwrap_or(backoff).clamp(patience.first, LONGEST_PAUSE);
            if job.waited.saturating_add(wait) <= patience.longest {
                Verdict::Pause(wait)
            } else {
                Verdict::Closed(wait)
            }
        }
        Ok(answer) if answer.status >= 500 && repeatable => Verdict::Again(backoff),
        // Without a connection there is no point, and after the next one all is asked anew.
        Err(trouble) if trouble.failure != Failure::Refused && repeatable && online => Verdict::Again(backoff),
        _ => Verdict::Final,
    }
}

impl Driver {
    /// Sees to it that a call is made again, if that is right; gives it back when its outcome is final.
    pub(super) fn unless_again(&mut self, done: Done) -> Option<Done> {
        let lane = Lane::of(&done.job.request);
        let online = matches!(self.phase, Phase::Online { .. });
        let patience = self.patience();
        let verdict = judge(patience, lane, &done.job, &done.outcome, online, self.rng.f64());
        let (wait, all) = match verdict {
            Verdict::Final => return Some(done),
            Verdict::Closed(wait) => {
                self.close_for(wait, done.job.request);
                return None;
            }
            Verdict::Again(wait) => (wait, false),
            Verdict::Pause(wait) => (wait, true),
        };
        let waited = if all { done.job.waited + wait } else { done.job.waited };
        let job = Job { tries: done.job.tries + 1, waited, ..done.job };
        let Some(call) = encode(&self.protocol, &job) else {
            self.refuse(job.request, Failure::NotSent, "The call could not be made again. Try again.");
            return None;
        };
        tracing::info!(?wait, all, "a call is made again");
        if !all {
            self.lanes.again_at(Instant::now() + wait, job, call);
            return None;
        }
        self.lanes.put_back(job, call);
        if self.lanes.pause(Instant::now() + wait) && matches!(lane, Lane::Changes | Lane::Files) {
            let seconds = wait.as_millis().div_ceil(1000);
            let sentence = format!("The server asks to slow down; what you sent goes out in {seconds} s.");
            self.feed.push(ServerEvent::Notice(SafeText::line(&sentence)));
        }
        None
    }

    /// The server asks to stay away for longer than a call waits: what waits fails, and so does what comes before then.
    fn close_for(&mut self, wait: Duration, request: Request) {
        self.lanes.pause(Instant::now() + wait);
        for request in std::iter::once(request).chain(self.lanes.drain()) {
            self.refuse_until_then(request);
        }
    }

    /// Whether the server asked to stay away for longer than a call waits.
    pub(super) fn is_closed(&self) -> bool {
        self.lanes.pause_left() > self.patience().longest
    }

    /// Tells that a request fails since the server does not want to be asked.
    pub(super) fn refuse_until_then(&self, request: Request) {
        let minutes = self.lanes.pause_left().as_secs().div_ceil(60);
        let sentence = format!("The server asks to be left alone for {minutes} min. Try again then.");
        self.refuse(request, Failure::Later, &sentence);
    }

    fn patience(&self) -> Patience {
        self.endpoint.limits.patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Content, LocalId, RoomId};
    use crate::net::rest::Answer;
    use crate::net::trouble::Trouble;
    use crate::protocol::Body;

    const READ: Request = Request::Rooms { page: 1 };

    fn send() -> Request {
        Request::Send { room: RoomId::new("r"), local: LocalId::from_random(1), content: Content::text("x") }
    }

    fn job(request: Request, tries: u32, waited: u64) -> Job {
        Job { tries, waited: Duration::from_secs(waited), ..Job::new(request, 0) }
    }

    fn answer(status: u16, wait: Option<u64>) -> Outcome {
        Ok(Answer { status, body: Body::Other(String::new()), wait: wait.map(Duration::from_secs), ahead: None })
    }

    fn verdict(job: &Job, outcome: &Outcome) -> Verdict {
        judge(Patience::default(), Lane::of(&job.request), job, outcome, true, 0.5)
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn a_429_waits_as_long_as_the_server_asks_and_two_minutes_at_most() {
        for request in [READ, send()] {
            assert_eq!(verdict(&job(request.clone(), 0, 0), &answer(429, Some(12))), Verdict::Pause(seconds(12)));
            assert_eq!(verdict(&job(request.clone(), 3, 110), &answer(429, Some(10))), Verdict::Pause(seconds(10)));
            assert_eq!(verdict(&job(request.clone(), 3, 110), &answer(429, Some(11))), Verdict::Closed(seconds(11)));
            let years = answer(429, Some(u64::MAX));
            assert_eq!(verdict(&job(request, 0, 0), &years), Verdict::Closed(LONGEST_PAUSE));
        }
    }

    #[test]
    fn a_429_without_a_time_waits_ever_longer_and_never_not_at_all() {
        let mut job = job(send(), 0, 0);
        let mut waits = Vec::new();
        while let Verdict::Pause(wait) = verdict(&job, &answer(429, None)) {
            waits.push(wait.as_secs());
            job = Job { tries: job.tries + 1, waited: job.waited + wait, ..job };
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32]);
        assert_eq!(verdict(&Job::new(send(), 0), &answer(429, Some(0))), Verdict::Pause(seconds(1)));
    }

    #[test]
    fn a_503_is_obeyed_when_it_names_a_time_and_else_it_is_a_5xx() {
        assert_eq!(verdict(&job(send(), 0, 0), &answer(503, Some(5))), Verdict::Pause(seconds(5)));
        assert_eq!(verdict(&job(send(), 0, 0), &answer(503, None)), Verdict::Final);
    }

    #[test]
    fn after_a_5xx_or_a_cut_line_only_what_reads_is_made_again_and_three_times() {
        let cut = || -> Outcome { Err(Trouble::passing("cut")) };
        for outcome in [answer(502, None), cut()] {
            assert_eq!(verdict(&job(send(), 0, 0), &outcome), Verdict::Final);
            let waits: Vec<_> = (0..3).map(|tries| verdict(&job(READ, tries, 0), &outcome)).collect();
            assert_eq!(waits, [1, 2, 4].map(|wait| Verdict::Again(seconds(wait))));
            assert_eq!(verdict(&job(READ, 3, 0), &outcome), Verdict::Final);
        }
        let offline = judge(Patience::default(), Lane::Reads, &job(READ, 0, 0), &cut(), false, 0.5);
        assert_eq!(offline, Verdict::Final, "the next connection asks for all anew");
    }

    #[test]
    fn a_refusal_and_the_sign_in_are_final() {
        for status in [200, 400, 404] {
            assert_eq!(verdict(&job(READ, 0, 0), &answer(status, Some(1))), Verdict::Final);
        }
        let sign_in = Request::SignIn { username: "a".into(), name: "A".into() };
        assert_eq!(verdict(&job(sign_in, 0, 0), &answer(429, Some(1))), Verdict::Final);
    }
}
