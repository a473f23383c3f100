//! Records downloads like other calls, but without what is downloaded.

use std::sync::Arc;

use url::Url;

use crate::domain::{AccountId, MessageId, RoomId};
use crate::text::Secrets;
use crate::wire::{
    CallBody, CallNumber, CallOutcome, Draft, Moment, Payload, RecordKind, RecordSubject, Ring, StartedCall, Topic,
};

use super::tap::now;

/// Records a download. Without a [`Ring`] nothing is done.
#[derive(Default)]
pub struct DownloadTap(Option<Output>);

struct Output {
    ring: Arc<Ring>,
    account: AccountId,
    secrets: Secrets,
    subject: RecordSubject,
}

impl DownloadTap {
    /// Creates a tap for a download of an account. The secrets are replaced in its address: a server may repeat them
    /// there.
    pub fn new(ring: Arc<Ring>, account: AccountId, secrets: Secrets) -> Self {
        let subject = RecordSubject { topic: Some(Topic::Request("download")), ..RecordSubject::default() };
        Self(Some(Output { ring, account, secrets, subject }))
    }

    /// Sets the message to which the file belongs.
    pub fn set_message(&mut self, room: &RoomId, message: &MessageId) {
        if let Some(Output { subject, .. }) = &mut self.0 {
            subject.room = Some(room.clone());
            subject.message = Some(message.clone());
        }
    }

    /// Records the start.
    pub(super) fn start(&self, url: &Url) -> RunningDownload<'_> {
        let Some(output) = &self.0 else { return RunningDownload(None) };
        let (number, started_at) = (output.ring.next_call(), now());
        let started = StartedCall {
            call: number,
            method: "GET",
            base: output.text(&url.origin().ascii_serialization()),
            path: output.text(url.path()),
            query: url.query_pairs().map(|(name, value)| (output.text(&name), output.text(&value))).collect(),
            headers: Vec::new(),
            body: CallBody::Empty,
        };
        output.push(started_at, RecordKind::CallStarted(Box::new(started)));
        RunningDownload(Some(Recorded { output, number, started_at }))
    }
}

impl Output {
    fn push(&self, at: Moment, kind: RecordKind) {
        self.ring.push(Draft { at, account: self.account, subject: self.subject.clone(), kind });
    }

    fn text(&self, text: &str) -> Box<str> {
        self.secrets.redact(text).into()
    }
}

/// A download under way. If it is dropped without an outcome, it was canceled.
pub(super) struct RunningDownload<'a>(Option<Recorded<'a>>);

struct Recorded<'a> {
    output: &'a Output,
    number: CallNumber,
    started_at: Moment,
}

impl RunningDownload<'_> {
    /// Records a reply with a body of this length.
    pub(super) fn replied(mut self, status: u16, bytes: u64) {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        let body = Payload { bytes, ..Payload::default() };
        self.end(CallOutcome::Reply { status, body, problem: None });
    }

    /// Records that there was no reply, or only a part of it, and why.
    pub(super) fn failed(mut self, reason: &str) {
        let reason = self.0.as_ref().map(|recorded| recorded.output.text(reason)).unwrap_or_default();
        self.end(CallOutcome::Failed(reason));
    }

    fn end(&mut self, outcome: CallOutcome) {
        let Some(Recorded { output, number, started_at }) = self.0.take() else { return };
        let at = now();
        let micros = at.micros.saturating_sub(started_at.micros);
        output.push(at, RecordKind::CallFinished { call: number, micros, outcome });
    }
}

impl Drop for RunningDownload<'_> {
    fn drop(&mut self) {
        self.end(CallOutcome::Canceled);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(work: impl FnOnce(&DownloadTap, &Url)) -> (StartedCall, Vec<CallOutcome>) {
        let ring = Arc::<Ring>::default();
        let tap = DownloadTap::new(Arc::clone(&ring), AccountId(0), ["s3cret-key"].into_iter().collect());
        work(&tap, &Url::parse("https://files.example/a/s3cret-key.png?token=s3cret-key&w=1").unwrap());
        let (mut started, mut ended) = (None, Vec::new());
        for record in ring.since(0).records {
            match &record.kind {
                RecordKind::CallStarted(call) => started = Some((**call).clone()),
                RecordKind::CallFinished { outcome, .. } => ended.push(outcome.clone()),
                _ => {}
            }
        }
        (started.unwrap(), ended)
    }

    #[test]
    fn secrets_in_the_address_are_replaced() {
        let (started, ended) = outcomes(|tap, url| tap.start(url).replied(200, 7));
        assert_eq!((&*started.base, &*started.path), ("https://files.example", "/a/***.png"));
        assert_eq!(started.query, [("token".into(), "***".into()), ("w".into(), "1".into())]);
        let body = Payload { bytes: 7, ..Payload::default() };
        assert_eq!(ended, [CallOutcome::Reply { status: 200, body, problem: None }]);
    }

    #[test]
    fn download_without_an_outcome_was_canceled() {
        assert_eq!(outcomes(|tap, url| drop(tap.start(url))).1, [CallOutcome::Canceled]);
        let (_, ended) = outcomes(|tap, url| tap.start(url).failed("No answer for s3cret-key."));
        assert_eq!(ended, [CallOutcome::Failed("No answer for ***.".into())]);
    }
}
