//! Tests of merging all sources: which one wins, and what is reported.

mod appearance;
mod demo;
mod key_address;
mod warnings;

use std::fs;

use tempfile::TempDir;

use super::super::options::{Kind, OPTIONS, Scope};
use super::super::paths::DEFAULT_CONFIG;
use super::super::paths::Paths;
use super::super::secret::Secret;
use super::super::settings::{Backend, default_open_command};
use super::*;

/// A home folder with a configuration file.
struct Home {
    dir: TempDir,
}

impl Home {
    fn new(config: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(dir.path().join("config/themes")).expect("a folder");
        fs::write(dir.path().join("config/config.toml"), config).expect("a file");
        let home = Self { dir };
        #[cfg(unix)]
        set_mode(&home, "config/config.toml", 0o600);
        home
    }

    fn load(&self, cli: &[(&'static str, &str)], variables: &[(&str, &str)], purpose: SettingsPurpose) -> Loaded {
        let root = self.dir.path();
        let paths =
            Paths { home: Some(root.into()), config_dir: Some(root.join("config")), data_dir: Some(root.join("data")) };
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let cli = CliValues(cli.iter().map(|(key, value)| (*key, (*value).to_owned())).collect());
        load(&cli, &Environment { variable: &variable, paths }, purpose)
    }

    fn check(&self) -> Vec<String> {
        let root = self.dir.path();
        let paths =
            Paths { home: Some(root.into()), config_dir: Some(root.join("config")), data_dir: Some(root.join("data")) };
        let environment = Environment { variable: &|_| None, paths };
        let problems =
            check(&CliValues::default(), &environment, SettingsPurpose::Account).settings.err().unwrap_or_default();
        let line = |problem: &super::super::problem::Problem| match &problem.location {
            Some(at) => format!("{}: {}", at.line, problem.sentence),
            None => problem.sentence.clone(),
        };
        problems.0.iter().map(line).collect()
    }

    fn settings(&self, cli: &[(&'static str, &str)], variables: &[(&str, &str)]) -> Settings {
        match self.load(cli, variables, SettingsPurpose::Account).settings {
            Ok(settings) => settings,
            Err(problems) => panic!("{problems}"),
        }
    }

    fn problems(&self, cli: &[(&'static str, &str)], variables: &[(&str, &str)]) -> String {
        let settings = self.load(cli, variables, SettingsPurpose::Account).settings;
        settings.expect_err("a problem").to_string().replace(&self.dir.path().display().to_string(), "~")
    }
}

#[cfg(unix)]
fn set_mode(home: &Home, name: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.dir.path().join(name);
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it can be changed");
}

const ACCOUNT: &[(&str, &str)] = &[("api_key", "k"), ("user", "alice")];

#[test]
fn key_and_user_are_enough() {
    let settings = Home::new("").settings(ACCOUNT, &[]);
    assert_eq!((settings.url.as_str(), settings.profile.as_str()), ("https://api.minchat.io", "default"));
    assert_eq!((settings.user.as_str(), settings.name), ("alice", None), "the name is left to the server");
    assert_eq!((settings.theme.name.as_str(), settings.ascii, settings.mouse), ("dark", false, true));
    assert!(settings.data_dir.ends_with("data"));
}

#[test]
fn flag_beats_variable_beats_profile_beats_top_level() {
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
fn missing_account_explains_what_to_set() {
    let problems = Home::new("").problems(&[], &[]);
    for part in ["--api-key", "MINCHAT_API_KEY", "`api_key = ", "--user", "MINCHAT_USER", "minchat-tui demo"] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    assert_eq!(problems.lines().count(), 2);
}

#[test]
fn one_of_several_profiles_must_be_chosen() {
    let home =
        Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"k\"\n[profiles.beta]\nuser = \"y\"\napi_key = \"k\"\n");
    assert_eq!(home.settings(&[("default_profile", "beta")], &[]).user, "y");
    assert_eq!(home.settings(&[], &[("MINCHAT_PROFILE", "a")]).user, "x");
    assert!(home.problems(&[], &[]).starts_with("There are several profiles: a, beta."));
    let typo = home.problems(&[("default_profile", "bta")], &[]);
    assert_eq!(typo, "--profile: Unknown profile `bta`. Did you mean `beta`?");
}

const THREE: &str = "[profiles.a]\nuser = \"x\"\napi_key = \"k\"\n[profiles.b]\nuser = \"y\"\napi_key = \"k\"\n\
                     [profiles.c]\nuser = \"z\"\napi_key = \"k\"\n";

fn users(settings: &Settings) -> Vec<&str> {
    settings.profiles().map(|profile| profile.user.as_str()).collect()
}

#[test]
fn several_profiles_share_a_window() {
    let home = Home::new(&format!("default_profile = [\"b\", \"a\"]\n{THREE}"));
    assert_eq!(users(&home.settings(&[], &[])), ["y", "x"]);
    assert_eq!(users(&home.settings(&[("default_profile", "c,a")], &[])), ["z", "x"]);
    let variables = &[("MINCHAT_PROFILE", "a, c"), ("MINCHAT_USER", "nobody")];
    assert_eq!(users(&home.settings(&[], variables)), ["x", "z"], "a variable could mean any of them");
    let flag = home.problems(&[("user", "bob")], &[]);
    assert!(flag.starts_with("--user describes one account, but several profiles are opened."), "{flag}");
    let twice = home.problems(&[("default_profile", "a,a")], &[]);
    assert_eq!(twice, "--profile: The profile `a` is named twice. Remove one of them.");
}

#[test]
fn profiles_that_were_open_last_are_opened_again() {
    let home = Home::new(THREE);
    let folder = home.dir.path().join("data");
    let remember = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        super::super::remember_open_profiles(&folder, &names, "a").expect("a file");
    };
    remember(&["c", "a"]);
    assert_eq!(users(&home.settings(&[], &[])), ["z", "x"]);
    assert_eq!(users(&home.settings(&[("incognito", "true")], &[])), ["z", "x"], "that is only not written");
    // Commands failed as soon as a second profile had been opened once.
    let one = home.settings(&[("user", "bob")], &[]);
    assert_eq!((one.profile.as_str(), users(&one)), ("c", vec!["bob"]));
    assert_eq!(users(&home.settings(&[("default_profile", "b")], &[])), ["y"], "a named profile comes first");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.join("open-profiles")).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    remember(&["c", "gone"]);
    assert!(home.problems(&[], &[]).starts_with("There are several profiles: a, b, c."));
}

/// Regression test: the first one was on screen after each start.
#[test]
fn profile_on_screen_is_shown_again_with_those_used_last() {
    let home = Home::new(THREE);
    let folder = home.dir.path().join("data");
    let shown = |cli: &[(&'static str, &'static str)]| {
        let settings = home.settings(cli, &[]);
        (settings.names().join(","), settings.shown)
    };
    let names = ["c".to_owned(), "a".to_owned()];
    super::super::remember_open_profiles(&folder, &names, "a").expect("a file");
    assert_eq!(shown(&[]), ("c,a".to_owned(), 1));
    assert_eq!(shown(&[("user", "bob")]), ("c".to_owned(), 0), "only the first one is opened");
    assert_eq!(shown(&[("default_profile", "c,a")]), ("c,a".to_owned(), 0), "they are named");
    super::super::remember_open_profiles(&folder, &names, "b").expect("a file");
    assert_eq!(shown(&[]), ("c,a".to_owned(), 0), "it is not open");
    // The version before takes every line for an open profile.
    assert_eq!(fs::read_to_string(folder.join("open-profiles")).expect("the file"), "c\na\n");
    fs::remove_file(folder.join("shown-profile")).expect("the file");
    assert_eq!(shown(&[]), ("c,a".to_owned(), 0), "the version before did not write it");
}

/// Regression test: a short look at one profile closed the others at the next start.
#[test]
fn named_profiles_are_for_this_start_if_others_are_remembered() {
    let home = Home::new(THREE);
    let is_for_this_start = |cli: &[(&'static str, &'static str)], variables: &[(&str, &str)]| {
        home.settings(cli, variables).is_for_this_start
    };
    let named = &[("default_profile", "b")];
    assert!(!is_for_this_start(named, &[]), "nothing is remembered yet");
    let names = ["c".to_owned(), "a".to_owned()];
    super::super::remember_open_profiles(&home.dir.path().join("data"), &names, "a").expect("a file");
    assert!(is_for_this_start(named, &[]));
    assert!(is_for_this_start(&[("default_profile", "b,a")], &[]));
    assert!(is_for_this_start(&[], &[("MINCHAT_PROFILE", "b")]));
    assert!(!is_for_this_start(&[], &[]), "the profiles that are remembered");
}

/// Scripts used the profile that was last open in a window, and changed their account with it.
#[test]
fn scripts_do_not_use_what_was_open_last() {
    let last = |text: &str, name: &str| {
        let home = Home::new(text);
        super::super::remember_open_profiles(&home.dir.path().join("data"), &[name.to_owned()], name).expect("a file");
        home
    };
    let home = last(THREE, "c");
    let script = |home: &Home, cli: &[(&'static str, &'static str)]| home.load(cli, &[], SettingsPurpose::Script);
    for cli in [&[][..], &[("user", "bob")]] {
        let problems = script(&home, cli).settings.expect_err("several profiles").to_string();
        assert!(problems.starts_with("There are several profiles: a, b, c. Choose one with --profile a"), "{problems}");
    }
    let chosen = |home: &Home, cli| script(home, cli).settings.expect("valid").user;
    assert_eq!(chosen(&home, &[("default_profile", "b")]), "y");
    assert_eq!(users(&script(&home, &[("default_profile", "b,a")]).settings.expect("valid")), ["y", "x"], "named");
    assert_eq!(chosen(&last(&format!("default_profile = \"a\"\n{THREE}"), "c"), &[]), "x");
    assert_eq!(chosen(&last("[profiles.a]\nuser = \"x\"\napi_key = \"k\"\n", "a"), &[]), "x", "the only one");
}

/// Regression test: `--user bob` changed which profiles the next start opened, and bob had the name of the profile.
#[test]
fn start_as_another_user_is_a_one_off() {
    let home = Home::new(THREE);
    let names = ["c".to_owned(), "a".to_owned()];
    super::super::remember_open_profiles(&home.dir.path().join("data"), &names, "a").expect("a file");
    let is_one_off = |cli: &[(&'static str, &'static str)], variables: &[(&'static str, &'static str)]| {
        let settings = home.settings(cli, variables);
        (settings.is_other_user, settings.is_one_off)
    };
    assert_eq!(is_one_off(&[], &[]), (false, false));
    assert_eq!(is_one_off(&[("user", "bob")], &[]), (true, true));
    assert_eq!(is_one_off(&[("user", "z")], &[]), (false, true), "only the first of those that were open");
    assert_eq!(is_one_off(&[("room", "ops")], &[]), (false, true));
    assert_eq!(is_one_off(&[("default_profile", "a"), ("user", "x")], &[]), (false, false), "that profile was chosen");
    assert_eq!(is_one_off(&[("default_profile", "a"), ("user", "bob")], &[]), (true, true));
    assert_eq!(is_one_off(&[("default_profile", "a")], &[("MINCHAT_USER", "bob")]), (true, true));
    let none = Home::new("");
    let account = &[("user", "bob"), ("api_key", "k")];
    assert!(!none.settings(account, &[]).is_other_user, "there is no profile");
}

#[test]
fn problem_of_a_value_has_the_location_of_the_value() {
    let home = Home::new(
        "[profiles.a]\nuser = \"x\"\napi_key = { env = \"NOPE\" }\nurl = \"http://10.0.0.1\"\nbackend = \"vchta\"\n\
         ca_file = \"no.pem\"\ntheme = \"drak\"\n",
    );
    let problems = home.problems(&[], &[]);
    let lines: Vec<_> = problems.lines().collect();
    assert!(
        lines[0].starts_with("~/config/config.toml:5:11: `backend` cannot be `vchta`. Did you mean `vchat`?"),
        "{problems}"
    );
    assert!(lines[1].starts_with("~/config/config.toml:4:7: This address would send"), "{problems}");
    assert!(
        lines[2].starts_with("~/config/config.toml:3:11: The variable that `api_key` names is not set."),
        "{problems}"
    );
    assert!(
        lines[3].starts_with("~/config/config.toml:6:11: The certificate file ~/config/no.pem cannot be read"),
        "{problems}"
    );
    assert!(lines[4].ends_with("Unknown theme `drak`. Did you mean `dark`?"), "{problems}");
}

/// Profiles of both services, and with every kind of credentials.
const PROFILES: &str = r#"
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
fn profile_selects_back_end_and_credentials() {
    let home = Home::new(PROFILES);
    let work = home.settings(&[("default_profile", "work")], &[]);
    assert_eq!((work.backend, work.url.as_str()), (Backend::MinChat, "https://api.minchat.io"));
    assert_eq!((work.api_key.reveal(), work.token, work.call_command), ("minchat-key", None, vec![]));
    // A token in the environment may be meant for another profile.
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
fn vchat_account_needs_url_and_either_key_or_token() {
    let home = Home::new("");
    let problems = |more: &[(&'static str, &str)], variables: &[(&str, &str)]| {
        home.problems(&[&[("backend", "vchat"), ("user", "a")], more].concat(), variables)
    };
    let nothing = problems(&[], &[]);
    assert!(nothing.starts_with("No address is set, and V Chat has no public server."), "{nothing}");
    assert!(nothing.contains("No hash key and no token is set.") && nothing.contains("MINCHAT_TOKEN"), "{nothing}");
    let url = ("url", "https://chat.example.com");
    let both = problems(&[url, ("api_key", "hunter2")], &[("MINCHAT_TOKEN", "hunter3")]);
    assert_eq!(
        both,
        "MINCHAT_TOKEN: Both a hash key (--api-key) and a token (MINCHAT_TOKEN) are set. Remove one of them."
    );
    let path = problems(&[("url", "https://chat.example.com/api/v2"), ("api_key", "k")], &[]);
    assert!(path.starts_with("--url: The address of a V Chat server has no path."), "{path}");
    let bearer = problems(&[url], &[("MINCHAT_TOKEN", "Bearer hunter2")]);
    assert!(bearer.contains("Write it without `Bearer`") && !bearer.contains("hunter2"), "{bearer}");
    let unset = Home::new(PROFILES).problems(&[("default_profile", "guest")], &[]);
    assert!(unset.contains("The variable that `token` names is not set.") && !unset.contains("VTOKEN"), "{unset}");
}

#[test]
fn vchat_option_in_a_minchat_profile_is_reported() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"k\"\ntoken = \"t\"\ncall_command = [\"meet\"]\n");
    let problems = home.problems(&[], &[]);
    let lines: Vec<_> = problems.lines().collect();
    assert!(lines[0].starts_with("~/config/config.toml:4:9: `token` has no effect, because MinChat"), "{problems}");
    assert!(
        lines[1].starts_with("~/config/config.toml:5:16: `call_command` has no effect, because MinChat"),
        "{problems}"
    );
}

/// The arguments of a program are visible to every user of the machine.
#[test]
fn token_among_the_arguments_of_a_call_program_is_reported() {
    let profile = "[profiles.a]\nbackend = \"vchat\"\nurl = \"https://x.example\"\nuser = \"x\"\napi_key = \"k\"\n";
    let home = Home::new(&format!("{profile}call_command = [\"meet\", \"{{channel}}\", \"--token={{token}}\"]\n"));
    let problems = home.problems(&[], &[]);
    assert!(problems.starts_with("~/config/config.toml:6:16: {token} would show the token"), "{problems}");
    assert!(problems.contains("MINCHAT_CALL_TOKEN"), "{problems}");
}

#[test]
fn effective_values_mask_the_token() {
    let loaded =
        Home::new(PROFILES).load(&[("default_profile", "guest")], &[("VTOKEN", "hunter2")], SettingsPurpose::Account);
    let token = loaded.effective.iter().find(|line| line.key == "token").expect("an effective value");
    assert_eq!(token.value, "***");
    assert!(!format!("{loaded:?}").contains("hunter2"));
    assert!(!loaded.effective.iter().any(|line| line.key == "api_key"));
}

#[test]
fn config_file_given_by_flag_must_exist() {
    let home = Home::new("");
    assert!(
        home.problems(&[("config", "/nowhere.toml")], &[])
            .contains("The configuration file /nowhere.toml cannot be read")
    );
}

#[test]
fn effective_values_have_sources_and_masked_secrets() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"hunter2\"\n");
    let loaded = home.load(&[("room", "General")], &[("MINCHAT_NAME", "X")], SettingsPurpose::Account);
    let line = |key| loaded.effective.iter().find(|line| line.key == key).expect("an effective value");
    assert_eq!(line("api_key").value, "***");
    assert_eq!(line("room").source, Source::Flag("--room"));
    assert_eq!(line("name").source, Source::Variable("MINCHAT_NAME"));
    assert_eq!(line("url").source, Source::Default);
    assert!(line("user").source.to_string().ends_with("config.toml:2:8"));
    assert!(!format!("{loaded:?}").contains("hunter2"));
}

/// Regression test: `config check` called a value a default although the environment determines it.
#[test]
fn values_from_the_environment_name_the_variable() {
    let home = Home::new("");
    let load = |cli: &[_], variables: &[_]| home.load(&[ACCOUNT, cli].concat(), variables, SettingsPurpose::Account);
    let source =
        |loaded: &Loaded, key| loaded.effective.iter().find(|line| line.key == key).map(|line| line.source.clone());
    let loaded = load(&[], &[("LC_CTYPE", "C"), ("LANG", "de_DE.UTF-8"), ("NO_COLOR", "1")]);
    assert_eq!(source(&loaded, "ascii"), Some(Source::Variable("LC_CTYPE")));
    assert_eq!(source(&loaded, "theme"), Some(Source::Variable("NO_COLOR")));
    // It would take the numbers of colors for blinking.
    assert_eq!(source(&load(&[], &[("TERM", "vt100")]), "theme"), Some(Source::Variable("TERM")));
    assert_eq!(source(&load(&[], &[("TERM", "xterm-256color")]), "theme"), Some(Source::Default));
    let loaded = load(&[("ascii", "false")], &[("LC_CTYPE", "C")]);
    assert_eq!(source(&loaded, "ascii"), Some(Source::Flag("--ascii")));
    assert!(loaded.warnings.0.iter().all(|warning| !warning.to_string().contains("locale")));
    let loaded = load(&[], &[]);
    assert_eq!((source(&loaded, "ascii"), source(&loaded, "theme")), (Some(Source::Default), Some(Source::Default)));
}

#[test]
fn sample_config_is_valid_and_shows_every_option() {
    assert_eq!(File::parse("config.toml", DEFAULT_CONFIG), Ok(File::default()));
    // Uncomment the lines that look like a key or a table. All other comments are prose.
    let uncommented = DEFAULT_CONFIG.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.starts_with('[') || rest.split(' ').nth(1) == Some("=") => rest,
        _ => line,
    });
    let text = uncommented.collect::<Vec<_>>().join("\n");
    let file = File::parse("config.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    for option in OPTIONS {
        let in_profile = file.profiles.values().any(|profile| profile.contains_key(option.key));
        let is_shown = match option.scope {
            Scope::Nowhere => true,
            Scope::General | Scope::Both => file.general.contains_key(option.key),
            Scope::Profile => in_profile,
        };
        assert!(is_shown, "assets/config.toml does not show {}", option.key);
    }
}

#[test]
fn every_option_is_resolved_with_its_documented_default() {
    let home = Home::new(PROFILES);
    let load = |cli: &[(&'static str, &str)], variables| home.load(cli, variables, SettingsPurpose::Account).effective;
    let files = [("log", "/l"), ("control", "/c"), ("record", "/r"), ("record_names", "hidden"), ("room", "General")];
    let key = load(&[&[("default_profile", "team")][..], &files].concat(), &[]);
    let token = load(&[("default_profile", "guest"), ("incognito", "true")], &[("VTOKEN", "t")]);
    // Options that are only listed when they are set.
    let rare = "open_command = [\"x\"]\nnotify_command = [\"x\"]\nquiet_hours = \"22:00-07:00\"\nmention_words = \"a\"\ntime_zone = \"UTC\"\n[profiles.a]\nuser = \"x\"\nname = \"X\"\napi_key = \"k\"\nca_file = \"config.toml\"\n";
    let rare = Home::new(rare).load(&[], &[], SettingsPurpose::Account).effective;
    for option in OPTIONS {
        let mut values = key.iter().chain(&token).chain(&rare).filter(|value| value.key == option.key).peekable();
        assert!(values.peek().is_some(), "{} is not resolved", option.key);
        // The defaults of other kinds are described in words.
        let is_literal = matches!(option.kind, Kind::Switch | Kind::Number | Kind::Choice(_));
        for value in values.filter(|value| is_literal && value.source == Source::Default) {
            assert_eq!(value.value, option.default, "{}", option.key);
        }
    }
}

#[test]
fn open_command_is_an_argument_vector() {
    let home = Home::new("open_command = [\"~/bin/browse\", \"{url}\"]\n");
    let program = home.dir.path().join("bin/browse").display().to_string();
    assert_eq!(home.settings(ACCOUNT, &[]).open_command, [program, "{url}".to_owned()]);
    assert_eq!(Home::new("").settings(ACCOUNT, &[]).open_command, default_open_command());
    let shell = Home::new("open_command = \"xdg-open\"\n").problems(ACCOUNT, &[]);
    assert!(shell.contains("not run by a shell"), "{shell}");
}

#[test]
fn account_is_missing_only_if_nothing_describes_one() {
    let is_missing = |config: &str, cli: &[(&'static str, &str)], variables: &[(&str, &str)]| {
        Home::new(config).load(cli, variables, SettingsPurpose::Account).has_no_account
    };
    assert!(is_missing("", &[], &[]) && is_missing(DEFAULT_CONFIG, &[("theme", "light")], &[]));
    assert!(!is_missing("[profiles.a]\n", &[], &[]), "a profile that lacks its key is to be corrected");
    assert!(!is_missing("", &[("user", "me")], &[]) && !is_missing("", &[], &[("MINCHAT_API_KEY", "k3y")]));
    assert!(!is_missing("", &[], &[("MINCHAT_PROFILE", "work")]) && !is_missing("thme = 1\n", &[], &[]));
}

/// Regression test: a wrong value was reported only once all keys were right, and never in a profile that is not
/// opened.
#[test]
fn check_finds_all_problems_of_the_file() {
    let account = "url = \"https://a.example\"\nuser = \"me\"\napi_key = { command = [\"false\"] }\n";
    let home = Home::new(&format!(
        "densty = \"compact\"\nclock = \"25h\"\ndefault_profile = \"work\"\n[profiles.work]\n{account}seen = \"now\"\n\
         [profiles.home]\n{account}notify = \"loud\"\nmouse = 3\n"
    ));
    let problems = home.check();
    let starts =
        ["1: Unknown key `densty`", "14: `mouse`", "2: `clock` cannot be", "8: `seen` cannot be", "13: `notify`"];
    let is_found = |start: &&str| problems.iter().any(|problem| problem.starts_with(start));
    assert!(starts.iter().all(is_found), "{problems:#?}");
    assert_eq!(problems.len(), 5, "each once, and none about what cannot be read: {problems:#?}");
    let home = Home::new("theme = \"x\nclock = \"25h\"\n");
    assert!(
        home.check().iter().all(|problem| problem.contains("Invalid TOML")),
        "nothing follows: {:#?}",
        home.check()
    );
}
