//! The faults of the sandboxes that were started together with the client, for `/fault` in the demo.

use crate::config::suggestion;
use crate::server::{FaultControl, FaultError};

/// Sandboxes by their addresses, with their faults.
#[derive(Debug, Clone, Default)]
pub struct SandboxFaults(pub Vec<(String, FaultControl)>);

impl SandboxFaults {
    /// Sets the faults of the sandbox at `url` as the user describes them, and returns what is in force or what is wrong
    /// with the description, as a sentence. An empty text changes nothing, and `off` ends all faults.
    pub(super) fn set(&self, url: &str, text: &str) -> String {
        let Some((_, faults)) = self.0.iter().find(|(known, _)| known == url) else {
            return "This server was not started by the demo, so its faults cannot be changed.".to_owned();
        };
        match text {
            "" => {}
            "off" => faults.clear(),
            _ => match faults.parse(text) {
                Ok(rules) => faults.set(rules, None),
                Err(error) => return fault_sentence(&error),
            },
        }
        let report = faults.report();
        if report.rules.is_empty() {
            return "There are no faults. /fault latency=2s,drop=10% sets some.".to_owned();
        }
        format!("Faults, and how often they happened: {report}. /fault off ends them.")
    }
}

/// Returns the sentence about faults that cannot be set.
pub(super) fn fault_sentence(error: &FaultError) -> String {
    error.sentence(|word, known| suggestion(word, known.iter().copied()))
}
