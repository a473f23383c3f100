//! Whether the background of the terminal is dark or light, which decides the theme if none was chosen.

use serde::{Deserialize, Serialize};

/// Brightness of the terminal's background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Background {
    /// Light text is legible on it.
    Dark,
    /// Dark text is legible on it.
    Light,
}

/// Relative luminance above which black text has more contrast than white text.
const LIGHT: f64 = 0.18;

impl Background {
    /// Returns the brightness of a color, given as red, green and blue.
    pub fn of(color: [u8; 3]) -> Self {
        if luminance(color) > LIGHT { Self::Light } else { Self::Dark }
    }
}

/// Returns the relative luminance of a color, from 0 for black to 1 for white (WCAG 2.1).
pub(super) fn luminance(color: [u8; 3]) -> f64 {
    let [red, green, blue] = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backgrounds_of_well_known_schemes_are_recognised() {
        for (name, color, expected) in [
            ("black", [0, 0, 0], Background::Dark),
            ("Solarized dark", [0, 43, 54], Background::Dark),
            ("Nord", [46, 52, 64], Background::Dark),
            ("Zenburn", [63, 63, 63], Background::Dark),
            ("Solarized light", [253, 246, 227], Background::Light),
            ("white", [255, 255, 255], Background::Light),
        ] {
            assert_eq!(Background::of(color), expected, "{name}");
        }
    }
}
