//! Redaction of our own secrets in text from the server.

use crate::domain::ServerEvent;
use crate::text::{SafeText, redact};

/// Removes `secrets` from the failure reasons and notices in `events`. Some servers quote the headers of a request that
/// they refuse.
pub(super) fn redact_secrets(events: &mut [ServerEvent], secrets: &[&str]) {
    for event in events {
        if let ServerEvent::Failed { reason: sentence, .. } | ServerEvent::Notice(sentence) = event {
            let redacted = redact(sentence, secrets.iter().copied());
            if redacted != **sentence {
                *sentence = SafeText::line(&redacted);
            }
        }
    }
}
