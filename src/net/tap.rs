//! Records what goes over the wire, with the secrets of the connection replaced.
//!
//! Every packet is recorded once, on the thread that reads or writes it, and every REST call when it starts and when it
//! ends. Without a [`Ring`] nothing is done. `docs/design/wire.md` describes what is recorded and what it costs.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::domain::{AccountId, ConnectionStatus, Request, ServerEvent, Timestamp};
use crate::protocol::{self, DecodeError, HttpCall, HttpMethod, Part};
use crate::wire::{
    CallBody, CallNumber, CallOutcome, Draft, FormPart, Handshake, MAX_PAYLOAD_BYTES, Moment, Payload, RecordKind,
    RecordSubject, Ring, StartedCall,
};

use super::shared_protocol::SharedProtocol;

/// What is shown instead of a whole `Authorization` header.
const MASK: &str = "***";

/// Maximum length of a text in which secrets are searched, in bytes. The rest of a longer one is dropped.
pub(super) const MAX_SEARCHED_BYTES: usize = MAX_PAYLOAD_BYTES + CUT_MARGIN;

/// Number of bytes that are dropped at the end of such a text, because a secret may have been cut in two there. A token
/// has a few hundred, and up to nine times as many if it is percent-encoded twice.
const CUT_MARGIN: usize = 8 << 10;

/// Records the traffic of one connection.
#[derive(Clone)]
pub(super) struct Tap(Option<Output>);

#[derive(Clone)]
struct Output {
    ring: Arc<Ring>,
    account: AccountId,
    protocol: SharedProtocol,
}

impl Tap {
    /// Creates a tap that writes into `ring`.
    pub(super) fn new(ring: Option<Arc<Ring>>, account: AccountId, protocol: SharedProtocol) -> Self {
        Self(ring.map(|ring| Output { ring, account, protocol }))
    }

    /// Records the start of a call. Its end is recorded by what is returned.
    pub(super) fn start_call(&self, base: &str, request: &Request, call: &HttpCall) -> Exchange {
        let Some(output) = &self.0 else { return Exchange(None) };
        let (number, subject, started_at) = (output.ring.next_call(), RecordSubject::of_request(request), now());
        let started = StartedCall {
            call: number,
            method: method_name(call.method),
            base: output.text(base),
            path: output.text(&call.path),
            query: call.query.iter().map(|(name, value)| (name.as_str().into(), output.text(value))).collect(),
            headers: headers(call),
            body: output.body(call),
        };
        output.push(started_at, subject.clone(), RecordKind::CallStarted(Box::new(started)));
        Exchange(Some(Recorded { output: output.clone(), number, subject, started_at, ended: None, is_decoded: false }))
    }

    /// Records the opening request of a socket.
    pub(super) fn opening(&self, base: &str, handshake: &protocol::Handshake) {
        let Some(output) = &self.0 else { return };
        let pairs =
            |pairs: &[(&str, String)]| pairs.iter().map(|(name, value)| ((*name).into(), output.text(value))).collect();
        let opening = Handshake {
            base: output.text(base.trim_end_matches('/')),
            query: pairs(&handshake.query),
            headers: pairs(&handshake.headers),
        };
        output.push(now(), RecordSubject::default(), RecordKind::Opening(Box::new(opening)));
    }

    /// Records a change of the connection.
    pub(super) fn status(&self, status: &ConnectionStatus) {
        if let Some(output) = &self.0 {
            output.push(now(), RecordSubject::default(), RecordKind::Connection(status.clone()));
        }
    }

    /// Returns a tap for the packets of a new socket.
    pub(super) fn socket(&self) -> SocketTap {
        SocketTap(self.0.clone().map(|output| Arc::new(OpenSocket { output, arrived: Mutex::default() })))
    }
}

impl Output {
    fn push(&self, at: Moment, subject: RecordSubject, kind: RecordKind) {
        self.ring.push(Draft { at, account: self.account, subject, kind });
    }

    fn text(&self, text: &str) -> Box<str> {
        self.protocol.mask_secrets(text).into()
    }

    /// Creates the payload of a text of this length, of which `text` may be only the beginning.
    fn payload(&self, text: &str, bytes: usize) -> Payload {
        let searched = text.get(..text.floor_char_boundary(MAX_SEARCHED_BYTES)).unwrap_or_default();
        let mut redacted = self.protocol.mask_secrets(searched);
        let is_cut = searched.len() < bytes;
        if is_cut {
            redacted.truncate(redacted.floor_char_boundary(redacted.len().saturating_sub(CUT_MARGIN)));
        }
        let payload = Payload::new(redacted, bytes);
        Payload { is_cut: is_cut || payload.is_cut, ..payload }
    }

    fn whole(&self, text: &str) -> Payload {
        self.payload(text, text.len())
    }

    fn body(&self, call: &HttpCall) -> CallBody {
        match (&call.json, &call.form) {
            (Some(json), _) => CallBody::Json(self.whole(&json.to_string())),
            (None, Some(parts)) => CallBody::Form(parts.iter().map(|part| self.part(part)).collect()),
            (None, None) => CallBody::Empty,
        }
    }

    /// Returns an outcome without secrets. A reply that was accepted but not decoded may hold a new token that nobody
    /// knows, so its text is left out.
    fn outcome(&self, ended: Ended, is_decoded: bool) -> CallOutcome {
        match ended {
            Ended::Failed(reason) => CallOutcome::Failed(self.text(&reason)),
            Ended::Reply { status, text, bytes, problem } => {
                let is_known = is_decoded || !(200..300).contains(&status);
                let body = self.payload(if is_known { &text } else { "" }, bytes);
                CallOutcome::Reply { status, body, problem: problem.map(|problem| self.text(&problem)) }
            }
        }
    }

    fn part(&self, part: &Part) -> FormPart {
        match part {
            Part::Field { name, value } => FormPart::Field { name: (*name).into(), value: self.whole(value) },
            Part::File { name, file } => FormPart::File {
                name: (*name).into(),
                file_name: self.text(&file.name),
                mime: self.text(&file.mime),
                bytes: file.size,
            },
        }
    }
}

/// A REST call that is being recorded. Its end is recorded by [`Exchange::decoded`], which knows what the reply is about,
/// or else when this is dropped. A call that has no outcome by then was canceled.
#[derive(Default)]
pub(super) struct Exchange(Option<Recorded>);

struct Recorded {
    output: Output,
    number: CallNumber,
    subject: RecordSubject,
    started_at: Moment,
    ended: Option<(Moment, Ended)>,
    is_decoded: bool,
}

/// Outcome of a call, in which secrets are replaced only when it is recorded: the reply to a sign-in holds a token that
/// is not known as a secret until the reply is decoded.
enum Ended {
    Reply {
        status: u16,
        /// The body, of which a long one is only the beginning.
        text: String,
        /// Length of the body.
        bytes: usize,
        problem: Option<String>,
    },
    Failed(String),
}

impl fmt::Debug for Exchange {
    /// Omits what was transferred.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exchange").field(&self.0.as_ref().map(|recorded| recorded.number)).finish()
    }
}

impl Exchange {
    /// Adds the reply.
    pub(super) fn reply(&mut self, status: u16, body: &[u8]) {
        if let Some(recorded) = &mut self.0 {
            let at = now();
            let text = String::from_utf8_lossy(body.get(..MAX_SEARCHED_BYTES).unwrap_or(body)).into_owned();
            recorded.ended = Some((at, Ended::Reply { status, text, bytes: body.len(), problem: None }));
        }
    }

    /// Adds that the call failed. If there was a reply, this is why it cannot be used.
    pub(super) fn fail(&mut self, reason: &str) {
        if let Some(recorded) = &mut self.0 {
            match &mut recorded.ended {
                Some((_, Ended::Reply { problem, .. })) => *problem = Some(reason.to_owned()),
                _ => recorded.ended = Some((now(), Ended::Failed(reason.to_owned()))),
            }
        }
    }

    /// Records the end of the call, with what the reply was decoded into. Has to be called before anybody learns of it.
    pub(super) fn decoded(mut self, decoded: &Result<Vec<ServerEvent>, DecodeError>) {
        if let Some(recorded) = &mut self.0 {
            recorded.is_decoded = true;
        }
        match (&mut self.0, decoded) {
            (Some(recorded), Ok(events)) => {
                let message =
                    events.iter().find_map(|event| RecordSubject::of_events(std::slice::from_ref(event)).message);
                recorded.subject.message = recorded.subject.message.take().or(message);
            }
            (Some(_), Err(error)) => self.fail(&format!("{}: {}", error.subject, error.reason)),
            (None, _) => {}
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(Recorded { output, number, subject, started_at, ended, is_decoded }) = self.0.take() {
            let (at, outcome) = match ended {
                Some((at, ended)) => (at, output.outcome(ended, is_decoded)),
                None => (now(), CallOutcome::Canceled),
            };
            let micros = at.micros - started_at.micros;
            output.push(at, subject, RecordKind::CallFinished { call: number, micros, outcome });
        }
    }
}

/// Records the packets of one socket.
///
/// A received event is recorded when it has been decoded, because only then is it known what it is about. The library
/// reads one message at a time, so the next message, an error or the end of the socket shows that the library did not
/// deliver the one before.
#[derive(Clone, Default)]
pub(super) struct SocketTap(Option<Arc<OpenSocket>>);

struct OpenSocket {
    output: Output,
    /// The event that was received last, until it is decoded.
    arrived: Mutex<Option<(Moment, Payload)>>,
}

impl SocketTap {
    /// Whether packets are recorded.
    pub(super) fn is_recording(&self) -> bool {
        self.0.is_some()
    }

    /// Records a received packet of this length. A long one may be cut.
    pub(super) fn received(&self, text: &str, bytes: usize) {
        let Some(socket) = &self.0 else { return };
        socket.push_undelivered("The packet is not a valid event, so it was ignored.");
        let (at, payload) = (now(), socket.output.payload(text, bytes));
        if text.starts_with("42") {
            socket.replace_arrived(Some((at, payload)));
        } else {
            socket.output.push(at, RecordSubject::default(), RecordKind::Received { payload, problem: None });
        }
    }

    /// Adds to the latest event what it was decoded into, and records it.
    pub(super) fn decoded(&self, decoded: &Result<Vec<ServerEvent>, DecodeError>) {
        let Some(socket) = &self.0 else { return };
        let Some((at, payload)) = socket.replace_arrived(None) else { return };
        let (subject, problem) = match decoded {
            Ok(events) => (RecordSubject::of_events(events), None),
            Err(error) => (RecordSubject::default(), Some(socket.output.text(&error.reason))),
        };
        socket.output.push(at, subject, RecordKind::Received { payload, problem });
    }

    /// Records that the latest packet, if it was not decoded, was not understood for this reason.
    pub(super) fn not_understood(&self, reason: &str) {
        if let Some(socket) = &self.0 {
            socket.push_undelivered(reason);
        }
    }

    /// Records a packet of this length that the program refused to read.
    pub(super) fn refused(&self, text: &str, bytes: usize, reason: &str) {
        let Some(socket) = &self.0 else { return };
        let (payload, problem) = (socket.output.payload(text, bytes), Some(reason.into()));
        socket.output.push(now(), RecordSubject::default(), RecordKind::Received { payload, problem });
    }

    /// Records an event that was sent, or that could not be sent for a reason.
    pub(super) fn emitted(
        &self,
        event: &str,
        argument: &serde_json::Value,
        subject: RecordSubject,
        problem: Option<&str>,
    ) {
        let Some(socket) = &self.0 else { return };
        let text = format!("42{}", serde_json::json!([event, argument]));
        let kind = RecordKind::Emitted { payload: socket.output.whole(&text), problem: problem.map(Into::into) };
        socket.output.push(now(), subject, kind);
    }

    /// Records a packet that the socket library sends by itself.
    pub(super) fn sent_by_library(&self, text: &str) {
        let Some(socket) = &self.0 else { return };
        let kind = RecordKind::Emitted { payload: socket.output.whole(text), problem: None };
        socket.output.push(now(), RecordSubject::default(), kind);
    }
}

impl OpenSocket {
    fn replace_arrived(&self, arrived: Option<(Moment, Payload)>) -> Option<(Moment, Payload)> {
        std::mem::replace(&mut *self.arrived.lock().unwrap_or_else(PoisonError::into_inner), arrived)
    }

    fn push_undelivered(&self, reason: &str) {
        if let Some((at, payload)) = self.replace_arrived(None) {
            let problem = Some(self.output.text(reason));
            self.output.push(at, RecordSubject::default(), RecordKind::Received { payload, problem });
        }
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.push_undelivered("The connection ended before the packet was read.");
    }
}

/// Returns the current time.
pub(super) fn now() -> Moment {
    static START: OnceLock<Instant> = OnceLock::new();
    let micros = START.get_or_init(Instant::now).elapsed().as_micros();
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Moment {
        wall: Timestamp(i64::try_from(wall).unwrap_or(i64::MAX)),
        micros: u64::try_from(micros).unwrap_or(u64::MAX),
    }
}

fn method_name(method: HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
    }
}

/// Returns the headers of a call. Only the scheme of the authorization remains.
fn headers(call: &HttpCall) -> Vec<(Box<str>, Box<str>)> {
    let authorization = match call.authorization.split_once(' ') {
        Some((scheme, _)) => format!("{scheme} {MASK}"),
        None => MASK.to_owned(),
    };
    let mut headers = vec![("authorization".into(), authorization.into())];
    if call.json.is_some() {
        headers.push(("content-type".into(), "application/json".into()));
    }
    headers
}
