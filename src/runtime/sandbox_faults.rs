//! The faults of the sandboxes that were started together with the client, for `/fault` in the demo.

use crate::server::{FaultControl, FaultError};
use crate::text::suggestion;

/// Sandboxes by their addresses, with their faults.
#[derive(Debug, Clone, Default)]
pub struct SandboxFaults(pub Vec<(String, FaultControl)>);

impl SandboxFaults {
    /// Sets the faults of the sandbox at `url` as the user describes them, and returns a sentence about what is in force.
    /// An empty text changes nothing, and `off` ends all faults.
    ///
    /// # Errors
    /// A sentence about what is wrong with the description.
    pub(super) fn set(&self, url: &str, text: &str) -> Result<String, String> {
        let Some((_, faults)) = self.0.iter().find(|(known, _)| known == url) else {
            return Err("This server was not started by the demo, so its faults cannot be changed.".to_owned());
        };
        match text {
            "" => {}
            "off" => faults.clear(),
            _ => match faults.parse(text) {
                Ok(rules) => faults.set(rules, None),
                Err(error) => return Err(fault_sentence(&error)),
            },
        }
        let report = faults.report();
        if report.rules.is_empty() {
            return Ok("There are no faults. /fault latency=2s,drop=10% sets some.".to_owned());
        }
        Ok(format!("Faults, and how often they happened: {report}. /fault off ends them."))
    }
}

/// Returns the sentence about faults that cannot be set.
pub(super) fn fault_sentence(error: &FaultError) -> String {
    error.sentence(|word, known| suggestion(word, known.iter().copied()))
}
