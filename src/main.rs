//! The entry point: parses the command line, loads the settings, runs the command and returns its exit code.

use std::fs;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use minchat_tui::cli::{self, Cli, Command, ConfigCommand};
use minchat_tui::config::{
    Backend, CliValues, DEFAULT_CONFIG, EffectiveValue, OptionSpec, Paths, Problems, SettingsPurpose, check,
    quotable_path,
};
use minchat_tui::runtime::{self, Answer, Configuration, Failure, Load, Replay, Serve, environment};

fn main() -> ExitCode {
    // Before anything secret is read.
    runtime::forbid_core_dumps();
    let arguments: Vec<String> = std::env::args_os().map(|text| text.to_string_lossy().into_owned()).collect();
    let values = arguments.iter().skip(1).filter_map(|word| word.rsplit('=').next());
    let variables = OptionSpec::path_variables().chain(["HOME"]).filter_map(environment().variable);
    runtime::show_paths(values.map(str::to_owned).chain(variables));
    match cli::parse(&environment().variable) {
        Ok(cli) => dispatch(&cli).unwrap_or_else(|error| Failure::print(&error)),
        Err(error) => {
            // If standard error is closed, nobody is left to tell.
            let _ = io::stderr()
                .lock()
                .write_all(cli::usage_error(error, arguments.get(1..).unwrap_or_default()).as_bytes());
            ExitCode::from(2)
        }
    }
}

fn dispatch(cli: &Cli) -> anyhow::Result<ExitCode> {
    let values = &cli.options.0;
    runtime::find_proxy_variable();
    if let Some(command) = &cli.command {
        command.accepts(values).map_err(Failure::usage)?;
    }
    match &cli.command {
        None => {
            let mut configuration = Configuration::load(values, SettingsPurpose::Account);
            if configuration.has_no_account() {
                let of_demo = Configuration::load(values, SettingsPurpose::Demo);
                match runtime::ask_for_account(&of_demo)? {
                    Answer::Unasked => {}
                    Answer::Leave => return Ok(ExitCode::SUCCESS),
                    Answer::Demo => {
                        let demo = runtime::Demo { seed: 1, ..runtime::Demo::default() };
                        return runtime::demo(&demo, of_demo.settings()?, of_demo);
                    }
                    Answer::Start => configuration = Configuration::load(values, SettingsPurpose::Account),
                }
            }
            let settings = configuration.settings()?;
            runtime::redact_secrets_of(&settings);
            runtime::log_to_file(settings.log.as_deref())?;
            runtime::print_warnings(&settings.warnings, settings.ascii);
            runtime::run(settings, configuration)
        }
        Some(Command::Demo { seed, port, people }) => {
            let of_one = ["user", "name"].into_iter().find(|key| !people.is_empty() && values.get(key).is_some());
            if let Some(key) = of_one {
                return Err(Failure::usage(format!("--{key} has no effect with `--as`. Remove it.")).into());
            }
            let configuration = Configuration::load(values, SettingsPurpose::Demo);
            let settings = configuration.settings()?;
            runtime::log_to_file(settings.log.as_deref())?;
            runtime::print_warnings(&settings.warnings, settings.ascii);
            let demo = runtime::Demo { seed: *seed, port: *port, people: people.clone() };
            runtime::demo(&demo, settings, configuration)
        }
        Some(Command::Serve { bind, port, clock, cors, empty, seed, connections, fault, fault_seed }) => {
            let (api_key, backend) = sandbox_identity(values)?;
            runtime::serve(Serve {
                bind: port.map_or(*bind, |port| (Ipv4Addr::LOCALHOST, port).into()),
                clock: clock.clone(),
                cors: cors.clone(),
                backend,
                api_key,
                people: !empty,
                seed: *seed,
                connections: *connections as usize,
                faults: fault.join(","),
                fault_seed: *fault_seed,
            })
        }
        Some(Command::Run { file, format }) => {
            let is_both = given(values, "backend").is_some_and(|name| name == "both");
            let backends = if is_both { Backend::ALL.to_vec() } else { vec![sandbox_identity(values)?.1] };
            // The one address of the environment cannot be meant for both.
            let is_given = |key| if is_both { values.get(key).is_some() } else { given(values, key).is_some() };
            let is_real = is_given("url") || is_given("default_profile");
            let of_account = ["api_key", "config", "data_dir", "incognito"];
            if let Some(key) = of_account.into_iter().find(|key| !is_real && values.get(key).is_some()) {
                let flag = OptionSpec::by_key(key).map_or("", OptionSpec::long_flag);
                let sentence =
                    format!("{flag} has no effect without --url or --profile. Remove it, or add one of them.");
                return Err(Failure::usage(sentence).into());
            }
            // The user names are those of the people, and not of the profile. Several profiles have their own.
            let mut of_people = values.clone();
            if !given(values, "default_profile").is_some_and(|profiles| profiles.contains(',')) {
                of_people.0.entry("user").or_insert_with(|| "scenario".to_owned());
            }
            let account =
                if is_real { Some(Configuration::load(&of_people, SettingsPurpose::Script).settings()?) } else { None };
            account.iter().for_each(runtime::redact_secrets_of);
            account.iter().for_each(|account| runtime::print_warnings(&account.warnings, account.ascii));
            let log = account.as_ref().and_then(|account| account.log.clone());
            runtime::log_to_file(log.or_else(|| given(values, "log").map(PathBuf::from)).as_deref())?;
            runtime::run_scenario(file, (*format).into(), &backends, account.as_ref())
        }
        Some(Command::Headless(command)) => {
            let configuration = Configuration::load(values, SettingsPurpose::Script);
            let settings = configuration.settings()?;
            runtime::redact_secrets_of(&settings);
            runtime::log_to_file(settings.log.as_deref())?;
            runtime::print_warnings(&settings.warnings, settings.ascii);
            runtime::run_job(&settings, command.job(values.get("room")))
        }
        Some(Command::Replay { file, speed, step, format }) => {
            let format = format.map(|format| match format {
                cli::ReplayFormat::Text => runtime::ReplayFormat::Text,
                cli::ReplayFormat::Svg => runtime::ReplayFormat::Svg,
                cli::ReplayFormat::Asciicast => runtime::ReplayFormat::Asciicast,
            });
            runtime::replay(&Replay { file: file.clone(), speed: *speed, step: *step, format })
        }
        Some(Command::Load { people, rate, rooms, time, max_errors, json, i_own_this_server }) => {
            let (api_key, backend) = sandbox_identity(values)?;
            let url = given(values, "url");
            // A sandbox of its own gets a key of its own.
            let api_key = api_key.or_else(|| url.as_ref().and_then(|_| given(values, "api_key")));
            runtime::run_load(Load {
                url,
                api_key,
                backend,
                people: *people as usize,
                rooms: rooms.map(|rooms| rooms as usize),
                rate: *rate,
                time: *time,
                max_errors: *max_errors,
                json: *json,
                owns_server: *i_own_this_server,
            })
        }
        Some(Command::Config { command }) => config(command, values),
        Some(Command::Completions { shell }) => print(&cli::completions(*shell)),
        Some(Command::Man) => print(&cli::man()?),
    }
}

fn invalid(problems: &Problems) -> Failure {
    Failure::usage(problems.to_string())
}

/// Returns the value of an option, from the command line or its environment variable.
fn given(values: &CliValues, key: &str) -> Option<String> {
    let variable = || {
        let name = OptionSpec::by_key(key)?.variable?;
        (environment().variable)(name).filter(|value| !value.is_empty())
    };
    values.get(key).map(str::to_owned).or_else(variable)
}

/// Returns the API key that the sandbox accepts, if it is given, and the service that it simulates. The environment
/// variable of the key is ignored here, because `serve` prints the key and must not print a real one by accident.
fn sandbox_identity(values: &CliValues) -> Result<(Option<String>, Backend), Failure> {
    let key = values.get("api_key").map(str::to_owned);
    let backend = given(values, "backend").map_or(Some(Backend::MinChat), |name| Backend::by_name(&name));
    let sentence = "A server simulates one service. Use minchat or vchat, for --backend or MINCHAT_BACKEND.";
    Ok((key, backend.ok_or_else(|| Failure::usage(sentence))?))
}

fn config(command: &ConfigCommand, values: &CliValues) -> anyhow::Result<ExitCode> {
    match command {
        ConfigCommand::Path => print_safely(&format!("{}\n", config_file(values)?.display())),
        ConfigCommand::Init => init(values),
        ConfigCommand::Add { name } => {
            match runtime::add_profile(&Configuration::load(values, SettingsPurpose::Demo), name)? {
                Some(sentence) => print_safely(&(sentence + "\n")),
                None => Ok(ExitCode::from(runtime::UNANSWERED)),
            }
        }
        ConfigCommand::Check => {
            let loaded = check(values, &environment(), SettingsPurpose::Account);
            loaded.settings.iter().for_each(runtime::redact_secrets_of);
            let is_shown = |line: &&EffectiveValue| {
                line.profile.is_none() || OptionSpec::by_key(line.key).is_some_and(OptionSpec::is_account_option)
            };
            let lines = loaded.effective.iter().filter(is_shown);
            let lines = lines.map(|line| cli::effective_value(line.key, &line.value, &line.source) + "\n");
            let store = loaded.settings.as_ref().ok().map(|settings| {
                let file = runtime::store_file(settings).map(|file| file.display().to_string());
                format!("{:<18}{}\n", "store", file.as_deref().unwrap_or("nothing is saved to disk"))
            });
            let warnings = loaded.warnings.0.iter().map(|warning| cli::warning(&warning.to_string()) + "\n");
            print_safely(&lines.chain(store).chain(warnings).collect::<String>())?;
            loaded.settings.map_err(|problems| invalid(&problems))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn config_file(values: &CliValues) -> Result<PathBuf, Failure> {
    let named = values
        .get("config")
        .map(str::to_owned)
        .or_else(|| (environment().variable)("MINCHAT_CONFIG").filter(|path| !path.is_empty()));
    let file = named.map(PathBuf::from).or_else(|| Paths::of_user().config_file());
    file.ok_or_else(|| Failure::usage("There is no home folder. Set HOME, or choose a file with --config."))
}

fn init(values: &CliValues) -> anyhow::Result<ExitCode> {
    let path = config_file(values)?;
    let shown = path.display();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::usage(format!("{shown} already exists. Move it away to create a new one."))
        }
        _ => {
            let shown = quotable_path(&path);
            Failure::usage(format!("Cannot write {shown}: {error}. Choose another file with --config."))
        }
    };
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir).map_err(failed)?;
    }
    // The user may write a key into the file.
    let mut file = runtime::create_private(&path).map_err(failed)?;
    file.write_all(DEFAULT_CONFIG.as_bytes()).map_err(failed)?;
    print_safely(&format!(
        "Created {shown}. Everything in it is commented out; `minchat-tui config check` shows the settings in effect.\n"
    ))
}

/// Prints text that may contain a path or a setting, in which any character may occur.
fn print_safely(text: &str) -> anyhow::Result<ExitCode> {
    print(runtime::redacted(text).as_bytes())
}

/// Prints to standard output. A closed pipe is not an error.
fn print(text: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        printed => printed.map(|()| ExitCode::SUCCESS).context("Cannot write to standard output"),
    }
}
