//! Tests of the sanitiser: tables of inputs and outputs, and properties of arbitrary input.

use proptest::prelude::*;

use super::*;

/// Raw inputs, each with its sanitised form.
#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    // Control characters.
    ("a\0b\x07c\x08d\x0be\x0cf\x7f", "a␀b␇c␈d␋e␌f␡"),
    ("\u{80}\u{84}\u{8e}\u{8f}\u{99}\u{9c}", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
    ("a\tb", "a   b"),
    ("\ta\tb\nabcd\te\n\t\tf", "    a   b\nabcd    e\n        f"),
    ("日本\tx\n日\ty\u{200b}\tz", "日本    x\n日  y⟨U+200B⟩   z"),
    ("1\r\n2\r3\n4\u{85}5\u{2028}6\u{2029}7\n\r8", "1\n2\n3\n4\n5\n6\n7\n\n8"),
    // A complete CSI sequence becomes one sign: with intermediate bytes, private parameters, colours.
    ("\x1b[2Jgone", "␛gone"),
    ("\x1b[31mred\x1b[0m", "␛red␛"),
    ("\x1b[?1049h\x1b[>1u\x1b[1;2 q\x1b[38:2::1:2:3mx", "␛␛␛␛x"),
    ("\u{9b}31mred", "␛red"),
    // String sequences, with each of their terminators.
    ("\x1b]0;title\x07x", "␛x"),
    ("\x1b]0;title\x1b\\x", "␛x"),
    ("\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "␛click␛"),
    ("\x1b]52;c;aGk=\u{9c}x", "␛x"),
    ("\u{9d}52;c;aGk=\x07x", "␛x"),
    ("\x1bP1$r\x1b\\x\x1b_Gf=100;\x1b\\y\x1bXsos\x1b\\z\x1b^pm\x1b\\", "␛x␛y␛z␛"),
    ("\u{90}q\u{9c}x\u{9f}a\u{9c}y\u{98}s\u{9c}z\u{9e}p\u{9c}", "␛x␛y␛z␛"),
    // Sequences of two or three characters: reset, character sets, single shifts, keypad.
    ("\x1bcx\x1b(0y\x1bNz\x1bO.\x1b=\x1b#8", "␛x␛y␛z␛.␛␛"),
    // Unterminated sequences hide nothing.
    ("\x1b", "␛"),
    ("\x1b[31", "␛[31"),
    ("\x1b[3é", "␛[3é"),
    ("\x1b]0;never\nended", "␛]0;never\nended"),
    ("\x1b]0;cut\x1b[31mx", "␛]0;cut␛x"),
    ("\u{9b}", "\u{fffd}"),
    ("\u{9d}0;never", "\u{fffd}0;never"),
    ("\x1b\x1b\x1b[mx", "␛␛␛x"),
    // Direction controls.
    ("txt.\u{202e}exe", "txt.⟨U+202E⟩exe"),
    ("\u{202a}\u{202b}\u{202c}\u{202d}", "⟨U+202A⟩⟨U+202B⟩⟨U+202C⟩⟨U+202D⟩"),
    ("\u{2066}\u{2067}\u{2068}\u{2069}", "⟨U+2066⟩⟨U+2067⟩⟨U+2068⟩⟨U+2069⟩"),
    ("\u{200e}\u{200f}\u{61c}", "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
    // Invisible characters.
    ("pay\u{200b}pal", "pay⟨U+200B⟩pal"),
    ("a\u{2060}b\u{feff}c\u{ad}d\u{180e}e", "a⟨U+2060⟩b⟨U+FEFF⟩c⟨U+00AD⟩d⟨U+180E⟩e"),
    ("\u{115f}\u{1160}", "⟨U+115F⟩⟨U+1160⟩"),
    ("\u{3164}|\u{ffa0}", "⟨U+3164⟩|⟨U+FFA0⟩"),
    ("\u{fff9}a\u{fffa}b\u{fffb}", "⟨U+FFF9⟩a⟨U+FFFA⟩b⟨U+FFFB⟩"),
    ("\u{2061}\u{2064}\u{206a}\u{206f}", "⟨U+2061⟩⟨U+2064⟩⟨U+206A⟩⟨U+206F⟩"),
    ("hi\u{e0041}\u{e007f}", "hi⟨U+E0041⟩⟨U+E007F⟩"),
    ("🏴\u{e0067}\u{e0062}", "🏴⟨U+E0067⟩⟨U+E0062⟩"),
    ("a\u{fe0f}b\u{e0100}", "a⟨U+FE0F⟩b⟨U+E0100⟩"),
    ("☕\u{fe0f}\u{fe0f}", "☕\u{fe0f}⟨U+FE0F⟩"),
    ("a\u{200d}b\u{200c}c", "a⟨U+200D⟩b⟨U+200C⟩c"),
    ("\u{200d}\u{200c}", "⟨U+200D⟩⟨U+200C⟩"),
    ("ن\u{200c}\u{200c}", "ن\u{200c}⟨U+200C⟩"),
    ("👩\u{200d}", "👩⟨U+200D⟩"),
    ("o\u{34f}", "o⟨U+034F⟩"),
    ("\u{200b}\u{200b}\u{200b}x\u{200b}", "⟨U+200B×3⟩x⟨U+200B⟩"),
    // Noncharacters.
    ("\u{fdd0}\u{ffff}\u{10fffe}", "\u{fffd}\u{fffd}\u{fffd}"),
];

/// Legitimate text, which stays unchanged.
#[rustfmt::skip]
const LEGITIMATE: &[&str] = &[
    "Hello,\nworld", "Grüße, ça va?", "Tiếng Việt: ờ ậ ễ, tiê\u{301}ng Viê\u{323}t",
    "日本語 葛\u{e0100} 한국어 \u{1112}\u{1161}\u{11ab}", "ｶﾞｷﾞ",
    "👨‍👩‍👧 👩🏽‍👩🏽‍👧🏽‍👦🏽 👩🏽‍❤️‍💋‍👨🏽 🏳️‍🌈 ❤️‍🔥", "☕ ☕️ ☕\u{fe0e} 1️⃣ #️⃣ *️⃣ ©️ ℹ️", "🇩🇪🇫🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽",
    "می‌خواهم", "ن‌ ن‍", "العربيَّة", "שָׁלוֹם בְּרֵאשִׁ֖ית", "क्षि क्‍ष क्‌ष र्त्स्न्य", "ท่ี ก๊ก กำ", "བརྒྱུད་", "ᠮᠣᠩᠭᠣᠯ᠋",
    "g\u{308}\u{323}", "\u{e0b0} \u{f8ff} \u{f0001}", "\u{a0}\u{202f}\u{3000}", "⣿⠀⣿", "⟨U+zz⟩ ⟨U+0041⟩ ⟨x⟩",
];

#[test]
fn hostile_text_is_made_visible() {
    for (raw, shown) in TABLE {
        assert_eq!(&*SafeText::block(raw), *shown, "{raw:?}");
        let line = shown.replace('\n', " ");
        assert_eq!(&*SafeText::line(raw), line, "{raw:?}");
    }
}

#[test]
fn legitimate_text_is_unchanged() {
    for text in LEGITIMATE {
        assert_eq!(&*SafeText::block(text), *text);
        assert_eq!(SafeText::block(text).editable(), *text);
    }
}

#[test]
fn editable_text_equals_what_was_written() {
    for written in ["שלום \u{200f}(1) ⟨U+zz⟩", "pay\u{200b}\u{200b}pal\u{ad}", "⟨U+⟨U+⟨U+001B⟩", "🏴\u{e0067}"]
    {
        let safe = SafeText::block(written);
        assert_eq!(safe.editable(), written);
        assert_eq!(SafeText::block(&safe.editable()), safe);
    }
}

#[test]
fn tabs_are_kept_beside_the_spaces_on_screen() {
    for (raw, shown) in [("a\tb", "a   b"), ("\tx\n  y\t\tz ", "    x\n  y     z "), ("日\t\u{200b}", "日  ⟨U+200B⟩")]
    {
        let text = SafeText::block(raw);
        assert_eq!((text.as_str(), text.editable().as_str()), (shown, raw));
        assert_eq!(serde_json::to_string(&text).unwrap(), serde_json::to_string(text.with_tabs()).unwrap());
        let read: SafeText = serde_json::from_str(&serde_json::to_string(&text).unwrap()).unwrap();
        assert_eq!((read.as_str(), read.with_tabs()), (shown, text.with_tabs()));
        assert_eq!(text, SafeText::block(shown), "they look the same");
    }
    assert_eq!(SafeText::line("a\tb").with_tabs(), "a   b");
}

#[test]
fn texts_without_tabs_differ_only_in_what_is_said() {
    let differ = |a: &str, b: &str| SafeText::block(a).differs_only_in_tabs(&SafeText::block(b));
    assert!(differ("a    b", "a\tb") && differ("a   b", "a\tb"));
    assert!(!differ("a\tb", "a\tb") && !differ("a  b", "a   b") && !differ("a    b", "a\tc"));
}

#[test]
fn badges_typed_by_hand_expand_within_bounds() {
    let bomb = SafeText::block(&"⟨U+200B×99⟩".repeat(100));
    assert_eq!(bomb.editable().chars().count(), 9900);
    for text in ["⟨U+200B×100⟩", "⟨U+200B×0⟩", "⟨U+200B×-1⟩", "⟨U+000000000000200B⟩", "⟨U+D800⟩", "⟨U+001B⟩"]
    {
        assert_eq!(SafeText::block(text).editable(), text);
    }
}

#[test]
fn long_runs_of_marks_are_cut() {
    let zalgo = format!("a{}", "\u{301}".repeat(100));
    assert_eq!(SafeText::line(&zalgo).chars().count(), 1 + MAX_MARKS);
    let badges = SafeText::line(&"\u{200b}".repeat(250)).to_string();
    assert_eq!(badges, "⟨U+200B×99⟩⟨U+200B×99⟩⟨U+200B×52⟩");
}

#[test]
fn graphemes_have_a_maximum_width() {
    let chains = ["👩\u{200d}", "\u{1100}", "क\u{94d}", "\u{600}", "का", "👍🏽\u{200d}", "🏽", "\u{93e}", "\u{1161}"];
    for link in chains {
        let safe = SafeText::block(&link.repeat(500));
        let widest = safe.graphemes(true).map(crate::text::width).max().unwrap_or_default();
        let longest = safe.graphemes(true).map(|grapheme| grapheme.chars().count()).max().unwrap_or_default();
        assert!(
            widest <= 2 * MAX_JOINED + 1 && longest <= MAX_JOINED * (MAX_MARKS + 1) + 1,
            "{link}: {widest} {longest}"
        );
    }
}

#[test]
fn repeated_prefixes_take_linear_time() {
    for part in
        ["\x1b]", "\x1b[", "\u{9d}x", "\x1bP;", "\x1b ", "⟨U+", "a\u{301}", "\u{200b}\u{200c}", "👩\u{200d}", "\u{600}"]
    {
        let safe = SafeText::block(&part.repeat(1 << 15));
        assert!(!safe.editable().is_empty());
    }
    let flag = SafeText::block(&format!("🏴{}\u{e007f}", "\u{e0061}".repeat(1 << 16)));
    assert!(!flag.editable().is_empty());
}

#[test]
fn stand_alone_characters_pass_unchanged() {
    for c in (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| stands_alone(*c)) {
        for text in [format!("{c}{c}"), format!("a{c}日"), format!("{c}한é")] {
            assert_eq!(text.graphemes(true).count(), text.chars().count(), "{text}");
            let mut writer = Writer { keep_lines: true, ..Writer::default() };
            text.graphemes(true).for_each(|grapheme| writer.grapheme(grapheme));
            assert_eq!(writer.out, text);
        }
    }
}

/// Generates text from fragments that are likely to interact badly.
fn pieces() -> impl Strategy<Value = String> {
    let table = TABLE.iter().map(|(raw, _)| (*raw).to_owned());
    let legitimate = LEGITIMATE.iter().map(|text| (*text).to_owned());
    let chars = "\x1b\u{9b}\u{9c}\u{9d}[]P0;m\\\x07\u{301}\u{94d}क\u{200d}\u{200c}\u{fe0f}👩🏽🏴\u{e0067}\u{e007f}\u{1100}\u{600}\u{fffd}⟨⟩U+200B×3 \u{34f}\u{180b}ᠮ\r\n🇩";
    let chars: Vec<String> = chars.chars().map(String::from).collect();
    let any = prop_oneof![
        1 => prop::sample::select(table.collect::<Vec<_>>()),
        1 => prop::sample::select(legitimate.collect::<Vec<_>>()),
        6 => prop::sample::select(chars),
        2 => any::<char>().prop_map(String::from),
        1 => "[ -~]{0,4}",
    ];
    prop::collection::vec(any, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn sanitising_is_safe_and_idempotent(raw in pieces()) {
        for safe in [SafeText::block(&raw), SafeText::line(&raw)] {
            let forbidden = |c: char| (c.is_control() && c != '\n') || is_always_badged(c) || is_noncharacter(c);
            prop_assert!(!safe.contains(forbidden), "{safe:?}");
            prop_assert!(safe.len() <= 6 * raw.len() + 4);
            let again = SafeText::block(&safe);
            prop_assert_eq!(&again, &safe);
            let is_hidden = |c: char| forbidden(c) && c != '\t';
            prop_assert!(!safe.with_tabs().contains(is_hidden), "{safe:?}");
            let again = SafeText::block(safe.with_tabs());
            prop_assert_eq!((again.as_str(), again.with_tabs()), (safe.as_str(), safe.with_tabs()));
            prop_assert!(safe.graphemes(true).all(|grapheme| crate::text::width(grapheme) <= 2 * MAX_JOINED + 1));
        }
        prop_assert!(!SafeText::line(&raw).contains('\n'));
        prop_assert_eq!(SafeText::line(&SafeText::block(&raw)), SafeText::line(&raw));
    }

    #[test]
    fn unchanged_edit_round_trips(raw in pieces()) {
        let safe = SafeText::block(&raw);
        // Only after the first edit: a badge expands to a character that may be legitimate in its new place.
        prop_assert_eq!(SafeText::block(&safe.editable()).editable(), safe.editable());
    }
}
