//! Which terminals draw pictures, and what is written for them.

use super::*;

fn chosen(setting: PictureProtocol, variables: &[(&str, &str)]) -> Option<(Protocol, Route)> {
    let variable =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    choose(setting, &variable).map(|graphics| (graphics.protocol, graphics.route))
}

/// A picture of one cell: red above, blue below, and a transparent column at the right.
fn raster() -> Raster {
    let row = |color: [u8; 4]| [color, color, [0; 4]].concat();
    let bytes = (0..6).flat_map(|y| row(if y < 3 { [255, 0, 0, 255] } else { [0, 0, 255, 255] })).collect();
    Raster { width: 3, height: 6, bytes }
}

fn drawing(protocol: Protocol, route: Route) -> Drawing {
    let request = PictureRequest { url: "http://h/x".into(), columns: 9, rows: 9, is_enlarged: false };
    Graphics { protocol, route, keeps_covered: false }.draw(&raster(), (3, 3), &request).unwrap()
}

#[test]
fn only_known_terminals_draw_pictures() {
    use PictureProtocol::{Auto, Blocks, Kitty, Sixel};
    for (setting, variables, expected) in [
        (Auto, &[("TERM", "xterm-256color")][..], None),
        (Auto, &[("TERM", "xterm-kitty")], None),
        (Kitty, &[("TERM", "xterm-kitty")], Some((Protocol::Kitty, Route::Direct))),
        (Auto, &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "ghostty")], Some((Protocol::Kitty, Route::Direct))),
        (Auto, &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], Some((Protocol::Iterm2, Route::Direct))),
        (Auto, &[("TERM", "foot")], Some((Protocol::Sixel, Route::Direct))),
        (Auto, &[("TERM", "xterm-256color"), ("KONSOLE_VERSION", "220401")], Some((Protocol::Iterm2, Route::Direct))),
        (
            Auto,
            &[("TERM", "tmux-256color"), ("TMUX", "x"), ("GHOSTTY_RESOURCES_DIR", "x")],
            Some((Protocol::Kitty, Route::Tmux)),
        ),
        (Auto, &[("TERM", "tmux-256color"), ("TMUX", "x"), ("WEZTERM_PANE", "1")], None),
        (Auto, &[("TERM", "xterm-ghostty"), ("ZELLIJ", "0")], None),
        (Auto, &[("TERM", "xterm-ghostty"), ("NO_COLOR", "1")], None),
        (Blocks, &[("TERM", "xterm-kitty")], None),
        (Sixel, &[("TERM", "xterm-256color")], Some((Protocol::Sixel, Route::Direct))),
        (Kitty, &[("TERM", "screen"), ("TMUX", "x")], Some((Protocol::Kitty, Route::Tmux))),
    ] {
        assert_eq!(chosen(setting, variables), expected, "{setting:?} {variables:?}");
    }
}

#[test]
fn kitty_tells_by_its_version_whether_it_has_placeholders() {
    for (name, expected) in [
        ("kitty(0.41.1)", true),
        ("kitty(0.28.0)", true),
        ("kitty(1.0)", true),
        ("kitty(0.26.5)", false),
        ("kitty(0)", false),
        ("kitty(0.41.1", false),
        ("XTerm(379)", false),
        ("", false),
    ] {
        assert_eq!(has_placeholders(name), expected, "{name:?}");
    }
}

#[test]
fn kitty_stores_the_picture_for_its_cells() {
    let DrawingForm::Stored(data) = drawing(Protocol::Kitty, Route::Direct).form else { panic!("is stored") };
    let text = String::from_utf8(data.to_vec()).unwrap();
    let id = drawing(Protocol::Kitty, Route::Direct).id;
    assert!(text.starts_with(&format!("\x1b_Ga=T,U=1,f=100,t=d,i={id},c=1,r=2,q=2,m=0;iVBOR")), "{text:?}");
    assert!(text.ends_with("\x1b\\"), "{text:?}");
    let DrawingForm::Stored(data) = drawing(Protocol::Kitty, Route::Tmux).form else { panic!("is stored") };
    assert!(data.starts_with(b"\x1bPtmux;\x1b\x1b_G") && data.ends_with(b"\x1b\x1b\\\x1b\\"));
}

#[test]
fn long_picture_is_sent_in_pieces() {
    let noise = (0..64 * 64 * 4).map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let raster = Raster { width: 64, height: 64, bytes: noise };
    let sent = String::from_utf8(kitty::store(7, &raster, (8, 4), Route::Direct).unwrap()).unwrap();
    let pieces: Vec<&str> = sent.split_terminator("\x1b\\").collect();
    assert!(pieces.len() > 2, "{} pieces", pieces.len());
    assert!(pieces.iter().all(|piece| piece.split_once(';').unwrap().1.len() <= 4_096));
    assert!(pieces[0].contains("m=1;") && pieces[1].starts_with("\x1b_Gq=2,m=1;"));
    assert!(pieces.last().unwrap().starts_with("\x1b_Gq=2,m=0;"));
}

#[test]
fn iterm2_gets_each_row_of_cells() {
    let DrawingForm::Rows(rows) = drawing(Protocol::Iterm2, Route::Direct).form else { panic!("is drawn by row") };
    assert_eq!(rows.len(), 2);
    let text = String::from_utf8(rows[0].clone()).unwrap();
    assert!(text.starts_with("\x1b]1337;File=inline=1;size="), "{text:?}");
    assert!(text.contains(";width=1;height=1;") && text.ends_with('\x07'), "{text:?}");
}

#[test]
fn sixels_leave_transparent_pixels_alone() {
    let raster = raster();
    let text = String::from_utf8(sixel::Palette::new(&raster).draw(&raster, 3)).unwrap();
    assert!(text.starts_with("\x1b7\x1bP0;1;0q\"1;1;3;6#"), "{text:?}");
    assert!(text.ends_with("-\x1b\\"), "{text:?}");
    let bands: Vec<&str> = text.split('#').collect();
    // The three upper pixels of two columns are one color, and the three lower ones another.
    assert!(bands.iter().any(|band| band.ends_with("FF?$")), "{text:?}");
    assert!(bands.iter().any(|band| band.contains("ww?$")), "{text:?}");
}

#[test]
fn wide_row_is_drawn_in_parts() {
    let raster = Raster { width: 1_000, height: 6, bytes: vec![255; 1_000 * 6 * 4] };
    let text = String::from_utf8(sixel::Palette::new(&raster).draw(&raster, 10)).unwrap();
    let (first, second) = text.split_once("\x1b8\x1b[80C\x1b7").expect("a second part, 80 cells to the right");
    assert!(first.contains("\"1;1;800;6") && second.contains("\"1;1;200;6"), "{text:?}");
}

#[test]
fn picture_that_is_too_large_consists_of_half_blocks() {
    let graphics = Graphics { protocol: Protocol::Sixel, route: Route::Direct, keeps_covered: false };
    assert!(graphics.can_draw((2_048, 2_048)) && !graphics.can_draw((2_048, 2_049)));
}
