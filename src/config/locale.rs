//! The locale, as far as it tells which characters the terminal can show.

/// Environment variables that name the locale of characters, the decisive one first.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// Returns the environment variable that names the locale, if text in this locale is not UTF-8.
pub fn locale_without_utf8(variable: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    let set = |name: &&'static str| variable(name).filter(|value| !value.is_empty()).map(|value| (*name, value));
    let (name, locale) = VARIABLES.iter().find_map(set)?;
    (!is_utf8(&locale)).then_some(name)
}

/// Whether text in this locale is taken for UTF-8. It is unless the locale names another codeset, as in
/// `de_DE.ISO-8859-15@euro`, or is `C` or `POSIX`, which mean ASCII. Many locales without a codeset are UTF-8, such as
/// `en_IN` and `uz_UZ@cyrillic`; the few others predate the terminals that can run this program. Only `@euro` says that
/// the codeset is ISO-8859-15 (`SUPPORTED` of glibc).
fn is_utf8(locale: &str) -> bool {
    let (locale, modifier) = locale.split_once('@').unwrap_or((locale, ""));
    match locale.split_once('.') {
        Some((_, codeset)) => ["utf-8", "utf8"].contains(&codeset.to_ascii_lowercase().as_str()),
        None => modifier != "euro" && !["C", "POSIX"].contains(&locale),
    }
}
