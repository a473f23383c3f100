//! Warnings about files and flags that let others read or change secrets.

use super::*;

fn warnings(loaded: &Loaded, home: &Home) -> Vec<String> {
    assert!(loaded.settings.is_ok(), "{:?}", loaded.settings);
    let root = home.dir.path().display().to_string();
    loaded.warnings.0.iter().map(|warning| warning.to_string().replace(&root, "~")).collect()
}

#[test]
fn secret_file_path_is_relative_to_config_or_home() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = { file = \"key\" }\n");
    fs::write(home.dir.path().join("config/key"), "hunter2\n").expect("a file");
    assert_eq!(home.settings(&[], &[]).api_key.reveal(), "hunter2");
    let loaded = home.load(&[], &[], SettingsPurpose::Account);
    assert!(!format!("{loaded:?}").contains("hunter2"));
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = { file = \"~/key\" }\n");
    let missing = home.problems(&[], &[]);
    assert!(
        missing.starts_with("~/config/config.toml:3:11: The file that `api_key` names cannot be read: No such file"),
        "{missing}"
    );
    fs::write(home.dir.path().join("key"), "\n").expect("a file");
    assert!(home.problems(&[], &[]).contains("is empty. Correct `api_key`"));
    fs::write(home.dir.path().join("key"), "hunter two").expect("a file");
    let two = home.problems(&[], &[]);
    assert!(two.contains("not a single ASCII word") && !two.contains("hunter"), "{two}");
}

#[cfg(unix)]
#[test]
fn secret_readable_by_others_causes_a_warning() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = { file = \"key\" }\n");
    fs::write(home.dir.path().join("config/key"), "hunter2\n").expect("a file");
    set_mode(&home, "config/key", 0o640);
    set_mode(&home, "config/config.toml", 0o644);
    let shown = warnings(&home.load(&[], &[], SettingsPurpose::Account), &home);
    assert_eq!(
        shown,
        ["~/config/config.toml:3:11: Other users can read ~/config/key, which contains the API key. Run `chmod 600 \
             ~/config/key`."],
        "the configuration file itself contains no secret"
    );
    set_mode(&home, "config/key", 0o600);
    assert_eq!(warnings(&home.load(&[], &[], SettingsPurpose::Account), &home), Vec::<String>::new());

    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = \"hunter2\"\n");
    set_mode(&home, "config/config.toml", 0o604);
    let shown = warnings(&home.load(&[], &[], SettingsPurpose::Account), &home).join("\n");
    assert!(
        shown.starts_with("~/config/config.toml:3:11: Other users can read this file, which contains the API key."),
        "{shown}"
    );
    assert!(!shown.contains("hunter2"));
    // The key in the file is not used if another source provides one, and the demo has no key.
    let elsewhere = home.load(&[], &[("MINCHAT_API_KEY", "k")], SettingsPurpose::Account);
    assert_eq!(warnings(&elsewhere, &home), Vec::<String>::new());
    assert_eq!(warnings(&home.load(&[], &[], SettingsPurpose::Demo), &home), Vec::<String>::new());
    set_mode(&home, "config/config.toml", 0o600);
    assert_eq!(warnings(&home.load(&[], &[], SettingsPurpose::Account), &home), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn config_and_log_of_others_cause_warnings() {
    let home = Home::new("");
    let log = home.dir.path().join("config/log").display().to_string();
    let shown = || warnings(&home.load(&[ACCOUNT, &[("log", &log)]].concat(), &[], SettingsPurpose::Demo), &home);
    fs::write(home.dir.path().join("config/log"), "").expect("a file");
    set_mode(&home, "config/log", 0o600);
    assert_eq!(shown(), Vec::<String>::new());
    for (mode, is_warned) in [(0o644, false), (0o620, true), (0o602, true), (0o666, true)] {
        set_mode(&home, "config/config.toml", mode);
        assert_eq!(shown().concat().contains("Other users can change ~/config/config.toml"), is_warned, "{mode:o}");
    }
    set_mode(&home, "config/config.toml", 0o600);
    for mode in [0o640, 0o604, 0o620, 0o666] {
        set_mode(&home, "config/log", mode);
        assert!(shown().concat().contains("Other users can read or change ~/config/log, the log"), "{:?}", shown());
    }
    set_mode(&home, "config/log", 0o600);
    // Only root can give a file away.
    if std::os::unix::fs::chown(home.dir.path().join("config/config.toml"), Some(12_345), None).is_ok() {
        assert!(shown().concat().contains("Other users can change"), "{:?}", shown());
    }
}

/// Whoever changes one of these files chooses the key, or the server that gets it.
#[cfg(unix)]
#[test]
fn key_and_certificates_of_others_cause_warnings() {
    let home = Home::new("[profiles.a]\nuser = \"x\"\napi_key = { file = \"key\" }\nca_file = \"ca.pem\"\n");
    fs::write(home.dir.path().join("config/key"), "hunter2\n").expect("a file");
    fs::write(home.dir.path().join("config/ca.pem"), "").expect("a file");
    set_mode(&home, "config/key", 0o600);
    set_mode(&home, "config/ca.pem", 0o644);
    let shown = || warnings(&home.load(&[], &[], SettingsPurpose::Account), &home);
    assert_eq!(shown(), Vec::<String>::new());
    for (file, at, mode) in [("ca.pem", "4:11", 0o644), ("key", "3:11", 0o600)] {
        for others in [0o020, 0o002, 0o066] {
            set_mode(&home, &format!("config/{file}"), mode | others);
            let start = format!("~/config/config.toml:{at}: Other users can change ~/config/{file}, which");
            assert!(shown().len() == 1 && shown()[0].starts_with(&start), "{:?}", shown());
        }
        set_mode(&home, &format!("config/{file}"), mode);
    }
}

#[test]
fn key_on_the_command_line_causes_a_warning() {
    let home = Home::new("");
    let loaded = home.load(&[("api_key", "hunter2"), ("user", "x")], &[], SettingsPurpose::Account);
    let shown = warnings(&loaded, &home).join("\n");
    // The status line shows the beginning of the sentence.
    assert!(shown.starts_with("Other users can see --api-key. Set MINCHAT_API_KEY"), "{shown}");
    for part in ["file =", "command ="] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("hunter2"));
    let settings = home.settings(&[("api_key", "hunter2"), ("user", "x")], &[]);
    assert_eq!(settings.warnings.len(), 1);
}
