//! Takes secrets out of text that is to be read by people: what was given away by mistake is `***`.
//!
//! The last line of defence: nothing that is written here holds a secret in the first place. A server may send one back,
//! though, and a library may put an address with one into its error.

/// A secret shorter than this hides nothing: it would be found in every other word.
const SHORTEST: usize = 4;

/// What stands for a secret.
const HIDDEN: &str = "***";

/// `text` without any of `secrets`, as they are, percent-encoded or in base64, and without what follows `Bearer` or
/// `auth=`.
pub fn hide<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = text.to_owned();
    for secret in secrets.into_iter().filter(|secret| secret.chars().count() >= SHORTEST) {
        for form in forms(secret) {
            if out.contains(&form) {
                out = out.replace(&form, HIDDEN);
            }
        }
    }
    for mark in ["Bearer ", "bearer ", "Bearer%20", "Bearer+", "auth=", "apiKey=", "api_key="] {
        if out.contains(mark) {
            out = after(&out, mark);
        }
    }
    out
}

/// Replaces the word after each `mark`.
fn after(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, found)) = rest.split_once(mark) {
        out.push_str(before);
        out.push_str(mark);
        let end = found.find(|c: char| c.is_whitespace() || "\"'&,;)}]<>".contains(c)).unwrap_or(found.len());
        let word = &found[..end];
        if word.starts_with("Bearer") {
            // Another mark; the secret stands behind that.
            rest = found;
            continue;
        }
        out.push_str(if word.is_empty() || word == "null" { word } else { HIDDEN });
        rest = &found[end..];
    }
    out.push_str(rest);
    out
}

/// A secret as it may stand in text.
fn forms(secret: &str) -> [String; 6] {
    let standard = base64(secret, b"+/");
    let bare = standard.trim_end_matches('=').to_owned();
    let url = base64(secret, b"-_").trim_end_matches('=').to_owned();
    [secret.to_owned(), percent(secret, "%20"), percent(secret, "+"), standard, bare, url]
}

fn percent(text: &str, blank: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' => out.push_str(blank),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn base64(text: &str, last_two: &[u8; 2]) -> String {
    let letter = |six: u32| {
        char::from(match u8::try_from(six & 63).unwrap_or(0) {
            six @ 0..=25 => b'A' + six,
            six @ 26..=51 => b'a' + six - 26,
            six @ 52..=61 => b'0' + six - 52,
            62 => last_two[0],
            _ => last_two[1],
        })
    };
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for three in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at <= three.len() {
                out.push(letter(bits >> (18 - 6 * at)));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "k3y & m\u{f6}re?";

    #[test]
    fn a_secret_is_hidden_in_each_of_its_forms() {
        // printf 'k3y & m\xc3\xb6re?' | base64
        for form in [KEY, "k3y%20%26%20m%C3%B6re%3F", "k3y+%26+m%C3%B6re%3F", "azN5ICYgbcO2cmU/", "azN5ICYgbcO2cmU_"] {
            assert_eq!(hide(&format!("<{form}> {form}"), [KEY]), "<***> ***", "{form}");
        }
        assert_eq!(base64("a", b"+/"), "YQ==");
        assert_eq!(base64("ab", b"+/"), "YWI=");
    }

    #[test]
    fn what_is_in_a_header_or_a_query_is_hidden_although_nobody_knows_it() {
        let told = "wss://x/?auth=Bearer%20eyJ.a.b&EIO=4 authorization: Bearer eyJ.a.b, (\"Bearer eyJ\")";
        let hidden = "wss://x/?auth=Bearer%20***&EIO=4 authorization: Bearer ***, (\"Bearer ***\")";
        assert_eq!(hide(told, []), hidden);
        assert_eq!(hide(hidden, []), hidden);
        assert_eq!(hide("Bearer null; the Bearer ", []), "Bearer null; the Bearer ");
        assert_eq!(hide("Bearer Bearer eyJ auth=Bearer eyJ", []), "Bearer Bearer *** auth=Bearer ***");
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_spoils_no_text() {
        assert_eq!(hide("a key", ["k", "", "key"]), "a key");
    }
}
