//! Which of the many places wins, and what is refused.

use std::fs;

use tempfile::TempDir;

use super::super::paths::Paths;
use super::super::secret::Secret;
use super::super::settings::Backend;
use super::*;

/// A home folder with a configuration in it.
struct Home {
    dir: TempDir,
}

impl Home {
    fn new(config: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(dir.path().join("config/themes")).expect("a folder");
        fs::write(dir.path().join("config/config.toml"), config).expect("a file");
        Self { dir }
    }

    fn load(&self, options: &[(&'static str, &str)], variables: &[(&str, &str)], purpose: Purpose) -> Loaded {
        let root = self.dir.path();
        let paths =
            Paths { home: Some(root.into()), config_dir: Some(root.join("config")), data_dir: Some(root.join("data")) };
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let given = Given(options.iter().map(|(key, value)| (*key, (*value).to_owned())).collect());
        load(&given, &Surroundings { variable: &variable, paths }, purpose)
    }

    fn settings(&self, options: &[(&'static str, &str)], variables: &[(&str, &str)]) -> Settings {
        match self.load(options, variables, Purpose::Account).outcome {
            Ok(settings) => settings,
            Err(problems) => panic!("{problems}"),
        }
    }

    fn problems(&self, options: &[(&'static str, &str)], variables: &[(&str, &str)]) -> String {
        let outcome = self.load(options, variables, Purpose::Account).outcome;
        outcome.expect_err("something is wrong").to_string().replace(&self.dir.path().display().to_string(), "~")
    }
}

const ACCOUNT: &[(&str, &str)] = &[("api_key", "k"), ("user", "alice")];

#[test]
fn a_key_and_a_user_suffice() {
    let settings = Home::new("").settings(ACCOUNT, &[]);
    assert_eq!((settings.url.as_str(), settings.profile.as_str()), ("https://api.minchat.io", "default"));
    assert_eq!((settings.user.as_str(), settings.name.as_str()), ("alice", "alice"));
    assert_eq!((settings.theme.name.as_str(), settings.ascii, settings.mouse), ("dark", false, true));
    assert!(settings.data_dir.ends_with("data"));
}

#[test]
fn the_option_beats_the_variable_beats_the_profile_beats_the_file() {
    let home = Home::new("theme = \"light\"\n[profiles.a]\nuser = \"carol\"\napi_key = \"k\"\ntheme = \"plain\"\n");
    let variables = &[("MINCHAT_USER", "bob"), ("MINCHAT_THEME", "light")];
    assert_eq!(home.settings(&[("user", "alice")], variables).user, "alice");
    assert_eq!(home.settings(&[], variables).user, "bob");
    assert_eq!(home.settings(&[], &[("MINCHAT_USER", "")]).user, "carol");
    assert_eq!(home.settings(&[], variables).theme.name, "light");
    assert_eq!(home.settings(&[], &[]).theme.name, "plain");
    assert!(!home.settings(&[], &[("MINCHAT_MOUSE", "0")]).mouse);
}

#[test]
fn nothing_at_all_says_what_to_do() {
    let problems = Home::new("").problems(&[], &[]);
    for part in ["--api-key", "MINCHAT_API_KEY", "`api_key = ", "--user", "MINCHAT_USER", "minchat-tui demo"] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    assert_eq!(problems.lines().count(), 2);
}

#[test]
fn a_profile_is_chosen_or_asked_for() {
    let home =
        Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"k\"\n[profiles.beta]\nuser = \"y\"\napi_key = \"k\"\n");
    assert_eq!(home.settings(&[("default_profile", "beta")], &[]).user, "y");
    assert_eq!(home.settings(&[], &[("MINCHAT_PROFILE", "a")]).user, "x");
    assert!(home.problems(&[], &[]).starts_with("There are several profiles: a, beta."));
    let typo = home.problems(&[("default_profile", "bta")], &[]);
    assert_eq!(typo, "--profile: There is no profile `bta`. Did you mean `beta`?");
}

#[test]
fn problems_of_values_stand_where_the_value_does() {
    let home = Home::new(
        "[profiles.a]\nuser = \"x\"\napi_key = { env = \"NOPE\" }\nurl = \"http://10.0.0.1\"\nbackend = \"vchta\"\n\
         ca_file = \"no.pem\"\ntheme = \"drak\"\n",
    );
    let problems = home.problems(&[], &[]);
    let lines: Vec<_> = problems.lines().collect();
    assert!(
        lines[0].starts_with("~/config/config.toml:5:11: There is no back end `vchta`. Did you mean `vchat`?"),
        "{problems}"
    );
    assert!(lines[1].starts_with("~/config/config.toml:4:7: `http://10.0.0.1` would send"), "{problems}");
    assert!(lines[2].starts_with("~/config/config.toml:3:11: The variable `NOPE`"), "{problems}");
    assert!(lines[3].starts_with("~/config/config.toml:6:11: The certificate file ~/config/no.pem"), "{problems}");
    assert!(lines[4].ends_with("There is no theme `drak`. Did you mean `dark`?"), "{problems}");
}

const TWO: &str = r#"
[profiles.work]
api_key = "minchat-key"
user = "alice"
[profiles.team]
backend = "vchat"
url = "https://chat.example.com"
api_key = "a hash key, with blanks"
user = "alice@example.com"
call_command = ["~/bin/meet", "{room}"]
[profiles.guest]
backend = "vchat"
url = "https://chat.example.com"
token = { env = "VTOKEN" }
user = "bob@example.com"
"#;

#[test]
fn a_profile_chooses_the_back_end_and_what_opens_it() {
    let home = Home::new(TWO);
    let work = home.settings(&[("default_profile", "work")], &[]);
    assert_eq!((work.backend, work.url.as_str()), (Backend::MinChat, "https://api.minchat.io"));
    assert_eq!((work.api_key.reveal(), work.token, work.call_command), ("minchat-key", None, vec![]));
    // A token for the other profile may well be in the environment.
    assert_eq!(home.settings(&[("default_profile", "work")], &[("MINCHAT_TOKEN", "t")]).token, None);
    let team = home.settings(&[("default_profile", "team")], &[]);
    assert_eq!((team.backend, team.url.as_str()), (Backend::VChat, "https://chat.example.com"));
    assert_eq!((team.api_key.reveal(), team.token), ("a hash key, with blanks", None));
    let program = home.dir.path().join("bin/meet").display().to_string();
    assert_eq!(team.call_command, [program, "{room}".to_owned()]);
    let guest = home.settings(&[("default_profile", "guest")], &[("VTOKEN", "eyJ.x.y")]);
    assert_eq!((guest.api_key.is_empty(), guest.token), (true, Some(Secret::new("eyJ.x.y"))));
}

#[test]
fn a_v_chat_account_needs_an_address_and_exactly_one_of_key_and_token() {
    let home = Home::new("");
    let on = |more: &[(&'static str, &str)], variables: &[(&str, &str)]| {
        home.problems(&[&[("backend", "vchat"), ("user", "a")], more].concat(), variables)
    };
    let nothing = on(&[], &[]);
    assert!(nothing.starts_with("There is no address, and V Chat has no server that all share."), "{nothing}");
    assert!(nothing.contains("There is no hash key and no token.") && nothing.contains("MINCHAT_TOKEN"), "{nothing}");
    let url = ("url", "https://chat.example.com");
    let both = on(&[url, ("api_key", "hunter2")], &[("MINCHAT_TOKEN", "hunter3")]);
    assert_eq!(
        both,
        "MINCHAT_TOKEN: There are both a hash key (--api-key) and a token (MINCHAT_TOKEN), and only one of them can open \
         the account. Leave one out."
    );
    let path = on(&[("url", "https://chat.example.com/api/v2"), ("api_key", "k")], &[]);
    assert!(path.starts_with("--url: A V Chat server is named without a path."), "{path}");
    let bearer = on(&[url], &[("MINCHAT_TOKEN", "Bearer hunter2")]);
    assert!(bearer.contains("Write it without `Bearer`") && !bearer.contains("hunter2"), "{bearer}");
    let unset = Home::new(TWO).problems(&[("default_profile", "guest")], &[]);
    assert!(unset.contains("The variable `VTOKEN`, which holds the token, is not set."), "{unset}");
}

#[test]
fn what_only_v_chat_has_is_refused_in_a_profile_of_minchat() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"k\"\ntoken = \"t\"\ncall_command = [\"meet\"]\n");
    let problems = home.problems(&[], &[]);
    let lines: Vec<_> = problems.lines().collect();
    assert!(lines[0].starts_with("~/config/config.toml:4:9: `token` does nothing on MinChat"), "{problems}");
    assert!(lines[1].starts_with("~/config/config.toml:5:16: `call_command` does nothing on MinChat"), "{problems}");
}

#[test]
fn what_is_in_force_shows_no_token() {
    let loaded = Home::new(TWO).load(&[("default_profile", "guest")], &[("VTOKEN", "hunter2")], Purpose::Account);
    let token = loaded.in_force.iter().find(|line| line.key == "token").expect("it is in force");
    assert_eq!(token.value, "***");
    assert!(!format!("{loaded:?}").contains("hunter2"));
    assert!(!loaded.in_force.iter().any(|line| line.key == "api_key"));
}

#[test]
fn a_config_file_that_was_named_must_be_there() {
    let home = Home::new("");
    assert!(home.problems(&[("config", "/nowhere.toml")], &[]).contains("/nowhere.toml cannot be read"));
}

#[test]
fn no_color_selects_plain_unless_somebody_chose() {
    let home = Home::new("");
    assert_eq!(home.settings(ACCOUNT, &[("NO_COLOR", "1")]).theme.name, "plain");
    let chosen = [ACCOUNT, &[("theme", "light")]].concat();
    assert_eq!(home.settings(&chosen, &[("NO_COLOR", "1")]).theme.name, "light");
}

#[test]
fn a_theme_of_the_user_is_found_next_to_the_configuration() {
    let home = Home::new("");
    fs::write(home.dir.path().join("config/themes/mine.toml"), "inherit = \"dark\"\n").expect("a file");
    fs::write(home.dir.path().join("config/themes/bad.toml"), "txet = {}\n").expect("a file");
    assert_eq!(home.settings(&[ACCOUNT, &[("theme", "mine")]].concat(), &[]).theme.name, "mine");
    let problems = home.problems(&[ACCOUNT, &[("theme", "bad")]].concat(), &[]);
    assert_eq!(problems, "~/config/themes/bad.toml:1:1: There is no role `txet`. Did you mean `text`?");
    assert!(home.problems(&[ACCOUNT, &[("theme", "../config")]].concat(), &[]).contains("no theme `../config`"));
}

#[test]
fn the_demo_needs_no_account_and_takes_none() {
    let home = Home::new("ascii = true\n[profiles.a]\nname = \"A\"\n[profiles.b]\n");
    let loaded = home.load(&[], &[("MINCHAT_URL", "nonsense"), ("MINCHAT_NAME", "X")], Purpose::Demo);
    let settings = loaded.outcome.expect("nothing is wrong");
    assert_eq!((settings.profile.as_str(), settings.ascii, settings.name.as_str()), ("demo", true, "guest"));
    assert!(!settings.history, "what is played with in the demo is not kept");
}

#[test]
fn the_demo_takes_the_back_end_from_the_command_line_alone() {
    let home = Home::new("[profiles.a]\nbackend = \"vchat\"\n");
    let variables = &[("MINCHAT_BACKEND", "vchat"), ("MINCHAT_TOKEN", "t")];
    let settings = |options: &[_]| home.load(options, variables, Purpose::Demo).outcome.expect("nothing is wrong");
    assert_eq!(settings(&[]).backend, Backend::MinChat);
    let vchat = settings(&[("backend", "vchat")]);
    assert_eq!((vchat.backend, vchat.token, vchat.user.as_str()), (Backend::VChat, None, "guest"));
}

#[test]
fn what_is_in_force_is_told_with_its_source_and_without_the_key() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"hunter2\"\n");
    let loaded = home.load(&[("room", "General")], &[("MINCHAT_NAME", "X")], Purpose::Account);
    let line = |key| loaded.in_force.iter().find(|line| line.key == key).expect("it is in force");
    assert_eq!(line("api_key").value, "***");
    assert_eq!(line("room").source, Source::Option("--room"));
    assert_eq!(line("name").source, Source::Variable("MINCHAT_NAME"));
    assert_eq!(line("url").source, Source::Default);
    assert!(line("user").source.to_string().ends_with("config.toml:2:8"));
    assert!(!format!("{loaded:?}").contains("hunter2"));
}

#[test]
fn the_default_configuration_is_sound_as_it_is_and_with_everything_uncommented() {
    use super::super::{DEFAULT_CONFIG, KNOBS};
    assert_eq!(File::parse("config.toml", DEFAULT_CONFIG), Ok(File::default()));
    // A comment line that looks like a key or a table is one; the rest is prose.
    let uncommented = DEFAULT_CONFIG.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.starts_with('[') || rest.split(' ').nth(1) == Some("=") => rest,
        _ => line,
    });
    let text = uncommented.collect::<Vec<_>>().join("\n");
    let file = File::parse("config.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    for knob in KNOBS.iter().filter(|knob| knob.in_general()) {
        assert!(file.general.contains_key(knob.key), "{} is not in the default configuration", knob.key);
    }
    for knob in KNOBS.iter().filter(|knob| knob.in_profile() && !knob.in_general()) {
        let documented = file.profiles.values().any(|profile| profile.contains_key(knob.key));
        assert!(documented, "{} is not in the default configuration", knob.key);
    }
}

fn warnings(loaded: &Loaded, home: &Home) -> Vec<String> {
    assert!(loaded.outcome.is_ok(), "{:?}", loaded.outcome);
    let root = home.dir.path().display().to_string();
    loaded.warnings.0.iter().map(|warning| warning.to_string().replace(&root, "~")).collect()
}

#[cfg(unix)]
fn permit(home: &Home, name: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.dir.path().join(name);
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it can be changed");
}

#[test]
fn a_secret_in_a_file_is_found_beside_the_configuration_and_at_home() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = { file = \"key\" }\n");
    fs::write(home.dir.path().join("config/key"), "hunter2\n").expect("a file");
    assert_eq!(home.settings(&[], &[]).api_key.reveal(), "hunter2");
    let loaded = home.load(&[], &[], Purpose::Account);
    assert!(!format!("{loaded:?}").contains("hunter2"));
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = { file = \"~/key\" }\n");
    let missing = home.problems(&[], &[]);
    assert!(
        missing.starts_with("~/config/config.toml:3:11: The file ~/key, which holds the API key, cannot be read"),
        "{missing}"
    );
    fs::write(home.dir.path().join("key"), "\n").expect("a file");
    assert!(home.problems(&[], &[]).contains("is empty. Correct `api_key`"));
    fs::write(home.dir.path().join("key"), "hunter two").expect("a file");
    let two = home.problems(&[], &[]);
    assert!(two.contains("not one word of ASCII") && !two.contains("hunter"), "{two}");
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_warned_of() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = { file = \"key\" }\n");
    fs::write(home.dir.path().join("config/key"), "hunter2\n").expect("a file");
    permit(&home, "config/key", 0o640);
    permit(&home, "config/config.toml", 0o644);
    let told = warnings(&home.load(&[], &[], Purpose::Account), &home);
    assert_eq!(
        told,
        [
            "~/config/config.toml:3:11: Others can read ~/config/key, which holds the API key. `chmod 600 ~/config/key` keeps \
          them out."
        ],
        "the configuration itself holds no secret"
    );
    permit(&home, "config/key", 0o600);
    assert_eq!(warnings(&home.load(&[], &[], Purpose::Account), &home), Vec::<String>::new());

    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"hunter2\"\n");
    permit(&home, "config/config.toml", 0o604);
    let told = warnings(&home.load(&[], &[], Purpose::Account), &home).join("\n");
    assert!(
        told.starts_with("~/config/config.toml:3:11: Others can read this file, and the API key stands in it."),
        "{told}"
    );
    assert!(!told.contains("hunter2"));
    // A key from elsewhere leaves nothing to warn of, and a demo has none.
    let elsewhere = home.load(&[], &[("MINCHAT_API_KEY", "k")], Purpose::Account);
    assert_eq!(warnings(&elsewhere, &home), Vec::<String>::new());
    assert_eq!(warnings(&home.load(&[], &[], Purpose::Demo), &home), Vec::<String>::new());
    permit(&home, "config/config.toml", 0o600);
    assert_eq!(warnings(&home.load(&[], &[], Purpose::Account), &home), Vec::<String>::new());
}

#[test]
fn a_key_on_the_command_line_is_warned_of_with_better_ways() {
    let home = Home::new("");
    let loaded = home.load(&[("api_key", "hunter2"), ("user", "x")], &[], Purpose::Account);
    let told = warnings(&loaded, &home).join("\n");
    for part in ["--api-key shows", "MINCHAT_API_KEY", "file =", "command ="] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("hunter2"));
    let settings = home.settings(&[("api_key", "hunter2"), ("user", "x")], &[]);
    assert_eq!(settings.warnings.len(), 1);
}

#[test]
fn what_opens_links_is_an_argument_vector() {
    let home = Home::new("open_command = [\"~/bin/browse\", \"{url}\"]\n");
    let program = home.dir.path().join("bin/browse").display().to_string();
    assert_eq!(home.settings(ACCOUNT, &[]).open_command, [program, "{url}".to_owned()]);
    assert_eq!(Home::new("").settings(ACCOUNT, &[]).open_command, opener());
    let shell = Home::new("open_command = \"xdg-open\"\n").problems(ACCOUNT, &[]);
    assert!(shell.contains("no shell reads it"), "{shell}");
}
