//! Network errors as sentences that say what went wrong and what to do.
//!
//! Each library wraps errors in its own way, so causes are found by walking the chain of sources. A sentence may
//! contain the server's address, but never a query or a header, because those carry keys.

use std::error::Error;
use std::io::ErrorKind;

use crate::domain::Failure;
use crate::text::SafeText;

/// A reason why the server cannot be reached or a call has no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NetError {
    /// Sentence for the user.
    pub(super) reason: SafeText,
    /// The time for which it stays.
    pub(super) lasts: Lasting,
    /// Outcome of a request that ran into this error.
    pub(super) failure: Failure,
}

/// The time for which an error stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lasting {
    /// It may go away by itself.
    Briefly,
    /// As long as this way to the server is used: a certificate that is not trusted, a redirect to another host, a page
    /// of a proxy. Either the address is wrong, or the network is one that asks to sign in first, as in a hotel.
    OnThisWay,
    /// Until the user changes something.
    UntilChanged,
}

impl Lasting {
    /// Returns true if another attempt is pointless. An address at which the server was found before cannot be wrong.
    pub(super) fn is_permanent(self, was_found: bool) -> bool {
        match self {
            Self::Briefly => false,
            Self::OnThisWay => !was_found,
            Self::UntilChanged => true,
        }
    }
}

impl NetError {
    /// An error that may go away by itself. A request that ran into it may have been carried out.
    pub(super) fn transient(reason: &str) -> Self {
        Self { reason: SafeText::line(reason), lasts: Lasting::Briefly, failure: Failure::Uncertain }
    }

    /// An error that stays until the user changes something. A request that ran into it was not carried out.
    pub(super) fn permanent(reason: &str) -> Self {
        Self { reason: SafeText::line(reason), lasts: Lasting::UntilChanged, failure: Failure::Refused }
    }

    /// Returns the same error with another outcome of the request.
    pub(super) fn with_failure(self, failure: Failure) -> Self {
        Self { failure, ..self }
    }

    /// Explains an `error` that occurred while connecting or talking to `url`.
    pub(super) fn from_transport(url: &str, error: &(dyn Error + 'static)) -> Self {
        TransportProblem::of(url, error).into()
    }
}

impl From<TransportProblem> for NetError {
    fn from(problem: TransportProblem) -> Self {
        let sentence = format!("{} {}", problem.cause, problem.advice);
        match problem.lasts {
            Lasting::Briefly => Self::transient(&sentence),
            lasts => Self { lasts, ..Self::permanent(&sentence) },
        }
    }
}

/// What an error below HTTP means for the user.
pub(super) struct TransportProblem {
    /// A sentence about what went wrong.
    pub(super) cause: String,
    /// A sentence about what to do.
    pub(super) advice: &'static str,
    lasts: Lasting,
    /// Why there was no connection, in a few words. `None` if the server was reached.
    pub(super) no_connection: Option<&'static str>,
}

impl TransportProblem {
    /// Finds the problem behind an error of a connection to `url`.
    pub(super) fn of(url: &str, error: &(dyn Error + 'static)) -> Self {
        let chain = ErrorChain::of(error);
        let problem = |cause: String, advice, lasts| Self { cause, advice, lasts, no_connection: None };
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| chain.text.contains(phrase));
        if has(&["certificate", "self-signed", "self signed", "unable to get local issuer"]) {
            let advice = "Check the address, or name the CA that signed it (ca_file in the profile).";
            let renewal = "Ask the operator of the server to renew it, and check the date of this machine.";
            let (fault, advice) = match () {
                () if has(&["certificate has expired"]) => ("has expired", renewal),
                () if has(&["certificate is not yet valid"]) => ("is not valid yet", renewal),
                () => ("is not trusted", advice),
            };
            return problem(format!("The certificate of {url} {fault}."), advice, Lasting::OnThisWay);
        }
        if has(&[
            "wrong version number",
            "packet length too long",
            "ssl routines",
            "tls handshake",
            "handshake failure",
        ]) {
            let cause = format!("The TLS handshake with {url} failed.");
            return problem(cause, "Check the address: http or https?", Lasting::Briefly);
        }
        let cause = match chain.kind {
            _ if has(&["proxy authorization required"]) => "it asks for a user name and a password (HTTP 407)",
            _ if has(&["tunnel error: unsuccessful"]) => "it refuses a connection to this server",
            _ if has(&["failed to lookup", "dns error", "name or service not known", "nodename nor servname"]) => {
                "host not found"
            }
            Some(ErrorKind::ConnectionRefused) => "connection refused",
            Some(ErrorKind::TimedOut) => "no response",
            Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => {
                "connection reset"
            }
            Some(ErrorKind::UnexpectedEof) => "connection closed",
            Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => "no route to the host",
            _ if has(&["timed out", "timeout"]) => "no response",
            _ if has(&["connection refused"]) => "connection refused",
            _ if has(&["http error: 5", "http error: 429"]) => {
                let cause = format!("{url} accepts no live connection at the moment.");
                return problem(cause, "Wait, or ask the operator of the server.", Lasting::Briefly);
            }
            _ if has(&["http error"]) => {
                return problem(format!("{url} is not a chat server."), "Check the address.", Lasting::Briefly);
            }
            _ if has(&["connection closed", "reset", "broken pipe", "unexpected eof"]) => "connection closed",
            _ => "connection failed",
        };
        let advice = "Check the address and the network.";
        Self {
            no_connection: Some(cause),
            ..problem(format!("Cannot reach {url}: {cause}."), advice, Lasting::Briefly)
        }
    }
}

/// The messages of an error and its sources, and the last I/O error kind among them.
struct ErrorChain {
    /// One message per line, in lower case.
    text: String,
    kind: Option<ErrorKind>,
}

impl ErrorChain {
    fn of(error: &(dyn Error + 'static)) -> Self {
        let (mut text, mut kind, mut next) = (String::new(), None, Some(error));
        // Real chains have a handful of errors; the limit protects against a cycle.
        for _ in 0..16 {
            let Some(error) = next else { break };
            text.push_str(&error.to_string().to_lowercase());
            text.push('\n');
            if let Some(io) = error.downcast_ref::<std::io::Error>() {
                if !matches!(io.kind(), ErrorKind::Other) {
                    kind = Some(io.kind());
                }
                // `io::Error::source` skips the error that it wraps and returns that error's source.
                next = io.get_ref().map(|inner| inner as &(dyn Error + 'static));
            } else {
                next = error.source();
            }
        }
        Self { text, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn reason(error: impl Into<io::Error>) -> String {
        NetError::from_transport("http://chat.example", &error.into()).reason.to_string()
    }

    #[test]
    fn each_cause_has_its_own_sentence() {
        assert_eq!(
            reason(io::Error::from(ErrorKind::ConnectionRefused)),
            "Cannot reach http://chat.example: connection refused. Check the address and the network."
        );
        assert!(reason(io::Error::other("failed to lookup address information")).contains("host not found"));
        assert!(reason(io::Error::from(ErrorKind::TimedOut)).contains("no response"));
    }

    #[test]
    fn certificate_is_permanent_until_the_server_was_found() {
        let wrapped = io::Error::other(io::Error::other("certificate verify failed: self-signed certificate"));
        let error = NetError::from_transport("https://chat.example", &wrapped);
        assert!(error.lasts.is_permanent(false) && !error.lasts.is_permanent(true));
        assert!(error.reason.contains("not trusted"));
        let expired = io::Error::other("certificate verify failed: certificate has expired");
        assert_eq!(
            reason(expired),
            "The certificate of http://chat.example has expired. Ask the operator of the server to renew it, and check \
             the date of this machine."
        );
    }
}
