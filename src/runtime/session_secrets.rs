//! Registers the secrets of a connection for redaction, as soon as its adapter has them.

use crate::domain::{AccountId, Capabilities, Request, ServerEvent};
use crate::protocol::{Call, DecodeError, Frame, Handshake, Protocol};
use crate::text::Secrets;

use super::redact::redact_session;

/// A back end whose secrets are redacted wherever the program writes text. They change when it signs in, because the
/// adapter derives a password or gets a token, and when it gets the token of a call.
pub(super) struct SessionSecrets {
    account: AccountId,
    inner: Box<dyn Protocol>,
}

impl SessionSecrets {
    /// Wraps the adapter of `account` and registers the secrets that it already has.
    pub(super) fn register(account: AccountId, inner: Box<dyn Protocol>) -> Self {
        redact_session(account, inner.secrets());
        Self { account, inner }
    }
}

impl Protocol for SessionSecrets {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn encode(&mut self, request: &Request) -> Option<Call> {
        let call = self.inner.encode(request);
        if matches!(request, Request::SignIn { .. }) {
            redact_session(self.account, self.inner.secrets());
        }
        call
    }

    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        let may_have_token =
            matches!(frame, Frame::Reply { request: Request::SignIn { .. } | Request::CallAccess { .. }, .. });
        let events = self.inner.decode(frame);
        if may_have_token {
            redact_session(self.account, self.inner.secrets());
        }
        events
    }

    fn on_unanswered(&mut self, request: &Request) {
        self.inner.on_unanswered(request);
    }

    fn handshake(&self) -> Handshake {
        self.inner.handshake()
    }

    fn secrets(&self) -> &Secrets {
        self.inner.secrets()
    }

    fn has_expired(&self, status: u16) -> bool {
        self.inner.has_expired(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Body;
    use crate::protocol::vchat::{Credentials, VChat};
    use crate::runtime::redact::redacted;

    /// The account of these tests; secrets are registered for the whole process.
    const ACCOUNT: AccountId = AccountId(77);

    #[test]
    fn password_and_every_token_are_redacted_in_the_log() {
        let vchat = VChat::new(Credentials::HashKey("a-hash-key".into()), "device");
        let mut protocol = SessionSecrets::register(ACCOUNT, Box::new(vchat));
        assert_eq!(redacted("a-hash-key"), "***");
        let sign_in = Request::SignIn { username: "alice".into(), name: None };
        protocol.encode(&sign_in);
        // printf %s a-hash-key_alice | sha512sum
        let password = "50732d8d881aad9f03be62095471d36ece2bf87f17ce853eeef3fd7069ed1fa0537aeb56ee6f44a2518275c1ca17e7e4eeb8add960af68e97f660cb5c21409ad";
        assert_eq!(redacted(password), "***");
        for token in ["first-token", "second-token"] {
            let user = serde_json::json!({"_id": "63d6683a88c3d52e0e6dffa4", "fullName": "A", "identifier": "alice"});
            let body = Body::Json(serde_json::json!({"data": {"accessToken": token, "user": user}}));
            protocol.decode(Frame::Reply { request: sign_in.clone(), status: 200, body }).unwrap();
        }
        let request = Request::CallAccess { room: crate::domain::RoomId::new("R") };
        let body = Body::Json(serde_json::json!({"data": {"rtcToken": "call-token"}}));
        protocol.decode(Frame::Reply { request, status: 200, body }).unwrap();
        assert_eq!(redacted("first-token, second-token, call-token"), "***, ***, ***");
    }
}
