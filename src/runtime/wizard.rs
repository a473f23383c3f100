//! Runs the wizard, which asks for an account if nothing describes one: draws it, tests the connection and saves the
//! answers. What it asks is decided in `app::Wizard`.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::app::{Check, CheckResult, Event, Options, SuggestedService, Wizard, WizardEffect, WizardFiles, stored};
use crate::config::{
    Credential, LOGIN_VARIABLE, NO_PROFILE, NewAccount, Secret, SecretContext, SecretSource, Settings, quotable_path,
    secret_variables, store_in_keyring,
};
use crate::domain::{AccountId, ConnectionStatus, ServerEvent};
use crate::net::{Connection, FeedReceiver};

use super::account::connect;
use super::client::{is_dumb, options};
use super::config_file::{self, Readers};
use super::configuration::{Configuration, environment};
use super::event_loop::{Display, Input, Inputs, LATE};
use super::failure::Failure;
use super::redact::redact_secrets_of;
use super::save_path::{folder_of, free_path};
use super::signals;
use super::terminal::Terminal;
use super::tty::Tty;

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
    open(configuration, None)
}

/// Asks for an account in the terminal, and adds it to the configuration as another profile. Returns a sentence that
/// says so; `None` if the user has left before. `configuration` is that of the demo, which needs no account.
///
/// # Errors
/// There is such a profile, or the terminal cannot be used.
pub fn add_profile(configuration: &Configuration, name: &str) -> anyhow::Result<Option<String>> {
    let name = NewAccount::check_profile(name).map_err(Failure::usage)?;
    let file = configuration.file().unwrap_or_default();
    let shown = quotable_path(&file);
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    if NewAccount::is_profile_in(&text, &name).map_err(Failure::usage)? {
        let sentence = format!("{shown} has a profile {name} already. Choose another name, or change it there.");
        return Err(Failure::usage(sentence).into());
    }
    match open(configuration, Some(&name))? {
        Answer::Start => Ok(Some(format!("Added the profile {name} to {shown}."))),
        Answer::Unasked => {
            let sentence =
                format!("The questions need a terminal that can be drawn on. Add [profiles.{name}] to {shown}.");
            Err(Failure::usage(sentence).into())
        }
        Answer::Leave | Answer::Demo => Ok(None),
    }
}

fn open(configuration: &Configuration, profile: Option<&str>) -> anyhow::Result<Answer> {
    let settings = configuration.settings()?;
    // The questions are drawn, which is of no use to those who want lines.
    let is_drawable = io::stdin().is_terminal() && io::stdout().is_terminal() && !settings.linear && !is_dumb();
    let Some(file) = configuration.file().filter(|_| is_drawable) else { return Ok(Answer::Unasked) };
    super::panics::install_hook();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(ask(&settings, &file, profile, configuration.named_service()));
    runtime.shutdown_background();
    answer
}

async fn ask(
    settings: &Settings,
    file: &Path,
    profile: Option<&str>,
    suggested: SuggestedService,
) -> anyhow::Result<Answer> {
    let signals = signals::receive()?;
    let no_terminal = |error| Failure::usage(format!("The terminal cannot be used: {error}. Run this in a terminal."));
    let terminal = Terminal::enter(false, false).map_err(no_terminal)?;
    let inputs = Tty::open(signals, settings.escape_time)?;
    let key_file = free_path(&folder_of(file).join(format!("{}.key", profile.unwrap_or(NO_PROFILE))));
    let shown = key_file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = WizardFiles { config: file.display().to_string(), key: shown };
    let mut asking = Asking {
        wizard: Wizard::new(files, profile.map(str::to_owned), suggested),
        terminal,
        options: options(settings),
        file: file.to_owned(),
        key_file,
        test: None,
        program_ended: None,
    };
    asking.run(inputs).await
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
    /// When the last program ended that had the terminal.
    program_ended: Option<Instant>,
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
                // Ctrl+C at the question of a program was meant for that program.
                Some(Input::Interrupt) if self.program_ended.is_some_and(|ended| ended.elapsed() < LATE) => None,
                Some(Input::Interrupt | Input::End) => return Ok(Answer::Leave),
                Some(input) => self.on_input(input)?,
                None => None,
            };
            match effect {
                None => {}
                Some(WizardEffect::Leave) => return Ok(Answer::Leave),
                Some(WizardEffect::Demo) => return Ok(Answer::Demo),
                Some(WizardEffect::Suspend) => self.suspend()?,
                Some(WizardEffect::Redraw) => self.terminal.invalidate(),
                Some(WizardEffect::CancelTest) => self.test = None,
                Some(WizardEffect::Test(account)) => match self.fetch(&account, &mut inputs).await? {
                    Some(secret) => self.start_test(&account, secret),
                    None => return Ok(Answer::Leave),
                },
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
            Input::Suspend => self.suspend()?,
            Input::Resumed => self.terminal.resume()?,
            Input::Event(_) | Input::Name(_) | Input::Interrupt | Input::End => {}
        }
        Ok(None)
    }

    fn suspend(&mut self) -> io::Result<()> {
        if self.terminal.can_suspend() { self.terminal.suspend() } else { Ok(()) }
    }

    /// Opens a connection with the key, unless that could not be read.
    fn start_test(&mut self, account: &NewAccount, secret: Result<Secret, String>) {
        let secret = match secret {
            Ok(secret) => secret,
            Err(sentence) => return self.wizard.on_check(Check::Key, CheckResult::Failed(sentence)),
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
        match connect(&settings, AccountId(0), None, seed, None) {
            Ok(test) => self.test = Some(test),
            Err(error) => self.wizard.on_check(Check::Server, CheckResult::Failed(format!("{error}."))),
        }
    }

    /// Fetches the key. A program that prints it gets the terminal, since it may ask for a password. Returns `None` if
    /// this process was asked to end meanwhile.
    async fn fetch(&mut self, account: &NewAccount, inputs: &mut Tty) -> io::Result<Option<Result<Secret, String>>> {
        self.test = None;
        let runs_program = matches!(account.source, SecretSource::Command(_));
        if runs_program {
            self.terminal.lend()?;
            inputs.pause(true);
        }
        let (source, credential) = (account.source.clone(), account.credential);
        let mut fetching = spawn_blocking(move || fetch(&source, credential));
        let fetched = loop {
            tokio::select! {
                fetched = &mut fetching => break fetched.map_err(io::Error::other)?,
                input = inputs.next(), if runs_program => match input {
                    Input::End => return Ok(None),
                    // The program stops itself.
                    Input::Suspend if self.terminal.can_suspend() => self.terminal.stop()?,
                    _ => {}
                },
            }
        };
        if runs_program {
            self.program_ended = Some(Instant::now());
            inputs.pause(false);
            self.terminal.take_back()?;
        }
        Ok(Some(fetched))
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
        let name = self.wizard.profile.as_deref().unwrap_or(NO_PROFILE);
        let profile = NewProfile { file: &self.file, name, account: &account };
        match (&account.source, secret) {
            (SecretSource::Keyring(service), Some(secret)) => {
                let login = (environment().variable)(LOGIN_VARIABLE);
                profile.save(Readers::Unchanged, || store_in_keyring(service, login.as_deref(), &secret))
            }
            (SecretSource::File(_), Some(secret)) => profile.save_with_key_file(&self.key_file, &secret),
            (SecretSource::Plain(_), _) => profile.save(Readers::Owner, || Ok(())),
            _ => profile.save(Readers::Unchanged, || Ok(())),
        }
    }
}

/// An account that is added to a configuration file.
struct NewProfile<'a> {
    file: &'a Path,
    name: &'a str,
    account: &'a NewAccount,
}

impl NewProfile<'_> {
    /// Adds the profile. If that is possible, the secret is stored before.
    fn save(&self, readers: Readers, store: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
        config_file::change(self.file, readers, |text| {
            let changed = self.account.add_to(text, self.name)?;
            store()?;
            Ok(changed)
        })
    }

    /// Adds the profile, with a new file for the key. If it cannot be added, that file is removed, so that another
    /// attempt can create it.
    fn save_with_key_file(&self, key_file: &Path, secret: &Secret) -> Result<(), String> {
        let mut is_written = false;
        let added = self.save(Readers::Unchanged, || {
            write_key(key_file, secret)?;
            is_written = true;
            Ok(())
        });
        if added.is_err() && is_written {
            // What the user has to know is why it is not needed.
            let _ = std::fs::remove_file(key_file);
        }
        added
    }
}

fn fetch(source: &SecretSource, credential: Credential) -> Result<Secret, String> {
    let hidden_variables: Vec<String> = secret_variables().map(str::to_owned).collect();
    let environment = environment();
    let path = |written: &str| PathBuf::from(written);
    let context = SecretContext {
        hidden_variables: &hidden_variables,
        variable: environment.variable,
        path: &path,
        has_terminal: true,
    };
    source.fetch(credential.key(), credential.noun(), &context).and_then(|secret| credential.check(&secret))
}

/// Writes the key into a new file that only this user can read.
fn write_key(path: &Path, secret: &Secret) -> Result<(), String> {
    config_file::create(path, &format!("{}\n", secret.reveal())).map_err(|error| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Backend;

    /// The file of the key stayed, and the next attempt failed because it existed.
    #[cfg(unix)]
    #[test]
    fn failed_save_leaves_no_key_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, key_file) = (folder.path().join("config.toml"), folder.path().join("default.key"));
        let account = NewAccount {
            backend: Backend::MinChat,
            url: "http://127.0.0.1:4000".to_owned(),
            credential: Credential::ApiKey,
            source: SecretSource::File("default.key".to_owned()),
            user: "alice".to_owned(),
        };
        let profile = NewProfile { file: &file, name: NO_PROFILE, account: &account };
        let save = || profile.save_with_key_file(&key_file, &Secret::new("k3y"));
        // A link to a file that cannot be written.
        std::os::unix::fs::symlink(folder.path().join("nowhere/config.toml"), &file).expect("a link");
        assert!(save().is_err_and(|sentence| sentence.contains("Nothing was saved")));
        assert!(!key_file.exists());
        std::fs::remove_file(&file).expect("the link");
        assert_eq!(save(), Ok(()));
        assert!(key_file.exists());
        assert!(save().is_err_and(|sentence| sentence.contains("has a profile")));
        assert!(key_file.exists(), "it is in use");
    }

    #[test]
    fn key_file_is_private_and_replaces_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/default.key");
        write_key(&path, &Secret::new("k3y")).expect("it can be written");
        assert!(write_key(&path, &Secret::new("another")).is_err_and(|sentence| sentence.contains("another place")));
        assert_eq!(std::fs::read_to_string(&path).ok().as_deref(), Some("k3y\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(
            std::fs::read_dir(folder.path().join("new")).expect("a folder").count(),
            1,
            "no temporary file is left"
        );
    }
}
