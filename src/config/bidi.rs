//! Who puts right-to-left text into its order on screen: the terminal or the program.

use serde::{Deserialize, Serialize};

/// Who puts right-to-left text into its order on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bidi {
    /// The terminal.
    Terminal,
    /// The program.
    Program,
}

/// First version of libvte that reorders, as in `VTE_VERSION`.
const VTE: u32 = 5_800;

impl Bidi {
    /// Returns who does it in a terminal with these environment variables. The program does unless the terminal is known
    /// to.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| variable(name).unwrap_or_default();
        let is_known = text("VTE_VERSION").parse::<u32>().is_ok_and(|version| version >= VTE)
            || variable("KONSOLE_VERSION").is_some()
            || text("TERM").starts_with("mlterm")
            || ["Apple_Terminal", "mintty"].contains(&text("TERM_PROGRAM").as_str());
        if is_known { Self::Terminal } else { Self::Program }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_that_reorder_are_known() {
        let detect = |name: &str, value: &str| Bidi::detect(|known| (known == name).then(|| value.to_owned()));
        for (name, value) in [("VTE_VERSION", "7200"), ("KONSOLE_VERSION", "230804"), ("TERM", "mlterm")] {
            assert_eq!(detect(name, value), Bidi::Terminal, "{name}={value}");
        }
        for (name, value) in [("VTE_VERSION", "5202"), ("TERM", "xterm-kitty"), ("TERM_PROGRAM", "WezTerm")] {
            assert_eq!(detect(name, value), Bidi::Program, "{name}={value}");
        }
    }
}
