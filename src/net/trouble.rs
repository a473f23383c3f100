//! What went wrong on the network, as one sentence that says what to do.
//!
//! The causes are found by walking an error's chain, since each library wraps them in its own way. An address is told,
//! a query or a header never: keys travel in those.

use std::error::Error;
use std::io::ErrorKind;

use crate::domain::Failure;
use crate::text::SafeText;

/// Something that keeps us from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What to tell the user.
    pub(super) reason: SafeText,
    /// Trying again is of no use until the user changes something.
    pub(super) lasting: bool,
    /// What it means for a request that was met by it.
    pub(super) failure: Failure,
}

impl Trouble {
    /// Trouble that may pass. A request that it met may have been carried out.
    pub(super) fn passing(reason: &str) -> Self {
        Self { reason: SafeText::line(reason), lasting: false, failure: Failure::Uncertain }
    }

    /// Trouble that stays until something is changed. A request that it met was not carried out.
    pub(super) fn lasting(reason: &str) -> Self {
        Self { reason: SafeText::line(reason), lasting: true, failure: Failure::Refused }
    }

    /// The same, of a request of which it is known what became of it.
    pub(super) fn with(self, failure: Failure) -> Self {
        Self { failure, ..self }
    }

    /// What `error` means for reaching `url`.
    pub(super) fn reaching(url: &str, error: &(dyn Error + 'static)) -> Self {
        let chain = Chain::of(error);
        let text = chain.text.as_str();
        let has = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
        if has(&["certificate", "self-signed", "self signed", "unable to get local issuer"]) {
            return Self::lasting(&format!(
                "The certificate of {url} is not trusted. Check the address (--url), or name the CA that signed it \
                 (ca_file in the profile)."
            ));
        }
        if has(&[
            "wrong version number",
            "packet length too long",
            "ssl routines",
            "tls handshake",
            "handshake failure",
        ]) {
            return Self::passing(&format!(
                "{url} does not speak TLS properly. Check the address (--url): http or https?"
            ));
        }
        let cause = match chain.kind {
            _ if has(&["failed to lookup", "dns error", "name or service not known", "nodename nor servname"]) => {
                "there is no such host"
            }
            Some(ErrorKind::ConnectionRefused) => "connection refused",
            Some(ErrorKind::TimedOut) => "it does not answer",
            Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => {
                "the connection was cut"
            }
            Some(ErrorKind::UnexpectedEof) => "the connection was closed",
            Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => "there is no way to it",
            _ if has(&["timed out", "timeout"]) => "it does not answer",
            _ if has(&["connection refused"]) => "connection refused",
            _ if has(&["http error"]) => {
                return Self::passing(&format!("{url} answers, but not as a chat server. Check the address (--url)."));
            }
            _ if has(&["connection closed", "reset", "broken pipe", "unexpected eof"]) => "the connection was closed",
            _ => "the connection failed",
        };
        Self::passing(&format!("Cannot reach {url}: {cause}. Check the address (--url) and the network."))
    }
}

/// All that an error and its causes say.
struct Chain {
    text: String,
    kind: Option<ErrorKind>,
}

impl Chain {
    fn of(error: &(dyn Error + 'static)) -> Self {
        let (mut text, mut kind, mut next) = (String::new(), None, Some(error));
        // A chain has a handful of links; the limit is for one that bites its tail.
        for _ in 0..16 {
            let Some(error) = next else { break };
            text.push_str(&error.to_string().to_lowercase());
            text.push('\n');
            if let Some(io) = error.downcast_ref::<std::io::Error>() {
                if !matches!(io.kind(), ErrorKind::Other) {
                    kind = Some(io.kind());
                }
                // `io::Error::source` skips the error it wraps and names that one's cause.
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

    fn told(error: impl Into<io::Error>) -> String {
        Trouble::reaching("http://chat.example", &error.into()).reason.to_string()
    }

    #[test]
    fn each_cause_has_its_sentence() {
        assert_eq!(
            told(io::Error::from(ErrorKind::ConnectionRefused)),
            "Cannot reach http://chat.example: connection refused. Check the address (--url) and the network."
        );
        assert!(told(io::Error::other("failed to lookup address information")).contains("no such host"));
        assert!(told(io::Error::from(ErrorKind::TimedOut)).contains("does not answer"));
    }

    #[test]
    fn a_refused_certificate_is_told_apart_and_lasts() {
        let wrapped = io::Error::other(io::Error::other("certificate verify failed: self-signed certificate"));
        let trouble = Trouble::reaching("https://chat.example", &wrapped);
        assert!(trouble.lasting);
        assert!(trouble.reason.contains("not trusted"));
    }
}
