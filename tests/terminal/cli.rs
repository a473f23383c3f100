//! The command line: output, exit codes, and the subcommands that do not need a terminal.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

#[cfg(unix)]
use super::client::{Client, SOON, USUAL};

/// The program in a home folder of its own, without the caller's environment.
fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    command.env_clear().env("HOME", home).env("XDG_CONFIG_HOME", home.join("config"));
    command.stdin(Stdio::null());
    command
}

/// Runs the program; returns exit code, standard output and standard error.
fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = program(home).args(arguments).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code().expect("it was not killed"), text(stdout), text(stderr))
}

#[test]
fn config_is_created_once_checked_and_located() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("config/minchat-tui/config.toml");
    let (code, out, _) = run(home.path(), &["config", "path"]);
    assert_eq!((code, out.trim()), (0, file.to_str().expect("text")));
    let (code, out, _) = run(home.path(), &["config", "init"]);
    assert_eq!((code, out.contains("Created ")), (0, true));
    std::fs::write(&file, "[profiles.me]\nuser = \"alice\"\napi_key = \"hunter2\"\n").expect("it can be written");
    let (code, _, err) = run(home.path(), &["config", "init"]);
    assert_eq!((code, err.contains("already exists")), (2, true), "{err}");
    let (code, out, err) = run(home.path(), &["config", "check"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("alice") && out.contains("***") && out.contains("config.toml:2:8"), "{out}");
    assert!(!out.contains("hunter2"));
}

/// Words were broken at the edge of narrow terminals.
#[test]
fn help_is_wrapped_between_words() {
    let home = tempfile::tempdir().expect("a folder");
    let help = |columns: &str| {
        let Output { stdout, .. } =
            program(home.path()).env("COLUMNS", columns).arg("--help").output().expect("the program runs");
        String::from_utf8(stdout).expect("text")
    };
    let (narrow, wide) = (help("60"), help("200"));
    assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&narrow), words(&wide));
}

#[test]
fn config_errors_are_reported_before_the_screen_changes() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("mine.toml");
    std::fs::write(&file, "thme = \"dark\"\n").expect("it can be written");
    let (code, out, err) = run(home.path(), &["--config", file.to_str().expect("text")]);
    let expected = format!("minchat-tui: {}:1:1: Unknown key `thme`. Did you mean `theme`?\n", file.display());
    assert_eq!((code, out.as_str(), err), (2, "", expected));
    for arguments in [&["--nope"][..], &[], &["demo", "--url", "https://x"], &["--user", "a", "--api-key", "a b"]] {
        let (code, out, err) = run(home.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(!err.contains('\u{1b}'));
    }
    std::fs::write(&file, "\"\\u001b]0;owned\\u0007\" = 1\n").expect("it can be written");
    let (code, _, err) = run(home.path(), &["--config", file.to_str().expect("text")]);
    assert_eq!((code, err.contains(['\u{1b}', '\u{7}'])), (2, false), "{err:?}");
    let (code, _, err) = run(home.path(), &["--backend", "vchat", "--user", "a", "--api-key", "k"]);
    assert_eq!(code, 2);
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.contains("No address is set, and V Chat has no public server."), "{err}");
}

#[test]
fn printed_paths_and_arguments_are_sanitized() {
    let home = tempfile::tempdir().expect("a folder");
    let hostile = "x\u{1b}[2J\u{9b}31m\u{202e}\u{2028}y.toml";
    let path = home.path().join(hostile);
    let path = path.to_str().expect("text");
    for arguments in [
        &["config", "path", "--config", path][..],
        &["config", "init", "--config", path],
        &["config", "init", "--config", path],
        &["config", "check", "--config", path, "--user", "a", "--api-key", "key", "--data-dir", path],
        &["config", "check", "--config", &format!("{path}.none")],
        &["config", "check", "--user", hostile, "--api-key", "key", "--room", hostile, "--theme", hostile],
        &["config", hostile],
        &["completions", hostile],
        &["--backend", hostile],
        &[hostile],
        &[&format!("--{hostile}")],
        &["--user", "a", "--api-key", "k", "--log", path],
    ] {
        let (_, out, err) = run(home.path(), arguments);
        let is_unsafe = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!out.is_empty() || !err.is_empty());
        assert!(!out.contains(is_unsafe) && !err.contains(is_unsafe), "{arguments:?}: {out:?} {err:?}");
    }
}

/// The name under which the program is started may be any text.
#[test]
fn help_and_errors_do_not_repeat_the_name_of_the_program() {
    use std::os::unix::process::CommandExt;
    let home = tempfile::tempdir().expect("a folder");
    for name in ["x\u{9b}2Jy", "x\u{1b}[2Jy", "x\u{202e}y", "x\u{2028}y", "x\ry"] {
        for arguments in [&["--help"][..], &["-h"], &["serve", "--help"], &["config"], &["--version"], &["bogus"]] {
            let output = program(home.path()).arg0(name).args(arguments).output().expect("the program runs");
            let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
            let is_unsafe = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{2028}');
            assert!(!text.is_empty() && !text.contains(is_unsafe), "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn sandbox_refuses_a_key_that_cannot_be_printed() {
    let home = tempfile::tempdir().expect("a folder");
    for key in ["a\u{1b}]0;owned\u{7}", "a\u{9b}2Jb", "a\u{202e}b", "a\u{200b}b", "a\rb"] {
        let (code, out, err) = run(home.path(), &["serve", "--bind", "127.0.0.1:0", "--api-key", key]);
        assert_eq!((code, out.as_str()), (2, ""), "{key:?}");
        assert!(err.contains("The API key contains a control character") && !err.contains(key), "{err:?}");
    }
}

#[test]
fn demo_prints_warnings() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("mine.toml");
    std::fs::write(&file, "").expect("it can be written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).expect("a mode");
    let (_, _, err) = run(home.path(), &["demo", "--config", file.to_str().expect("text")]);
    assert!(err.contains("minchat-tui: warning: Other users can change"), "{err}");
}

#[test]
fn profiles_of_both_services_share_one_file() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("mine.toml");
    let text = "default_profile = \"work\"\n[profiles.work]\nuser = \"alice\"\napi_key = \"hunter2\"\n[profiles.team]\n\
                backend = \"vchat\"\nurl = \"https://chat.example.com\"\nuser = \"a@b.c\"\ntoken = \"hunter3\"\n\
                call_command = [\"meet\", \"{room}\"]\n";
    std::fs::write(&file, text).expect("it can be written");
    let check = |more: &[&str]| {
        let (code, out, err) =
            run(home.path(), &[&["config", "check", "--config", file.to_str().expect("text")], more].concat());
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(!out.contains("hunter"), "{out}");
        out
    };
    let line = |out: &str, key: &str| {
        let line = out.lines().find(|line| line.split(' ').next() == Some(key)).unwrap_or_default();
        line.split_whitespace().nth(1).unwrap_or_default().to_owned()
    };
    let work = check(&[]);
    assert_eq!(
        (line(&work, "backend"), line(&work, "api_key"), line(&work, "token")),
        ("minchat".into(), "***".into(), String::new())
    );
    let team = check(&["--profile", "team"]);
    assert_eq!(
        (line(&team, "backend"), line(&team, "api_key"), line(&team, "token")),
        ("vchat".into(), String::new(), "***".into())
    );
    assert_eq!((line(&team, "url"), line(&team, "call_command")), ("https://chat.example.com".into(), "meet".into()));
}

#[test]
fn sample_config_has_both_services_and_is_valid() {
    let home = tempfile::tempdir().expect("a folder");
    let (_, _, _) = run(home.path(), &["config", "init"]);
    let sample = std::fs::read_to_string(home.path().join("config/minchat-tui/config.toml")).expect("it was written");
    for part in
        ["# [profiles.work]", "# [profiles.team]", "# backend = \"minchat\"", "# backend = \"vchat\"", "# call_command"]
    {
        assert!(sample.contains(part), "{part}");
    }
    let (code, out, _) = run(home.path(), &["config", "check", "--user", "alice", "--api-key", "k"]);
    assert_eq!((code, out.contains("minchat")), (0, true));
}

#[test]
fn storage_options_are_checked_and_shown() {
    let home = tempfile::tempdir().expect("a folder");
    let check = |more: &[&str]| {
        let account = ["config", "check", "--user", "alice", "--api-key", "k", "--data-dir", "/somewhere"];
        run(home.path(), &[&account[..], more].concat())
    };
    let (code, out, _) = check(&[]);
    assert_eq!(code, 0);
    let store = out.lines().find(|line| line.starts_with("store ")).expect("a line about the store");
    assert!(store.contains("/somewhere/default-") && store.ends_with(".db"), "{store}");
    let (code, out, _) = check(&["--incognito"]);
    assert_eq!((code, out.contains("store             nothing is saved to disk")), (0, true), "{out}");
    let file = home.path().join("mine.toml");
    let check_file = |text: &str| {
        std::fs::write(&file, text).expect("it can be written");
        check(&["--config", file.to_str().expect("text")])
    };
    let (code, out, _) = check_file("history = \"none\"\nkeep_messages = 5000\n");
    assert_eq!((code, out.contains("nothing is saved to disk"), out.contains("5000")), (0, true, true), "{out}");
    let (code, _, err) = check_file("history = \"non\"\n");
    assert_eq!((code, err.contains("Did you mean `none`?")), (2, true), "{err}");
    let (code, _, err) = check_file("keep_messages = \"many\"\n");
    assert_eq!((code, err.contains("must be a whole number")), (2, true), "{err}");
    let (code, _, err) = run(home.path(), &["demo", "--incognito"]);
    assert_eq!((code, err.contains("--incognito has no effect with `demo`")), (2, true), "{err}");
}

#[test]
fn completions_and_man_page_list_the_options() {
    let home = tempfile::tempdir().expect("a folder");
    for arguments in [&["completions", "bash"][..], &["completions", "fish"], &["man"], &["--help"]] {
        let (code, out, _) = run(home.path(), arguments);
        assert_eq!((code, out.replace('\\', "").contains("data-dir")), (0, true), "{arguments:?}");
    }
}

/// Regression test: the help, the man page and the warnings contained `…`, whatever the locale.
#[test]
fn command_line_is_ascii_without_utf8() {
    let home = tempfile::tempdir().expect("a folder");
    let written = |variables: &[(&str, &str)], arguments: &[&str]| {
        let variables = variables.iter().copied();
        let Output { stdout, stderr, status } =
            program(home.path()).envs(variables).args(arguments).output().expect("the program runs");
        (String::from_utf8([stdout, stderr].concat()).expect("text"), status.code())
    };
    for arguments in [&["--help"][..], &["serve", "--help"], &["man"]] {
        let (text, code) = written(&[("LANG", "C")], arguments);
        assert_eq!((text.is_ascii(), code), (true, Some(0)), "{arguments:?}:\n{text}");
    }
    let account = ["--url", "http://127.0.0.1:9", "--user", "x", "--api-key", "k3y"];
    for (variables, option) in [(&[("LANG", "de_DE@euro")], "--no-mouse"), (&[("LANG", "C.UTF-8")], "--ascii")] {
        let (text, _) = written(variables, &[&account[..], &[option]].concat());
        assert!(text.contains("Other users can see") && text.is_ascii(), "{option}:\n{text}");
    }
    let (text, _) = written(&[("LANG", "C.UTF-8")], &account);
    assert!(text.contains('…'), "{text}");
}

#[test]
fn broken_pipe_is_not_an_error() {
    let home = tempfile::tempdir().expect("a folder");
    let mut child = program(home.path()).args(["completions", "zsh"]).stdout(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[cfg(unix)]
#[test]
fn serve_prints_one_line_and_stops_on_a_signal() {
    let home = tempfile::tempdir().expect("a folder");
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let mut serve = program(home.path());
        serve.args(["serve", "--bind", "127.0.0.1:0", "--api-key", "k3y", "--empty"]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        assert!(line.starts_with("serving http://127.0.0.1:") && line.ends_with(" with API key k3y\n"), "{line}");
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, signal).expect("a signal can be sent");
        let mut rest = String::new();
        out.read_to_string(&mut rest).expect("text");
        assert_eq!((child.wait().expect("it ends").code(), rest.as_str()), (Some(0), ""));
    }
}

/// Regression test: a person at a terminal got lines of the log, and had to find out how to connect.
#[cfg(unix)]
#[test]
fn serve_tells_a_person_what_to_do_and_what_happens() {
    let mut client = Client::start(&["serve", "--bind", "127.0.0.1:0", "--api-key", "k3y"], USUAL);
    client.pty.wait_text("MINCHAT_API_KEY=k3y minchat-tui --user alice", SOON).unwrap();
    let screen = client.pty.screen();
    let port = screen.split("http://127.0.0.1:").nth(1).and_then(|rest| rest.split_whitespace().next());
    let url = format!("http://127.0.0.1:{}", port.expect("a port"));
    let home = tempfile::tempdir().expect("a folder");
    let (code, _, err) = run(home.path(), &["rooms", "--url", &url, "--api-key", "k3y", "--user", "alice"]);
    assert_eq!(code, 0, "{err}");
    let (code, _, _) = run(home.path(), &["rooms", "--url", &url, "--api-key", "other", "--user", "alice"]);
    assert_ne!(code, 0);
    client.pty.wait_text("  request refused: 401 ", SOON).unwrap();
    let screen = client.pty.screen();
    assert!(!screen.contains("DEBUG") && !screen.contains("serving http"), "{screen}");
    client.pty.send("\x03").unwrap();
    assert_eq!(client.pty.wait_exit(SOON).unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn sandbox_on_the_network_warns_at_every_log_level() {
    let home = tempfile::tempdir().expect("a folder");
    for (bind, level, is_warned) in
        [("0.0.0.0:0", "off", true), ("[::]:0", "error", true), ("0.0.0.0:0", "", true), ("127.0.0.1:0", "off", false)]
    {
        let mut serve = program(home.path());
        serve.args(["serve", "--bind", bind, "--empty"]).env("MINCHAT_LOG_LEVEL", level);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        out.read_line(&mut line).expect("a line");
        if line.is_empty() && bind.starts_with('[') {
            // This machine has no IPv6.
            continue;
        }
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
            .expect("a signal can be sent");
        let mut err = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut err).expect("text");
        child.wait().expect("it ends");
        assert_eq!(err.contains("minchat-tui: warning: Anyone on the network can reach"), is_warned, "{bind}: {err}");
    }
}

#[test]
fn malformed_faults_are_reported_before_anything_starts() {
    let home = tempfile::tempdir().expect("a folder");
    let (code, out, err) = run(home.path(), &["serve", "--bind", "127.0.0.1:0", "--fault", "drop=1%,latancy=2s"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, "minchat-tui: --fault: There is no fault called \"latancy\". Did you mean latency?\n");
    for (backend, fault, expected) in [
        ("minchat", "drop@mesage=1%", "MinChat has no event \"mesage\". Did you mean message?"),
        ("minchat", "429@POST /v1/mesages=1%", "MinChat has no path segment \"mesages\". Did you mean messages?"),
        ("vchat", "429@/api/v1/channel=1%", "V Chat has no path segment \"v1\". Did you mean v2?"),
    ] {
        let (code, _, err) =
            run(home.path(), &["serve", "--backend", backend, "--bind", "127.0.0.1:0", "--fault", fault]);
        assert_eq!((code, err), (2, format!("minchat-tui: --fault: {expected}\n")));
    }
}

#[test]
fn load_reports_its_result_and_its_failures() {
    let home = tempfile::tempdir().expect("a folder");
    let load = |more: &[&str]| run(home.path(), &[&["load", "--for", "1s", "--rate", "20"], more].concat());
    for backend in ["minchat", "vchat"] {
        let (code, out, err) = load(&["--people", "6", "--rooms", "2", "--backend", backend, "--json"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((&report["version"], &report["sent"], &report["delivered"]), (&1.into(), &20.into(), &40.into()));
    }
    let (code, _, err) = load(&["--people", "3", "--rooms", "2"]);
    assert_eq!((code, err.as_str()), (2, "minchat-tui: 2 rooms need at least 4 people. Change --rooms or --people.\n"));
    let (code, _, err) = load(&["--url", "http://127.0.0.1:1"]);
    assert_eq!((code, err.contains("Set MINCHAT_API_KEY, or add --api-key.")), (2, true), "{err}");
    let (code, _, err) = load(&["--url", "http://127.0.0.1:1", "--api-key", "k"]);
    assert_eq!((code, err.contains("cannot be reached: no connection.")), (3, true), "{err}");
}

/// Regression tests: the names were hidden, an endless time ended the program with a panic, and `send` seemed to need a
/// text even with a file.
#[test]
fn errors_quote_what_was_written() {
    let home = tempfile::tempdir().expect("a folder");
    for (arguments, expected) in [
        (&["replay", "nope.ndjson"][..], "nope.ndjson cannot be replayed"),
        (&["-P", "work", "rooms"], "Unknown profile `work`."),
        (&["typing", "--room", "x", "--for", "18446744073709551615"], "is not in 1..=86400"),
        (&["send", "--room", "x"], "<TEXT|--file <FILE>>"),
    ] {
        let (code, _, err) = run(home.path(), arguments);
        assert_eq!((code, err.contains(expected)), (2, true), "{err}");
    }
}

#[test]
fn log_of_a_scenario_is_written() {
    let home = tempfile::tempdir().expect("a folder");
    let [file, log] = ["scenario.toml", "run.log"].map(|name| home.path().join(name));
    std::fs::write(&file, "name = \"x\"\n[people.bob]\n[[steps]]\nwho = \"bob\"\ntyping = false").expect("a file");
    run(home.path(), &["run", file.to_str().expect("text"), "--log", log.to_str().expect("text")]);
    assert!(std::fs::read_to_string(log).expect("the log").contains("status=Online"));
}

#[test]
fn port_in_use_is_reported() {
    let home = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let (code, out, err) = run(home.path(), &["serve", "--bind", &address]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains(&format!("cannot listen on {address}: another program is using it.")), "{err}");
}
