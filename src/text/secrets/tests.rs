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

#[test]
fn long_runs_of_escapes_take_linear_time() {
    let secrets: Secrets = [KEY, "\\\\\\\\x", "%%%%%x"].into_iter().collect();
    for run in ["\\", "%25", "\\u005c", "%"] {
        let text = run.repeat(20_000);
        assert!(!secrets.redact(&text).is_empty());
    }
}

/// Writes each character of `secret` in one of its encodings, which `choices` select.
fn encoded(secret: &str, choices: &[u8]) -> String {
    let mut out = String::new();
    for (c, choice) in secret.chars().zip(choices.iter().cycle()) {
        match choice % 4 {
            0 => out.push_str(&percent_encode(&c.to_string())),
            1 => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
            2 => out.push_str(serde_json::Value::from(c.to_string()).to_string().trim_matches('"')),
            _ => out.push(c),
        }
    }
    out
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
        let text = format!("{before}<{}>{after}", encoded(&secret, &choices));
        let redacted = secrets.redact(&text);
        prop_assert!(redacted.contains("<***>") || !redacted.contains('<'), "{text} {redacted}");
    }
}
