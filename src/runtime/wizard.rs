//! Runs the wizard, which asks for an account if nothing describes one: draws it, tests the connection and saves the
//! answers. What it asks is decided in `app::Wizard`.

use std::fs::OpenOptions;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tokio::runtime::Builder;
use tokio::sync::mpsc;

use crate::app::{Check, CheckResult, Event, KeyPlace, Options, Wizard, WizardEffect, WizardFiles, stored};
use crate::config::{
    Credential, LOGIN_VARIABLE, NewAccount, Secret, SecretContext, SecretSource, Settings, quotable_path,
    secret_variables, store_in_keyring,
};
use crate::domain::{AccountId, ConnectionStatus, ServerEvent};
use crate::net::{Connection, FeedReceiver};

use super::account::connect;
use super::client::{is_dumb, options};
use super::config_file;
use super::configuration::{Configuration, environment};
use super::event_loop::{Display, Input, Inputs};
use super::failure::Failure;
use super::redact::redact_secrets_of;
use super::signals;
use super::terminal::Terminal;
use super::tty::Tty;

/// Capacity of the signal queue.
const SIGNAL_CAPACITY: usize = 16;

/// Name of the profile that is created. There is none yet.
const PROFILE: &str = "default";

/// Number of names that are tried for the file of the key.
const MAX_KEY_FILES: usize = 100;

/// Result of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nobody can be asked, because this is no terminal.
    Unasked,
    /// The user wants to leave.
    Leave,
    /// The user wants to see the demo.
    Demo,
    /// The account is in the configuration.
    Start,
}

/// Asks for an account in the terminal, if there is one. `configuration` is that of the demo, which needs no account.
///
/// # Errors
/// The terminal cannot be used.
pub fn ask_for_account(configuration: &Configuration) -> anyhow::Result<Answer> {
    let settings = configuration.settings()?;
    // The questions are drawn, which is of no use to those who want lines.
    let is_drawable = io::stdin().is_terminal() && io::stdout().is_terminal() && !settings.linear && !is_dumb();
    let Some(file) = configuration.file().filter(|_| is_drawable) else { return Ok(Answer::Unasked) };
    super::panics::install_hook();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(ask(&settings, &file));
    runtime.shutdown_background();
    answer
}

async fn ask(settings: &Settings, file: &Path) -> anyhow::Result<Answer> {
    let (sender, signals) = mpsc::channel(SIGNAL_CAPACITY);
    signals::forward_into(&sender)?;
    let no_terminal = |error| Failure::usage(format!("The terminal cannot be used: {error}. Run this in a terminal."));
    let terminal = Terminal::enter(false, false).map_err(no_terminal)?;
    let inputs = Tty::open(signals, settings.escape_time)?;
    let key_file = free_key_file(file);
    let shown = key_file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = WizardFiles { config: file.display().to_string(), key: shown };
    let mut asking = Asking {
        wizard: Wizard::new(files),
        terminal,
        options: options(settings),
        file: file.to_owned(),
        key_file,
        test: None,
    };
    asking.run(inputs).await
}

/// Returns a name for the file of the key that no other file has, beside the configuration file.
fn free_key_file(config: &Path) -> PathBuf {
    let folder = config.parent().unwrap_or(Path::new(""));
    let names = (1..MAX_KEY_FILES).map(|number| match number {
        1 => format!("{PROFILE}.key"),
        number => format!("{PROFILE}-{number}.key"),
    });
    let mut paths = names.map(|name| folder.join(name));
    paths.find(|path| std::fs::symlink_metadata(path).is_err()).unwrap_or_else(|| folder.join(format!("{PROFILE}.key")))
}

/// The wizard, and what it works with.
struct Asking {
    wizard: Wizard,
    terminal: Terminal,
    options: Options,
    file: PathBuf,
    key_file: PathBuf,
    /// The connection that is being tested.
    test: Option<(Connection, FeedReceiver)>,
}

impl Asking {
    async fn run(&mut self, mut inputs: Tty) -> anyhow::Result<Answer> {
        loop {
            // What has arrived already is handled first, as in the event loop.
            let input = match inputs.try_next() {
                Some(input) => Some(input),
                None => {
                    self.terminal.draw_wizard(&self.wizard, &self.options)?;
                    tokio::select! {
                        input = inputs.next() => Some(input),
                        event = next_event(&mut self.test) => {
                            self.on_server(event);
                            None
                        }
                    }
                }
            };
            let effect = match input {
                Some(Input::Interrupt | Input::End) => return Ok(Answer::Leave),
                Some(input) => self.on_input(input)?,
                None => None,
            };
            match effect {
                None => {}
                Some(WizardEffect::Leave) => return Ok(Answer::Leave),
                Some(WizardEffect::Demo) => return Ok(Answer::Demo),
                Some(WizardEffect::CancelTest) => self.test = None,
                Some(WizardEffect::Test(account)) => self.start_test(&account)?,
                Some(WizardEffect::Save(account)) => match self.save(account) {
                    Ok(()) => return Ok(Answer::Start),
                    Err(sentence) => self.wizard.on_save_failed(sentence),
                },
            }
        }
    }

    fn on_input(&mut self, input: Input) -> io::Result<Option<WizardEffect>> {
        match input {
            Input::Event(Event::Key(key)) => return Ok(self.wizard.on_key(key, &self.options.keymap)),
            Input::Event(Event::Paste(text)) => self.wizard.on_paste(&text),
            Input::Resized => self.terminal.invalidate(),
            Input::Suspend if self.terminal.can_suspend() => self.terminal.suspend()?,
            Input::Resumed => self.terminal.resume()?,
            Input::Event(_) | Input::Suspend | Input::Interrupt | Input::End => {}
        }
        Ok(None)
    }

    /// Reads the key and opens a connection.
    fn start_test(&mut self, account: &NewAccount) -> io::Result<()> {
        self.test = None;
        let secret = match self.fetch(account)? {
            Ok(secret) => secret,
            Err(sentence) => {
                self.wizard.on_check(Check::Key, CheckResult::Failed(sentence));
                return Ok(());
            }
        };
        self.wizard.on_check(Check::Key, CheckResult::Passed);
        self.wizard.on_check(Check::Server, CheckResult::Running);
        let mut settings = Settings::new(&account.url, "", &account.user);
        settings.backend = account.backend;
        match account.credential {
            Credential::ApiKey | Credential::HashKey => settings.api_key = secret,
            Credential::Token => settings.token = Some(secret),
        }
        redact_secrets_of(&settings);
        let seed = RandomState::new().hash_one("seed");
        match connect(&settings, AccountId(0), None, seed) {
            Ok(test) => self.test = Some(test),
            Err(error) => self.wizard.on_check(Check::Server, CheckResult::Failed(format!("{error}."))),
        }
        Ok(())
    }

    /// Fetches the key. A program that prints it gets the terminal, since it may ask for a password.
    fn fetch(&mut self, account: &NewAccount) -> io::Result<Result<Secret, String>> {
        let hidden_variables: Vec<String> = secret_variables().map(str::to_owned).collect();
        let environment = environment();
        let path = |written: &str| PathBuf::from(written);
        let context =
            SecretContext { hidden_variables: &hidden_variables, variable: environment.variable, path: &path };
        let runs_program = matches!(account.source, SecretSource::Command(_));
        if runs_program {
            self.terminal.lend()?;
        }
        let fetched = account.source.fetch(account.credential.key(), account.credential.noun(), &context);
        if runs_program {
            self.terminal.take_back()?;
        }
        Ok(fetched.and_then(|secret| account.credential.check(&secret)))
    }

    fn on_server(&mut self, event: Option<ServerEvent>) {
        let wizard = &mut self.wizard;
        let has_signed_in = wizard.checks.iter().any(|(check, _)| *check == Check::Live);
        let failed = |reason: &str| CheckResult::Failed(super::redact::redacted(reason));
        match event {
            Some(ServerEvent::SignedIn { .. }) => {
                wizard.on_check(Check::Server, CheckResult::Passed);
                wizard.on_check(Check::SignIn, CheckResult::Passed);
                wizard.on_check(Check::Live, CheckResult::Running);
            }
            Some(ServerEvent::Connection(ConnectionStatus::Online)) => {
                wizard.on_check(Check::Live, CheckResult::Passed);
                self.test = None;
            }
            Some(ServerEvent::Connection(ConnectionStatus::Refused { reason })) => {
                if !has_signed_in {
                    wizard.on_check(Check::Server, CheckResult::Passed);
                }
                let check = if has_signed_in { Check::Live } else { Check::SignIn };
                wizard.on_check(check, failed(&reason));
                self.test = None;
            }
            Some(ServerEvent::Connection(ConnectionStatus::Offline { reason, .. })) => {
                let check = if has_signed_in { Check::Live } else { Check::Server };
                wizard.on_check(check, failed(&reason));
                self.test = None;
            }
            Some(_) => {}
            None => self.test = None,
        }
    }

    /// Writes the key, then the profile.
    fn save(&self, account: NewAccount) -> Result<(), String> {
        let place = self.wizard.selected_place();
        let (account, secret) = stored(account, place, &self.wizard.files);
        // Checked before the key is written.
        let change = |text: &str| account.add_to(text, PROFILE);
        if let Some(secret) = secret {
            change(&std::fs::read_to_string(&self.file).unwrap_or_default())?;
            match place {
                KeyPlace::Keyring => {
                    let login = (environment().variable)(LOGIN_VARIABLE);
                    if let SecretSource::Keyring(service) = &account.source {
                        store_in_keyring(service, login.as_deref(), &secret)?;
                    }
                }
                _ => write_key(&self.key_file, &secret)?,
            }
        }
        config_file::change(&self.file, change)
    }
}

/// Writes the key into a new file that only this user can read.
fn write_key(path: &Path, secret: &Secret) -> Result<(), String> {
    let write = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(format!("{}\n", secret.reveal()).as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error: io::Error| {
        let shown = quotable_path(path);
        format!("Cannot write {shown}: {error}. Choose another place for the key.")
    })
}

/// Waits for the next event of the tested connection. Cancel safe.
async fn next_event(test: &mut Option<(Connection, FeedReceiver)>) -> Option<ServerEvent> {
    match test {
        Some((_, events)) => events.recv().await,
        None => std::future::pending().await,
    }
}
