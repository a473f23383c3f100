//! The entry point: parses the command line, loads the settings, runs the command and returns its exit code.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use minchat_tui::cli::{self, Cli, Command, ConfigCommand};
use minchat_tui::config::{Backend, DEFAULT_CONFIG, Given, Paths, Problems, Purpose, Settings, Surroundings, load};
use minchat_tui::runtime::{self, Failure, Serve};

fn main() -> ExitCode {
    dispatch(&cli::parse()).unwrap_or_else(|error| Failure::tell(&error))
}

fn dispatch(cli: &Cli) -> anyhow::Result<ExitCode> {
    let given = cli.options.given();
    if let Some(command) = &cli.command {
        command.accepts(&given).map_err(Failure::usage)?;
    }
    match &cli.command {
        None => {
            let settings = settings(&given, Purpose::Account)?;
            runtime::keep_secret(&settings);
            runtime::log_to_file(settings.log.as_deref())?;
            runtime::warn(&settings.warnings);
            runtime::run(settings)
        }
        Some(Command::Demo { seed, port }) => {
            let settings = settings(&given, Purpose::Demo)?;
            runtime::log_to_file(settings.log.as_deref())?;
            runtime::demo(settings, *port, *seed)
        }
        Some(Command::Serve { bind, empty, seed }) => {
            let (api_key, backend) = sandbox_identity(&given);
            runtime::serve(Serve { bind: *bind, backend, api_key, people: !empty, seed: *seed })
        }
        Some(Command::Config { command }) => config(*command, &given),
        Some(Command::Completions { shell }) => print(&cli::completions(*shell)),
        Some(Command::Man) => print(&cli::man()?),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn surroundings() -> Surroundings<'static> {
    Surroundings { variable: &variable, paths: Paths::of_user() }
}

fn invalid(problems: &Problems) -> Failure {
    Failure::usage(problems.to_string())
}

fn settings(given: &Given, purpose: Purpose) -> Result<Settings, Failure> {
    load(given, &surroundings(), purpose).outcome.map_err(|problems| invalid(&problems))
}

/// The API key that the sandbox accepts and the service that it simulates. Environment variables are ignored here, because
/// `serve` prints the key and a real one must not be printed by accident.
fn sandbox_identity(given: &Given) -> (String, Backend) {
    let key = given.0.get("api_key").cloned().unwrap_or_else(|| "SANDBOX".to_owned());
    let backend = given.0.get("backend").and_then(|name| Backend::by_name(name));
    (key, backend.unwrap_or(Backend::MinChat))
}

fn config(command: ConfigCommand, given: &Given) -> anyhow::Result<ExitCode> {
    match command {
        ConfigCommand::Path => print(format!("{}\n", config_file(given)?.display()).as_bytes()),
        ConfigCommand::Init => init(given),
        ConfigCommand::Check => {
            let loaded = load(given, &surroundings(), Purpose::Account);
            let lines = loaded.in_force.iter().map(|line| cli::in_force(line.key, &line.value, &line.source) + "\n");
            let store = loaded.outcome.as_ref().ok().map(|settings| {
                let file = runtime::store_file(settings).map(|file| file.display().to_string());
                format!("{:<18}{}\n", "store", file.as_deref().unwrap_or("nothing is saved to disk"))
            });
            let warnings = loaded.warnings.0.iter().map(|warning| cli::warning(&warning.to_string()) + "\n");
            print(lines.chain(store).chain(warnings).collect::<String>().as_bytes())?;
            loaded.outcome.map_err(|problems| invalid(&problems))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn config_file(given: &Given) -> Result<PathBuf, Failure> {
    let named = given.0.get("config").cloned().or_else(|| variable("MINCHAT_CONFIG").filter(|path| !path.is_empty()));
    let file = named.map(PathBuf::from).or_else(|| Paths::of_user().config_file());
    file.ok_or_else(|| Failure::usage("There is no home folder. Set HOME, or choose a file with --config."))
}

fn init(given: &Given) -> anyhow::Result<ExitCode> {
    let path = config_file(given)?;
    let shown = path.display();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::usage(format!("{shown} already exists. Move it away to create a new one."))
        }
        _ => Failure::usage(format!("Cannot write {shown}: {error}. Choose another file with --config.")),
    };
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir).map_err(failed)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // The user may write a key into it.
        options.mode(0o600);
    }
    let mut file = options.open(&path).map_err(failed)?;
    file.write_all(DEFAULT_CONFIG.as_bytes()).map_err(failed)?;
    print(
        format!(
            "Created {shown}. Everything in it is commented out; `minchat-tui config check` shows the settings in effect.\n"
        )
        .as_bytes(),
    )
}

/// Prints to standard output. A closed pipe is not an error.
fn print(text: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        printed => printed.map(|()| ExitCode::SUCCESS).context("Cannot write to standard output"),
    }
}
