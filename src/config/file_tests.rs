//! What `file.rs` reads and refuses.

use super::*;

fn problems(text: &str) -> Vec<String> {
    match File::parse("c.toml", text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_whole_file_is_read() {
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
        help = ["f1", "f3"]
    "#;
    let file = File::parse("c.toml", text).expect("nothing is wrong with it");
    let work = &file.profiles["work"];
    assert_eq!(
        work["api_key"].value,
        Value::Secret(KeySource::Command(["pass", "show", "minchat"].map(str::to_owned).to_vec()))
    );
    assert_eq!(work["user"].place.to_string(), "c.toml:7:16");
    assert_eq!(file.general["mouse"].value, Value::Switch(false));
    assert_eq!(file.profiles["home"]["api_key"].value, Value::Secret(KeySource::Env("HOME_KEY".into())));
    assert_eq!(file.keymap.shown(Action::Quit), "Ctrl+D");
}

#[test]
fn every_problem_is_told_with_its_place_and_a_suggestion() {
    let text = "default_profile = \"wrk\"\nthem = \"dark\"\nmouse = \"yes\"\nurl = \"https://x\"\n[profiles.work]\n\
                apikey = \"k\"\npassword = \"t\"\nuser = 7\nascii = 1\n[keys]\nquitt = \"q\"\nquit = \"hyper+q\"\n";
    assert_eq!(
        problems(text),
        [
            "c.toml:1:19: There is no profile `wrk`. Did you mean `work`?",
            "c.toml:2:1: There is no key `them`. Did you mean `theme`?",
            "c.toml:3:9: `mouse` must be true or false, without quotes, this is a string.",
            "c.toml:4:1: `url` belongs in a profile. Move it below `[profiles.NAME]`.",
            "c.toml:6:1: There is no key `apikey`. Did you mean `api_key`?",
            "c.toml:7:1: There is no key `password` in a profile. There are no passwords: a profile has `user`, and `api_key` or \
             `token`.",
            "c.toml:8:8: `user` must be a text in quotes, this is an integer.",
            "c.toml:9:9: `ascii` must be true or false, without quotes, this is an integer.",
            "c.toml:11:1: There is no action `quitt`. Did you mean `quit`?",
            "c.toml:12:8: `hyper+q` is not a key; write it like `ctrl+k`, `alt+shift+up`, `f1` or `e`.",
        ]
    );
}

#[test]
fn a_key_bound_twice_is_refused_where_it_is_written() {
    let sentence = "`Ctrl+K` is bound to both `switcher` and `quit`; give one of them another key.";
    assert_eq!(problems("[keys]\nquit = \"ctrl+k\"\n"), [format!("c.toml:2:1: {sentence}")]);
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    let found = problems("theme = \"dark\"\nascii = \n");
    assert!(found[0].starts_with("c.toml:2:"), "{found:?}");
    let found = problems("theme = \"dark\"\ntheme = \"light\"\n");
    assert!(found[0].starts_with("c.toml:2:1: This is not TOML"), "{found:?}");
}

#[test]
fn what_does_nothing_is_refused() {
    let found = problems("[profiles.a]\nurl = \"https://x\"\nallow_plain_http = true\n");
    assert!(found[0].starts_with("c.toml:3:20: `allow_plain_http` does nothing"), "{found:?}");
    let found = problems("[profiles.a]\napi_key = { env = \"A\", command = [\"b\"] }\n");
    assert!(found[0].contains("one of them"), "{found:?}");
    assert!(problems("theme = \"\"\n")[0].contains("`theme` is empty"));
}

#[test]
fn a_secret_stands_in_no_problem_and_no_debug_output() {
    let text = "[profiles.a]\napi_key = \"hunter2\"\nnope = 1\n";
    assert!(!problems(text).concat().contains("hunter2"));
    let file = File::parse("c.toml", "[profiles.a]\napi_key = \"hunter2\"\n").expect("sound");
    assert!(!format!("{file:?}").contains("hunter2"));
}

#[test]
fn a_command_is_a_list_of_texts_and_is_refused_where_it_is_not() {
    let file = File::parse("c.toml", "[profiles.a]\ncall_command = [\"meet\", \"{room}\"]\n").expect("sound");
    let expected = Value::Command(["meet", "{room}"].map(str::to_owned).to_vec());
    assert_eq!(file.profiles["a"]["call_command"].value, expected);
    for (written, told) in [
        ("\"meet {room}\"", "c.toml:2:16: `call_command` must be a list of texts, since no shell reads it"),
        ("[]", "c.toml:2:16: `call_command` is empty."),
        ("7", "c.toml:2:16: `call_command` must be a list of texts, this is an integer."),
        ("[\"meet\",\n  7]", "c.toml:3:3: `call_command` must be a text in quotes, this is an integer."),
        ("[\"meet\", \"\"]", "c.toml:2:25: `call_command` is empty."),
    ] {
        let found = problems(&format!("[profiles.a]\ncall_command = {written}\n"));
        assert!(found[0].starts_with(told), "{found:?}");
        assert_eq!(found.len(), 1);
    }
    assert!(problems("call_command = [\"x\"]\n")[0].contains("belongs in a profile"));
}
