use proptest::prelude::*;

use crate::text::percent_encode;

use super::*;

const KEY: &str = "k3y & m\u{f6}re?";

fn redact<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    secrets.into_iter().collect::<Secrets>().redact(text)
}

#[test]
fn secrets_are_masked_in_every_encoding() {
    // printf 'k3y & m\xc3\xb6re?' | base64
    for encoded in [
        KEY,
        "k3y%20%26%20m%C3%B6re%3F",
        "k3y+%26+m%c3%b6re%3f",
        "k3y \\u0026 m\\u00f6re?",
        "azN5ICYgbcO2cmU/",
        "azN5ICYgbcO2cmU_",
    ] {
        assert_eq!(redact(&format!("<{encoded}> {encoded}"), [KEY]), "<***> ***", "{encoded}");
    }
}

#[test]
fn secret_that_contains_another_is_masked_as_a_whole() {
    for secrets in [["abcd", "xabcdx"], ["xabcdx", "abcd"]] {
        assert_eq!(redact("xabcdx abcd", secrets), "*** ***");
    }
}

#[test]
fn unknown_tokens_after_markers_are_masked() {
    let raw = "wss://x/?auth=Bearer%20eyJ.a.b&EIO=4 authorization: Bearer eyJ.a.b, (\"Bearer eyJ\")";
    let masked = "wss://x/?auth=Bearer%20***&EIO=4 authorization: Bearer ***, (\"Bearer ***\")";
    assert_eq!(redact(raw, []), masked);
    assert_eq!(redact(masked, []), masked);
    assert_eq!(redact("Bearer null; the Bearer ", []), "Bearer null; the Bearer ");
    assert_eq!(redact("Bearer Bearer eyJ auth=Bearer eyJ", []), "Bearer Bearer *** auth=Bearer ***");
    assert_eq!(redact("auth=a key with spaces.", ["a key with spaces"]), "auth=***.");
}

#[test]
fn short_secrets_are_ignored() {
    assert_eq!(redact("a key", ["k", "", "key"]), "a key");
}

#[test]
fn cut_never_falls_into_a_secret() {
    let secrets: Secrets = ["s3cret-key"].into_iter().collect();
    assert_eq!(secrets.redact_first_chars("no s3cret-key here", 4), "no *…");
    assert_eq!(secrets.redact_first_chars("no s3cret-key", 6), "no ***");
    assert_eq!(secrets.redact_first_chars("no s3cret-key.", 6), "no ***…");
}

/// The secret was found neither in base64 that was encoded once more or wrapped, nor in entities, nor in hexadecimal.
#[test]
fn secrets_are_masked_in_encodings_of_encodings() {
    let key = "sEcr+t/k3y\"Zq9??>xx";
    // printf 'xysEcr+t/k3y"Zq9??>xx' | base64
    for (encoded, masked) in [
        ("eHlzRWNyK3QvazN5IlpxOT8%2FPnh4", "eHl***"),
        ("eHlzRWNyK3QvazN5IlpxOT8\\/Pnh4", "eHl***"),
        ("eHlzRWNyK3Qv\nazN5IlpxOT8/Pnh4", "eHl***"),
        ("eHlzRWNyK3Qv\\r\\nazN5IlpxOT8\\u002fPnh4", "eHl***"),
        ("eHlzRWNyK3QvazN5IlpxOT8&#x2F;Pnh4", "eHl***"),
        ("sEcr+t/k3y&quot;Zq9??&gt;xx", "***"),
        ("&#x73;&#69;cr&plus;t&#x2F;k3y&amp;quot;Zq9??&gt;xx", "***"),
        ("734563722b742f6b3379225a71393f3f3e7878", "***"),
        ("734563722B742F6B3379225A71393F3F3E7878", "***"),
        ("SECR+T/K3Y\"ZQ9??>XX", "***"),
        ("secr%2bt%2fk3y%22zq9%3f%3f%3exx", "***"),
        ("sEcr\0+t/k3y\"Zq9??>xx", "***"),
        ("sEcr\n+t/k3y\"Zq9??>xx", "***"),
        ("sEcr\u{200b}+t/k3y\"Zq9??>xx", "***"),
        ("sEcr⟨U+200B⟩+t/k3y\"Zq9??>xx", "***"),
        ("sEcr +t/k3y\"Zq9??>xx", "***"),
    ] {
        assert_eq!(redact(&format!("<{encoded}> {encoded}"), [key]), format!("<{masked}> {masked}"), "{encoded:?}");
    }
    let utf16: String = key.chars().map(|c| format!("{c}\0")).collect();
    assert_eq!(redact(&format!("<{utf16}>"), [key]), "<***\0>");
    assert_eq!(redact("a\u{200b}b ab cd ABCD a b", ["abcd"]), "a\u{200b}b ab cd ABCD a b");
}

/// A key may contain characters that are not shown, and be repeated with or without them.
#[test]
fn secret_with_invisible_characters_is_masked_without_them() {
    for text in ["hun\0ter\u{200b}2", "hunter2", "hun␀ter⟨U+200B⟩2", "hun\\u0000ter2", "hun%00ter%E2%80%8B2"] {
        assert_eq!(redact(text, ["hun\0ter\u{200b}2"]), "***", "{text:?}");
    }
}

#[test]
fn long_runs_of_escapes_take_linear_time() {
    let secrets: Secrets = [KEY, "\\\\\\\\x", "%%%%%x", "kkkkkk&&&&&&xxxxxxxx"].into_iter().collect();
    for run in [
        "\\",
        "%25",
        "\\u005c",
        "%",
        "&",
        "&amp;",
        "&#",
        "k",
        "k\0",
        "k⟨U+200B⟩",
        "k\u{1b}]",
        "k     ",
        "6b",
        "auth=Bearer%20",
    ] {
        let text = run.repeat(10_000);
        assert!(!secrets.redact(&text).is_empty());
    }
}

/// Writes each character of `secret` in one of its encodings, which `choices` select.
fn encoded(secret: &str, choices: &[u8]) -> String {
    let mut out = String::new();
    for (c, choice) in secret.chars().zip(choices.iter().cycle()) {
        match choice % 8 {
            0 => out.push_str(&percent_encode(&c.to_string())),
            1 => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
            2 => out.push_str(serde_json::Value::from(c.to_string()).to_string().trim_matches('"')),
            3 => out.push_str(&format!("&#{};", u32::from(c))),
            4 => out.push_str(&format!("&#x{:X};", u32::from(c))),
            5 => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            6 => out.push_str(&format!("{}\u{200b}", escape_html(c))),
            _ => out.push(c),
        }
    }
    out
}

fn escape_html(c: char) -> String {
    match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '"' => "&quot;".to_owned(),
        _ => c.to_string(),
    }
}

proptest! {
    #[test]
    fn encoded_secret_is_masked_wherever_it_stands(
        secret in "[a-zA-Z0-9+/=&?é€😀 ._~-]{4,40}",
        before in "[g-z ]{0,30}",
        after in "[g-z ]{0,30}",
        choices in prop::collection::vec(any::<u8>(), 1..8),
    ) {
        let secrets: Secrets = [secret.as_str()].into_iter().collect();
        // Without the last digit, of which some bits belong to what follows.
        let base64 = base64::forms(&secret).swap_remove(0);
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
        for written in [&secret, &base64, &hexadecimal] {
            // The last character of a form may be followed by an ignored one.
            let text = format!("{before}<{}>{after}", encoded(written, &choices).trim_end_matches('\u{200b}'));
            let redacted = secrets.redact(&text);
            prop_assert!(redacted.contains("<***>") || !redacted.contains('<'), "{text} {redacted}");
        }
    }

    /// The places that are skipped because of their first two bytes are those where nothing starts.
    #[test]
    fn skipped_places_hold_no_secret(
        secret in "[a-zA-Z0-9+/=&?é€😀 ._~%\\\\-]{4,20}",
        noise in "[a-f0-9%&+\\\\\" u#;xé\u{200b}-]{0,40}",
        choices in prop::collection::vec(any::<u8>(), 1..8),
    ) {
        let quick: Secrets = [secret.as_str()].into_iter().collect();
        let thorough = Secrets { starts: Starts::everything(), ..quick.clone() };
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
        let base64 = base64::forms(&secret).swap_remove(0);
        for written in [&secret, &base64, &hexadecimal, &secret.to_uppercase()] {
            let text = format!("{noise}{}{noise}auth={noise}", encoded(written, &choices));
            prop_assert_eq!(quick.redact(&text), thorough.redact(&text), "{}", text);
        }
    }
}
