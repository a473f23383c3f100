//! The command: reads the file, starts the servers, and prints the report.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::config::{Backend, Settings};
use crate::headless::{ReportFormat, Scenario, write_report};
use crate::input::Key;
use crate::runtime::failure::Failure;
use crate::runtime::serve::service;
use crate::server;

use super::run::play;

/// Time limit for signing in and for each answer.
const LIMIT: Duration = Duration::from_secs(30);

/// Plays the scenario of a file on the services of `account` and its other profiles, or on a sandbox server for each of
/// the back ends if there is none.
///
/// # Errors
/// A sentence for the user: the file cannot be read, or somebody cannot sign in.
pub fn run_scenario(
    file: &Path,
    format: ReportFormat,
    backends: &[Backend],
    account: Option<&Settings>,
) -> anyhow::Result<ExitCode> {
    let is_input = file == Path::new("-");
    let shown = if is_input { "standard input".to_owned() } else { file.display().to_string() };
    let text = if is_input { io::read_to_string(io::stdin()) } else { std::fs::read_to_string(file) };
    let text = text.map_err(|error| Failure::usage(format!("{shown} cannot be read: {error}. Check the path.")))?;
    let scenario = Scenario::parse(&text, &Backend::ALL.map(Backend::name))
        .and_then(|scenario| check_keys(&scenario).map(|()| scenario))
        .map_err(|reason| Failure::usage(format!("{shown}: {reason}")))?;
    // The servers have a thread of their own, so that the people are connected as with a remote server.
    let servers = Builder::new_multi_thread().worker_threads(1).thread_name("sandbox").enable_all().build()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut results = Vec::new();
    let accounts: Vec<&Settings> = account.into_iter().flat_map(Settings::profiles).collect();
    for account in &accounts {
        let name = if accounts.len() > 1 { account.profile.as_str() } else { account.backend.name() };
        let people = people(&scenario, |name| Settings { user: name.to_owned(), ..(*account).clone() });
        results.push(runtime.block_on(Box::pin(play(&scenario, name, &people, LIMIT)))?);
    }
    if accounts.is_empty() {
        for backend in backends {
            let options = server::Options {
                service: service(*backend),
                api_key: server::random_key(),
                ..server::Options::default()
            };
            let server = servers.block_on(server::start(options))?;
            let people = people(&scenario, |name| Settings {
                backend: *backend,
                ..Settings::new(&server.url(), server.api_key(), name)
            });
            results.push(runtime.block_on(Box::pin(play(&scenario, backend.name(), &people, LIMIT)))?);
            servers.block_on(server.stop());
        }
    }
    runtime.shutdown_background();
    let passed = results.iter().all(crate::headless::ScenarioResult::passed);
    let mut out = io::stdout().lock();
    match write_report(&mut out, format, &results).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Finds what is no key.
fn check_keys(scenario: &Scenario) -> Result<(), String> {
    scenario.steps.iter().enumerate().try_for_each(|(index, step)| match step.keys.as_deref().map(Key::parse_all) {
        Some(Err(error)) => Err(step.problem(index, &format!("{error}."))),
        _ => Ok(()),
    })
}

/// Returns the settings of all people.
fn people(scenario: &Scenario, settings: impl Fn(&str) -> Settings) -> BTreeMap<String, Settings> {
    let person = |(name, spec): (&String, &crate::headless::PersonSpec)| {
        (name.clone(), Settings { name: spec.name.clone(), room: None, others: Vec::new(), ..settings(name) })
    };
    scenario.people.iter().map(person).collect()
}
