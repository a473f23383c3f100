//! The number of colors that a terminal shows, and the replacement of others by similar ones.

use serde::{Deserialize, Serialize};

use super::{Color, Role, Style, Theme};

/// The colors that a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ColorDepth {
    /// The 16 colors that the terminal's own theme defines.
    Sixteen,
    /// The fixed palette of 256 colors.
    Palette,
    /// Any red, green and blue.
    All,
}

/// Beginnings of `TERM` on terminals that show 16 colors at most, or that say so.
const SIXTEEN: &[&str] = &["linux", "ansi", "cons", "cygwin", "vt1", "vt2", "vt3", "vt4", "vt5", "eterm"];

/// Complete values of `TERM` with the same meaning.
const SIXTEEN_EXACT: &[&str] = &["screen", "xterm-color", "xterm-16color", "rxvt", "rxvt-16color"];

/// Ends of `TERM` on terminals that show all colors. Over ssh there is often no `COLORTERM`.
const ALL: &[&str] = &["-direct", "-kitty", "-ghostty"];

/// Red, green and blue of the 16 colors as xterm defines them. Other terminals and their themes differ.
const ANSI: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// Levels of red, green and blue in the color cube of the palette.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Difference between the largest and the smallest part below which a color is a gray.
const MAX_GRAY_SPREAD: u8 = 32;

impl ColorDepth {
    /// Returns the colors that a terminal with these environment variables is known to show. Of an unknown terminal the
    /// palette of 256 is assumed, which nearly all have.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let (term, colors) = (variable("TERM").unwrap_or_default(), variable("COLORTERM").unwrap_or_default());
        let is_all = matches!(colors.as_str(), "truecolor" | "24bit")
            || ALL.iter().any(|end| term.ends_with(end))
            // Windows Terminal sets no COLORTERM.
            || variable("WT_SESSION").is_some();
        if is_all {
            return Self::All;
        }
        let is_limited = SIXTEEN.iter().any(|known| term.starts_with(known)) || SIXTEEN_EXACT.contains(&term.as_str());
        if is_limited && !term.contains("256color") { Self::Sixteen } else { Self::Palette }
    }

    /// Returns the color itself if the terminal shows it, or else a similar one. `None` stands for the default color,
    /// which replaces grays where only 16 colors are left: any of those may be invisible.
    fn similar(self, color: Color) -> Option<Color> {
        match (self, color) {
            (Self::All, _) | (_, Color::Ansi(_)) | (Self::Palette, Color::Indexed(_)) => Some(color),
            (Self::Palette, Color::Rgb(red, green, blue)) => {
                Some(Color::Indexed(nearest_of_palette([red, green, blue])))
            }
            (Self::Sixteen, color) => nearest_ansi(rgb(color)).map(Color::Ansi),
        }
    }

    fn style(self, style: Style) -> Style {
        let fg = style.fg.and_then(|color| self.similar(color));
        match style.bg {
            // A background from 16 colors could hide the text, but the text and its background swapped cannot.
            Some(Color::Indexed(_) | Color::Rgb(..)) if self == Self::Sixteen => {
                Style { fg, bg: None, reverse: true, ..style }
            }
            bg => Style { fg, bg: bg.and_then(|color| self.similar(color)), ..style },
        }
    }
}

impl Theme {
    /// Returns the theme with the colors that a terminal shows. The colors of people stay different from each other and
    /// from those with a meaning, such as that of errors.
    #[must_use]
    pub fn with_colors(mut self, depth: ColorDepth) -> Self {
        for style in &mut self.styles {
            *style = depth.style(*style);
        }
        if depth != ColorDepth::Sixteen {
            self.peers = self.peers.into_iter().map(|style| depth.style(style)).collect();
            return self;
        }
        if self.peers.iter().any(|style| style.fg.is_some()) {
            let roles = [Role::Error, Role::Unread, Role::NewLine, Role::Warning, Role::Own];
            let taken: Vec<_> = roles.into_iter().filter_map(|role| hue(self.style(role))).collect();
            // Bright colors come last, because they are hard to read on white.
            let free = (1..=6).chain(9..=14).filter(|number| !taken.contains(&(number % 8)));
            self.peers = free.map(|number| Style { fg: Some(Color::Ansi(number)), ..Style::default() }).collect();
        }
        if self.peers.is_empty() {
            self.peers.push(Style::default());
        }
        self
    }
}

/// Returns the hue of a style with one of the 16 colors, which the normal and the bright color share.
fn hue(style: Style) -> Option<u8> {
    match style.fg? {
        Color::Ansi(number) => Some(number % 8),
        Color::Indexed(_) | Color::Rgb(..) => None,
    }
}

/// Returns red, green and blue of a color.
pub(super) fn rgb(color: Color) -> [u8; 3] {
    match color {
        Color::Rgb(red, green, blue) => [red, green, blue],
        Color::Ansi(number) | Color::Indexed(number) => match number {
            0..=15 => ANSI[usize::from(number)],
            16..=231 => {
                let cube = number - 16;
                [cube / 36, cube / 6 % 6, cube % 6].map(|level| LEVELS[usize::from(level)])
            }
            232..=255 => [8 + 10 * (number - 232); 3],
        },
    }
}

/// Returns the most similar color of the palette, apart from the first 16, which differ between terminals.
pub fn nearest_of_palette(wanted: [u8; 3]) -> u8 {
    // The parts of a color count separately, so the nearest color of the cube has the nearest level of each part.
    let [red, green, blue] = wanted.map(|part| match part {
        0..=47 => 0,
        48..=115 => 1,
        116.. => (part - 35) / 40,
    });
    let cube = 16 + 36 * red + 6 * green + blue;
    let [red, green, blue] = wanted.map(u16::from);
    // The gray with the least distance is nearest to the mean, weighted like the distance. The grays are 8, 18, …, 238.
    let mean = (3 * red + 4 * green + 2 * blue) / 9;
    let gray = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(u8::MAX).min(23) + 232;
    let difference = |number| distance(wanted, rgb(Color::Indexed(number)));
    if difference(gray) < difference(cube) { gray } else { cube }
}

/// Returns the most similar of the 16 colors; `None` for a gray.
fn nearest_ansi(wanted: [u8; 3]) -> Option<u8> {
    let (most, least) = (wanted.into_iter().max().unwrap_or(0), wanted.into_iter().min().unwrap_or(0));
    if most - least < MAX_GRAY_SPREAD {
        return None;
    }
    // Black, white and the grays may be the background.
    (1..=6).chain(9..=14).min_by_key(|number| distance(wanted, ANSI[usize::from(*number)]))
}

/// How different two colors look: the squared distance, weighted by how well the eye sees each part.
fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let part = |index: usize, weight: u32| weight * u32::from(one[index].abs_diff(other[index])).pow(2);
    part(0, 3) + part(1, 4) + part(2, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(term: &str, colors: &str) -> ColorDepth {
        let variables = [("TERM", term), ("COLORTERM", colors)];
        ColorDepth::detect(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn depth_follows_the_environment() {
        assert_eq!(detect("xterm-256color", ""), ColorDepth::Palette);
        assert_eq!(detect("xterm-256color", "truecolor"), ColorDepth::All);
        assert_eq!(detect("xterm-256color", "24bit"), ColorDepth::All);
        assert_eq!(detect("xterm-256color", "yes"), ColorDepth::Palette);
        assert_eq!(detect("xterm-direct", ""), ColorDepth::All);
        assert_eq!(detect("xterm-kitty", ""), ColorDepth::All);
        assert_eq!(detect("xterm-ghostty", ""), ColorDepth::All);
        let windows = |name: &str| (name == "WT_SESSION").then(|| "some id".to_owned());
        assert_eq!(ColorDepth::detect(windows), ColorDepth::All);
        assert_eq!(detect("linux", ""), ColorDepth::Sixteen);
        assert_eq!(detect("vt220", ""), ColorDepth::Sixteen);
        assert_eq!(detect("screen", ""), ColorDepth::Sixteen);
        assert_eq!(detect("screen-256color", ""), ColorDepth::Palette);
        assert_eq!(detect("foot", ""), ColorDepth::Palette);
        assert_eq!(ColorDepth::detect(|_| None), ColorDepth::Palette);
    }

    #[test]
    fn colors_that_the_terminal_shows_stay() {
        for (name, _) in super::super::BUILT_IN_THEMES {
            let theme = Theme::built_in(name).expect("it is built in");
            assert_eq!(theme.clone().with_colors(ColorDepth::All), theme, "{name}");
            if !theme.styles.iter().any(|style| matches!(style.fg, Some(Color::Rgb(..)))) {
                assert_eq!(theme.clone().with_colors(ColorDepth::Palette), theme, "{name}");
            }
        }
    }

    #[test]
    fn sixteen_colors_are_named_and_never_grays() {
        for (name, _) in super::super::BUILT_IN_THEMES {
            let theme = Theme::built_in(name).expect("it is built in").with_colors(ColorDepth::Sixteen);
            for style in theme.styles.iter().chain(&theme.peers) {
                assert!(matches!(style.fg, None | Some(Color::Ansi(1..=6 | 9..=14))), "{name}: {style:?}");
                assert_eq!(style.bg, None, "{name}: {style:?}");
            }
        }
    }

    #[test]
    fn people_keep_colors_of_their_own_among_sixteen() {
        for name in ["dark", "light", "ansi"] {
            let theme = Theme::built_in(name).expect("it is built in").with_colors(ColorDepth::Sixteen);
            assert!(theme.peers.len() >= 2, "{name}: {:?}", theme.peers);
            let errors = hue(theme.style(Role::Error));
            assert!(theme.peers.iter().all(|peer| hue(*peer) != errors), "{name}");
        }
    }

    #[test]
    fn nearest_color_of_the_palette_has_the_least_distance() {
        let steps = || (0..=255_u8).step_by(15);
        for (red, green) in steps().flat_map(|red| steps().map(move |green| (red, green))) {
            for wanted in steps().map(|blue| [red, green, blue]) {
                let difference = |number| distance(wanted, rgb(Color::Indexed(number)));
                let least = (16..=255).map(difference).min();
                assert_eq!(Some(difference(nearest_of_palette(wanted))), least, "{wanted:?}");
            }
        }
    }

    #[test]
    fn similar_color_is_near() {
        let similar = |depth: ColorDepth, color| depth.similar(color);
        assert_eq!(similar(ColorDepth::Palette, Color::Rgb(255, 94, 1)), Some(Color::Indexed(202)));
        assert_eq!(similar(ColorDepth::Palette, Color::Rgb(128, 128, 128)), Some(Color::Indexed(244)));
        assert_eq!(similar(ColorDepth::Sixteen, Color::Indexed(196)), Some(Color::Ansi(9)));
        assert_eq!(similar(ColorDepth::Sixteen, Color::Rgb(120, 120, 125)), None);
    }
}
