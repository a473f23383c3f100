//! Tests of parsing the configuration file.

use super::*;

fn problems(text: &str) -> Vec<String> {
    match File::parse("c.toml", text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn valid_file_is_parsed() {
    let text = r#"
        default_profile = "work"
        theme = "light"
        mouse = false
        [profiles.work]
        api_key = { command = ["pass", "show", "minchat"] }
        user = "alice"
        [profiles.home]
        url = "http://10.0.0.1:4000"
        allow_plain_http = true
        api_key = { env = "HOME_KEY" }
        [keys]
        quit = "ctrl+d"
        help = ["f1", "f6"]
    "#;
    let file = File::parse("c.toml", text).expect("a valid file");
    let work = &file.profiles["work"];
    assert_eq!(
        work["api_key"].value,
        Value::Secret(SecretSource::Command(["pass", "show", "minchat"].map(str::to_owned).to_vec()))
    );
    assert_eq!(work["user"].location.to_string(), "c.toml:7:16");
    assert_eq!(file.general["mouse"].value, Value::Switch(false));
    assert_eq!(file.profiles["home"]["api_key"].value, Value::Secret(SecretSource::Env("HOME_KEY".into())));
    assert_eq!(file.keymap(Preset::Default).expect("valid").shown(Action::Quit), "Ctrl+D");
}

#[test]
fn every_problem_has_a_location_and_advice() {
    let text = "default_profile = \"wrk\"\nthem = \"dark\"\nmouse = \"yes\"\nurl = \"https://x\"\n[profiles.work]\n\
                apikey = \"k\"\npassword = \"t\"\nuser = 7\nascii = 1\n[keys]\nquitt = \"q\"\nquit = \"crtl+q\"\n";
    assert_eq!(
        problems(text),
        [
            "c.toml:1:19: Unknown profile `wrk`. Did you mean `work`?",
            "c.toml:2:1: Unknown key `them`. Did you mean `theme`?",
            "c.toml:3:9: `mouse` must be true or false without quotes, not a string.",
            "c.toml:4:1: `url` belongs in a profile. Move it below `[profiles.NAME]`.",
            "c.toml:6:1: Unknown key `apikey`. Did you mean `api_key`?",
            "c.toml:7:1: Unknown key `password`. Accounts have no password. Set `user`, and `api_key` or `token`.",
            "c.toml:8:8: `user` must be text in quotes, not an integer.",
            "c.toml:9:9: `ascii` must be true or false without quotes, not an integer.",
            "c.toml:11:1: Unknown action `quitt`. Did you mean `quit`?",
            "c.toml:12:8: `crtl+q` is not a key; write it like `ctrl+k`, `alt+shift+up`, `f1` or `e`.",
        ]
    );
}

#[test]
fn key_bound_twice_is_reported_at_its_location() {
    let sentence = "`F10` is bound to both `switcher` and `quit`; give one of them another key.";
    let file = File::parse("c.toml", "[keys]\nswitcher = \"f10\"\nquit = \"f10\"\n").expect("each binding is valid");
    let (location, found) = file.keymap(Preset::Default).expect_err("a conflict");
    assert_eq!((location.map(|at| at.to_string()).as_deref(), found.as_str()), (Some("c.toml:3:1"), sentence));
}

#[test]
fn invalid_toml_is_reported_with_its_line() {
    let found = problems("theme = \"dark\"\nascii = \n");
    assert!(found[0].starts_with("c.toml:2:"), "{found:?}");
    let found = problems("theme = \"dark\"\ntheme = \"light\"\n");
    assert!(found[0].starts_with("c.toml:2:1: Invalid TOML"), "{found:?}");
}

#[test]
fn ineffective_and_empty_values_are_reported() {
    let found = problems("[profiles.a]\nurl = \"https://x\"\nallow_plain_http = true\n");
    assert!(found[0].starts_with("c.toml:3:20: `allow_plain_http` has no effect"), "{found:?}");
    let found = problems("[profiles.a]\napi_key = { env = \"A\", command = [\"b\"] }\n");
    assert!(found[0].contains("exactly one of"), "{found:?}");
    assert!(problems("theme = \"\"\n")[0].contains("`theme` is empty"));
}

#[test]
fn secret_appears_in_no_problem_and_no_debug_output() {
    let text = "[profiles.a]\napi_key = \"hunter2\"\nnope = 1\n";
    assert!(!problems(text).concat().contains("hunter2"));
    let file = File::parse("c.toml", "[profiles.a]\napi_key = \"hunter2\"\n").expect("a valid file");
    assert!(!format!("{file:?}").contains("hunter2"));
}

#[test]
fn command_must_be_a_list_of_texts() {
    let file = File::parse("c.toml", "[profiles.a]\ncall_command = [\"meet\", \"{room}\"]\n").expect("a valid file");
    let expected = Value::Command(["meet", "{room}"].map(str::to_owned).to_vec());
    assert_eq!(file.profiles["a"]["call_command"].value, expected);
    for (written, expected) in [
        ("\"meet {room}\"", "c.toml:2:16: `call_command` must be a list, because it is not run by a shell"),
        ("[]", "c.toml:2:16: `call_command` is empty."),
        ("7", "c.toml:2:16: `call_command` must be a list of texts, not an integer."),
        ("[\"meet\",\n  7]", "c.toml:3:3: `call_command` must be text in quotes, not an integer."),
        ("[\"meet\", \"\"]", "c.toml:2:25: `call_command` is empty."),
    ] {
        let found = problems(&format!("[profiles.a]\ncall_command = {written}\n"));
        assert!(found[0].starts_with(expected), "{found:?}");
        assert_eq!(found.len(), 1);
    }
    assert!(problems("call_command = [\"x\"]\n")[0].contains("belongs in a profile"));
}

/// The cause was listed below its consequences.
#[test]
fn syntax_error_comes_first() {
    let problems = File::parse("c.toml", "thme = 1\nuser = \"me\nascii = true\n").expect_err("a missing quote");
    assert!(problems.0[0].sentence.starts_with("Invalid TOML"), "{problems}");
    assert!(problems.0.len() > 1, "{problems}");
}
