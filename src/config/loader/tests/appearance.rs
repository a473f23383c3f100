//! Themes, characters, times and other options of appearance.

use super::*;

#[test]
fn no_color_selects_plain_unless_a_theme_is_set() {
    let home = Home::new("");
    assert_eq!(home.settings(ACCOUNT, &[("NO_COLOR", "1")]).theme.name, "plain");
    let chosen = [ACCOUNT, &[("theme", "light")]].concat();
    assert_eq!(home.settings(&chosen, &[("NO_COLOR", "1")]).theme.name, "light");
}

#[test]
fn clicolor_of_zero_selects_plain_unless_a_theme_is_set() {
    let home = Home::new("");
    assert_eq!(home.settings(ACCOUNT, &[("CLICOLOR", "0")]).theme.name, "plain");
    assert_eq!(home.settings(ACCOUNT, &[("CLICOLOR", "1")]).theme.name, "dark");
    let chosen = [ACCOUNT, &[("theme", "nord")]].concat();
    assert_eq!(home.settings(&chosen, &[("CLICOLOR", "0")]).theme.name, "nord");
}

#[test]
fn theme_follows_the_background_only_if_none_was_chosen() {
    let home = Home::new("");
    let follows = |theme, variables| home.settings(&[ACCOUNT, theme].concat(), variables).theme_follows_background;
    assert!(follows(&[], &[]) && follows(&[("theme", "auto")], &[]));
    assert!(!follows(&[("theme", "dark")], &[]) && !follows(&[], &[("NO_COLOR", "1")]));
}

#[test]
fn time_zone_is_checked() {
    let home = Home::new("time_zone = \"Mars/Olympus\"\n");
    let problems = home.problems(ACCOUNT, &[]);
    assert!(
        problems.contains(":1:13: Unknown time zone `Mars/Olympus`. Use a name such as Europe/Lisbon"),
        "{problems}"
    );
    let zone = Home::new("time_zone = \"UTC\"\n").settings(ACCOUNT, &[]).time_zone;
    assert_eq!(zone, Some(jiff::tz::TimeZone::UTC));
}

#[test]
fn theme_file_is_found_next_to_the_config_file() {
    let home = Home::new("");
    fs::write(home.dir.path().join("config/themes/mine.toml"), "inherit = \"dark\"\n").expect("a file");
    fs::write(home.dir.path().join("config/themes/bad.toml"), "txet = {}\n").expect("a file");
    assert_eq!(home.settings(&[ACCOUNT, &[("theme", "mine")]].concat(), &[]).theme.name, "mine");
    let problems = home.problems(&[ACCOUNT, &[("theme", "bad")]].concat(), &[]);
    assert_eq!(problems, "~/config/themes/bad.toml:1:1: Unknown role `txet`. Did you mean `text`?");
    assert!(home.problems(&[ACCOUNT, &[("theme", "../config")]].concat(), &[]).contains("Unknown theme `***`"));
}

/// Regression test: a locale without a codeset, such as `en_IN`, was taken for one without UTF-8.
#[test]
fn only_locales_without_utf8_are_drawn_in_ascii() {
    let home = Home::new("");
    let ascii = |locale| home.settings(ACCOUNT, &[("LANG", locale)]).ascii;
    let utf8 = ["en_IN", "hi_IN", "fa_IR", "uz_UZ@cyrillic", "de_DE.UTF-8", "sr_RS.utf8@latin", "C.UTF-8", "UTF-8", ""];
    for locale in utf8 {
        assert!(!ascii(locale), "{locale}");
    }
    for locale in
        ["C", "POSIX", "de_DE.ISO-8859-1", "de_DE.ISO-8859-15@euro", "de_DE@euro", "ja_JP.eucJP", "C.ISO-8859-1"]
    {
        assert!(ascii(locale), "{locale}");
    }
}

#[test]
fn mention_words_are_separated_by_commas() {
    let home = Home::new("mention_words = \" team, on call,,\"\n[profiles.a]\nuser = \"x\"\napi_key = \"k\"\n");
    assert_eq!(home.settings(&[], &[]).mention_words, ["team", "on call"]);
}
