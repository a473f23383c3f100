//! Whether the terminal shows all colors.

/// Returns whether the terminal shows all colors, as far as its environment tells. Without them a picture has the colors
/// of the palette, which every terminal of the last decades shows.
pub(in crate::runtime) fn has_true_color() -> bool {
    tells_true_color(&|name| std::env::var(name).ok())
}

fn tells_true_color(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let text = |name| variable(name).unwrap_or_default();
    let term = text("TERM");
    // Windows Terminal sets no COLORTERM.
    ["truecolor", "24bit"].contains(&text("COLORTERM").as_str())
        || variable("WT_SESSION").is_some()
        || ["-direct", "-kitty", "-ghostty"].iter().any(|end| term.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_color_is_known_by_the_environment() {
        let tells = |name: &str, value: &str| tells_true_color(&|known| (known == name).then(|| value.to_owned()));
        for (name, value) in [
            ("COLORTERM", "truecolor"),
            ("COLORTERM", "24bit"),
            ("TERM", "xterm-kitty"),
            ("TERM", "xterm-direct"),
            ("WT_SESSION", "x"),
        ] {
            assert!(tells(name, value), "{name}={value}");
        }
        for (name, value) in [("COLORTERM", "yes"), ("TERM", "xterm-256color"), ("TERM", "linux")] {
            assert!(!tells(name, value), "{name}={value}");
        }
    }
}
