//! Which addresses get the key of a profile.

use super::*;
use crate::config::remember_open_profiles;

const TWO: &str = r#"
[profiles.default]
api_key = "minchat-key"
user = "alice"
[profiles."my team"]
backend = "vchat"
url = "http://127.0.0.1:4711/"
api_key = "hash-key"
user = "alice@example.com"
"#;

const ELSEWHERE: (&str, &str) = ("url", "http://localhost:4700");

/// Opens these profiles last.
fn used_last(text: &str, names: &[&str]) -> Home {
    let home = Home::new(text);
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    remember_open_profiles(&home.dir.path().join("data"), &names, "a").expect("a file");
    home
}

/// Regression test: `--url ADDRESS --user bob` sent the key of the profile that was used last to that address.
#[test]
fn key_of_a_profile_nobody_named_stays_with_its_server() {
    let home = used_last(TWO, &["my team", "default"]);
    let user = ("user", "bob");
    assert_eq!(
        home.problems(&[ELSEWHERE, user], &[]),
        "--url: The hash key of the profile `my team` (used last) is only sent to the address of that profile. Add -P 'my \
         team' to send it to this address, or set another hash key with --api-key or in MINCHAT_API_KEY."
    );
    let api_key = home.problems(&[ELSEWHERE, user, ("backend", "minchat")], &[]);
    assert!(api_key.starts_with("--url: The API key of the profile `my team` (used last) is only sent"), "{api_key}");
    let variable = home.problems(&[user], &[("MINCHAT_URL", "http://localhost:4700")]);
    assert!(variable.starts_with("MINCHAT_URL: The hash key of the profile `my team`"), "{variable}");
    let default = Home::new(&format!("default_profile = \"default\"\n{TWO}")).problems(&[ELSEWHERE], &[]);
    assert!(default.starts_with("--url: The API key of the profile `default` (the default profile)"), "{default}");
    let only = Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"k\"\n").problems(&[ELSEWHERE], &[]);
    assert!(only.starts_with("--url: The API key of the profile `a` (the only one)"), "{only}");
    assert!(!format!("{default}{variable}").contains("minchat-key"), "no key is shown");
    let token = "[profiles.a]\nbackend = \"vchat\"\nurl = \"https://x.example\"\nuser = \"x\"\ntoken = \"t\"\n";
    let token = Home::new(token).problems(&[ELSEWHERE], &[]);
    assert!(token.ends_with("Add -P a to send it to this address, or set another token in MINCHAT_TOKEN."), "{token}");
    // A variable may have been set long ago.
    let named = &[("MINCHAT_PROFILE", "default")];
    let variable = home.problems(&[ELSEWHERE], named);
    assert!(variable.starts_with("--url: The API key of the profile `default` (MINCHAT_PROFILE)"), "{variable}");
    let both = [named[0], ("MINCHAT_URL", "http://localhost:4700")];
    assert_eq!(home.settings(&[], &both).api_key.reveal(), "minchat-key");
}

/// A program that prints the key may ask for a password.
#[test]
fn key_that_is_not_sent_is_not_fetched() {
    let home = Home::new("");
    let fetched = home.dir.path().join("fetched");
    let key = format!("api_key = {{ command = [\"touch\", \"{}\"] }}", fetched.display());
    let file = home.dir.path().join("config/config.toml");
    fs::write(file, format!("[profiles.a]\nuser = \"x\"\n{key}\n")).expect("a file");
    assert!(home.problems(&[ELSEWHERE], &[]).contains("is only sent to the address of that profile"));
    assert!(!fetched.exists());
}

#[test]
fn key_is_sent_where_it_is_meant_for() {
    let home = used_last(TWO, &["my team", "default"]);
    let key = |cli: &[(&'static str, &'static str)], variables: &[(&str, &str)]| {
        home.settings(cli, variables).api_key.reveal().to_owned()
    };
    assert_eq!(key(&[("url", "http://127.0.0.1:4711"), ("user", "bob")], &[]), "hash-key", "the own address");
    assert_eq!(key(&[ELSEWHERE, ("default_profile", "my team")], &[]), "hash-key", "named");
    assert_eq!(key(&[ELSEWHERE, ("default_profile", "default")], &[]), "minchat-key", "named");
    assert_eq!(key(&[ELSEWHERE, ("api_key", "mine")], &[]), "mine");
    assert_eq!(key(&[ELSEWHERE], &[("MINCHAT_API_KEY", "mine")]), "mine");
    let one = |text: &str, cli: &[(&'static str, &'static str)], variables: &[(&str, &str)]| {
        Home::new(text).settings(cli, variables).api_key.reveal().to_owned()
    };
    assert_eq!(one("[profiles.a]\nuser = \"x\"\napi_key = \"demo\"\n", &[ELSEWHERE], &[]), "demo", "a public key");
    let without_key = "[profiles.a]\nuser = \"x\"\n";
    assert_eq!(one(without_key, &[ELSEWHERE, ("api_key", "mine")], &[]), "mine");
    assert_eq!(one(without_key, &[ELSEWHERE], &[("MINCHAT_API_KEY", "mine")]), "mine");
    // The address of this profile is always in the variable.
    let without_address = "[profiles.a]\nbackend = \"vchat\"\nuser = \"x\"\napi_key = \"k\"\n";
    assert_eq!(one(without_address, &[], &[("MINCHAT_URL", "http://localhost:4711")]), "k");
    let minchat = Home::new(without_address).problems(&[("backend", "minchat")], &[]);
    assert!(minchat.starts_with("The API key of the profile `a` (the only one) is only sent"), "{minchat}");
}
