use super::background::luminance;
use super::color_depth::rgb;
use super::*;

#[test]
fn built_in_themes_are_valid_and_complete() {
    for (name, text) in BUILT_IN_THEMES {
        let theme = Theme::parse(name, name, text).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(!theme.peers.is_empty(), "{name}");
        for (role, key) in ROLES {
            assert_eq!(ROLES[*role as usize].1, *key);
            assert!(text.lines().any(|line| line.starts_with(&format!("{key} ="))), "{name} lacks {key}");
        }
    }
}

#[test]
fn built_in_themes_avoid_colors_that_may_be_invisible() {
    for (name, _) in BUILT_IN_THEMES {
        let theme = Theme::built_in(name).expect("it is built in");
        for style in theme.styles.iter().chain(&theme.peers) {
            assert!(!matches!(style.fg, Some(Color::Ansi(0 | 7 | 8 | 15))), "{name}: {style:?}");
        }
        assert_eq!(theme.style(Role::Text).fg, None, "{name}: text has the default color");
    }
}

#[test]
fn plain_theme_has_no_color() {
    let plain = Theme::built_in("plain").expect("it is built in");
    assert!(!plain.has_colors() && Theme::default().has_colors());
}

#[test]
fn theme_inherits_unset_roles() {
    let theme = Theme::parse("mine", "mine.toml", "inherit = \"light\"\nown = { fg = \"#0a0B0c\", bold = true }\n");
    let theme = theme.expect("it is valid");
    assert_eq!(theme.style(Role::Own).fg, Some(Color::Rgb(10, 11, 12)));
    assert_eq!(theme.style(Role::Error), Theme::built_in("light").expect("built in").style(Role::Error));
}

#[test]
fn problems_of_a_theme_have_locations() {
    let text = "txt = \"red\"\nown = { fg = 256, blod = true }\npeers = [\"pink\"]\n";
    let problems = Theme::parse("mine", "mine.toml", text).expect_err("four things are wrong").to_string();
    for part in ["mine.toml:2:", "attribute `blod`. Did you mean `bold`?", "role `txt`. Did you mean `text`?"] {
        assert!(problems.contains(part), "{problems}");
    }
    assert_eq!(problems.lines().count(), 4, "{problems}");
}

#[test]
fn each_name_has_a_stable_color() {
    let theme = Theme::default();
    assert_eq!(theme.peer_color("alice"), theme.peer_color("alice"));
    assert_ne!(theme.peer_color("alice"), theme.peer_color("bob"));
}

/// Luminance of the backgrounds on which a theme must be legible, and the least contrast of text on each (WCAG 2.1).
const CONTRASTS: &[(&str, &[(f64, f64)])] = &[
    ("dark", &[(0.0, 4.5), (1.0, 3.0)]),
    ("light", &[(1.0, 4.5), (0.0, 3.0)]),
    ("high-contrast", &[(0.0, 10.0)]),
    ("high-contrast-light", &[(1.0, 7.0)]),
    ("colorblind", &[(0.0, 4.5), (1.0, 3.0)]),
    ("gruvbox", &[(0.0, 4.5), (0.0212, 3.2)]),
    ("gruvbox-light", &[(1.0, 4.5), (0.8754, 4.5)]),
    ("nord", &[(0.0, 4.5), (0.0339, 3.2)]),
    ("catppuccin", &[(0.0, 4.5), (0.0140, 4.5)]),
    ("catppuccin-latte", &[(1.0, 4.5), (0.8785, 4.5)]),
];

#[test]
fn colors_of_people_are_readable_and_mean_nothing_else() {
    for (name, backgrounds) in CONTRASTS {
        let theme = Theme::built_in(name).expect("it is built in");
        let roles = [Role::Error, Role::Unread, Role::NewLine, Role::Warning, Role::Own];
        for peer in &theme.peers {
            assert!(roles.iter().all(|role| theme.style(*role).fg != peer.fg), "{name}: {peer:?}");
            assert_readable(name, *peer, backgrounds);
        }
    }
}

#[test]
fn text_of_built_in_themes_is_readable() {
    for (name, backgrounds) in CONTRASTS {
        let theme = Theme::built_in(name).expect("it is built in");
        for (role, _) in ROLES.iter().filter(|(role, _)| *role != Role::Border) {
            assert_readable(name, theme.style(*role), backgrounds);
        }
    }
}

#[test]
fn meanings_stay_apart_without_red_or_green_vision() {
    let theme = Theme::built_in("colorblind").expect("it is built in");
    let color = |role| rgb(theme.style(role).fg.expect("it has a color"));
    for (one, other) in [
        (Role::Error, Role::Success),
        (Role::Error, Role::Own),
        (Role::Warning, Role::Success),
        (Role::Unread, Role::Own),
        (Role::Unread, Role::Accent),
        (Role::NewLine, Role::Link),
    ] {
        for (vision, matrix) in [("protanopia", PROTANOPIA), ("deuteranopia", DEUTERANOPIA)] {
            let distance = distance(seen_as(color(one), matrix), seen_as(color(other), matrix));
            assert!(distance >= 60.0, "{one:?} and {other:?} differ by {distance} under {vision}");
        }
    }
    assert!(theme.style(Role::Error).underline && !theme.style(Role::Warning).underline);
}

fn assert_readable(name: &str, style: Style, backgrounds: &[(f64, f64)]) {
    let Some(fg) = style.fg else { return };
    assert!(!matches!(fg, Color::Ansi(_)), "{name}: {style:?} depends on the terminal");
    let fg = luminance(rgb(fg));
    if let Some(bg) = style.bg {
        assert!(contrast(fg, luminance(rgb(bg))) >= 4.5, "{name}: {style:?}");
        return;
    }
    for (background, least) in backgrounds {
        let contrast = contrast(fg, *background);
        assert!(contrast >= *least, "{name}: {style:?} has a contrast of {contrast} on {background}");
    }
}

/// How a color looks without red or green vision, as linear red, green and blue.
type Matrix = [[f64; 3]; 3];

/// Matrices for linear RGB at full severity: Machado, Oliveira and Fernandes, "A Physiologically-based Model for
/// Simulation of Color Vision Deficiency", 2009.
const PROTANOPIA: Matrix =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];

const DEUTERANOPIA: Matrix =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];

fn seen_as(color: [u8; 3], matrix: Matrix) -> [f64; 3] {
    let linear = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    matrix.map(|row| row.iter().zip(linear).map(|(factor, part)| factor * part).sum::<f64>().clamp(0.0, 1.0))
}

/// How different two colors look: the distance in CIELAB, in which 2 is just noticeable.
fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    let lab = |[red, green, blue]: [f64; 3]| {
        let curve = |part: f64| if part > 0.008_856 { part.cbrt() } else { 7.787 * part + 16.0 / 116.0 };
        let x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.950_47);
        let y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        let z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.088_83);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    };
    let squares = lab(one).into_iter().zip(lab(other)).map(|(one, other)| (one - other).powi(2));
    squares.sum::<f64>().sqrt()
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn theme_command_completes_all_built_in_themes() {
    let (_, arguments) = crate::input::COMMANDS
        .iter()
        .map(|command| (command.name, command.arguments))
        .find(|(name, _)| *name == "theme")
        .expect("the command");
    let crate::input::ArgumentKind::Choice(words) = arguments[0].kind else { panic!("{arguments:?}") };
    let names: Vec<&str> = BUILT_IN_THEMES.iter().map(|(name, _)| *name).collect();
    assert_eq!(words, [&["auto"][..], &names].concat());
}
