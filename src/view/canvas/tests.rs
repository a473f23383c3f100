//! Tests of wide characters, line separators and ASCII.

use super::*;

#[test]
fn wide_character_does_not_reach_into_a_cleared_area() {
    let theme = Theme::built_in("dark").expect("a theme");
    let bounds = Rect::new(0, 0, 6, 1);
    let mut buffer = Buffer::empty(bounds);
    let mut canvas = Canvas::new(&mut buffer, bounds, &theme);
    let style = canvas.style(Role::Text);
    canvas.put(0, 0, "ab日cd", 6, style);
    canvas.clear(Region { x: 3, y: 0, width: 2, height: 1 });
    canvas.put(3, 0, "|", 1, style);
    let symbols: Vec<_> = (0..6).map(|x| buffer[(x, 0)].symbol()).collect();
    assert_eq!(symbols, ["a", "b", " ", "|", " ", "d"]);
}

#[test]
fn wide_character_does_not_cover_text_painted_later() {
    let theme = Theme::built_in("dark").expect("a theme");
    let bounds = Rect::new(0, 0, 6, 1);
    let mut buffer = Buffer::empty(bounds);
    let mut canvas = Canvas::new(&mut buffer, bounds, &theme);
    let style = canvas.style(Role::Text);
    canvas.put(0, 0, "日本語", 6, style);
    canvas.put(1, 0, "|", 1, style);
    canvas.put(4, 0, "|", 1, style);
    let symbols: Vec<_> = (0..6).map(|x| buffer[(x, 0)].symbol()).collect();
    assert_eq!(symbols, [" ", "|", "本", " ", "|", " "]);
}

#[test]
fn line_separators_are_not_written_to_the_terminal() {
    let theme = Theme::built_in("dark").expect("a theme");
    let bounds = Rect::new(0, 0, 8, 1);
    let mut buffer = Buffer::empty(bounds);
    let mut canvas = Canvas::new(&mut buffer, bounds, &theme);
    let style = canvas.style(Role::Text);
    let text = "a\u{2028}b\u{2029}\u{202e}c";
    let end = canvas.put(0, 0, text, 8, style);
    assert_eq!(usize::from(end), width(text), "the cursor of the composer is where it was measured");
    let symbols: String = (0..end).map(|x| buffer[(x, 0)].symbol()).collect();
    assert!(!symbols.contains(['\u{2028}', '\u{2029}', '\u{202e}']) && symbols.ends_with('c'), "{symbols:?}");
}

#[test]
fn ascii_keeps_the_width_of_every_character() {
    let theme = Theme::built_in("dark").expect("a theme");
    let bounds = Rect::new(0, 0, 20, 1);
    let mut buffer = Buffer::empty(bounds);
    let mut canvas = Canvas::new(&mut buffer, bounds, &theme);
    let style = canvas.style(Role::Text);
    canvas.put(0, 0, "Inês “日本” 🇩🇪…\t|", 20, style);
    canvas.replace_non_ascii();
    let symbols: String = (0..20).map(|x| buffer[(x, 0)].symbol()).collect();
    assert_eq!(symbols, "Ines \"????\" ??...  |");
}

/// A single dot looked like the end of a sentence.
#[test]
fn ascii_ellipsis_has_three_dots_where_they_fit() {
    let theme = Theme::built_in("dark").expect("a theme");
    let bounds = Rect::new(0, 0, 20, 1);
    for (text, expected) in
        [("cut…", "cut..."), ("cut… | x", "cut~ | x"), ("0123456789012345678…", "0123456789012345678~")]
    {
        let mut buffer = Buffer::empty(bounds);
        let mut canvas = Canvas::new(&mut buffer, bounds, &theme);
        let style = canvas.style(Role::Text);
        canvas.put(0, 0, text, 20, style);
        canvas.replace_non_ascii();
        let symbols: String = (0..20).map(|x| buffer[(x, 0)].symbol()).collect();
        assert_eq!(symbols.trim_end(), expected);
    }
}
