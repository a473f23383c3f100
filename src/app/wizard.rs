//! The questions that `minchat-tui` asks if nothing describes an account: service, address, key, user, and whether to
//! save the answers.
//!
//! [`Wizard`] is a state machine of its own, which the runtime drives instead of the chat. Nothing is written before the
//! last step is confirmed.

use crate::app::overlays::text_input::TextInput;
use crate::config::{Backend, Credential, HAS_KEYRING, MINCHAT_URL, NewAccount, Secret, SecretSource};
use crate::input::{Action, Context, Key, Keymap};

/// Service name of a key in the keyring.
const KEYRING_SERVICE: &str = "minchat-tui";

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WizardStep {
    /// Which service.
    Service,
    /// Its address.
    Address,
    /// The key or token, and where to keep it.
    Key,
    /// The user name.
    User,
    /// Whether to save, with the result of a test of the connection.
    Summary,
}

/// A service to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// MinChat.
    MinChat,
    /// V Chat, with the hash key of the server.
    VChatHashKey,
    /// V Chat, with the access token of a user.
    VChatToken,
    /// The demo.
    Demo,
}

/// A place for the key or token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// A file of its own.
    File,
    /// The keyring.
    Keyring,
    /// The configuration file.
    Config,
    /// A program that prints it. The user types the program.
    Command,
    /// An environment variable. The user types its name.
    Variable,
}

/// An entry of the last question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Save and open the chat.
    Start,
    /// Test the connection again.
    Retry,
    /// Go back to the answers.
    Change,
}

/// A part of the test of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The key can be read.
    Key,
    /// The server answers.
    Server,
    /// The server accepts key and user.
    SignIn,
    /// Messages can arrive.
    Live,
}

/// The result of a part of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckResult {
    /// Not known yet.
    Running,
    /// It works.
    Passed,
    /// It does not work, and why.
    Failed(String),
}

/// Work for the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WizardEffect {
    /// Test the connection; answered with [`Wizard::on_check`].
    Test(NewAccount),
    /// End the test.
    CancelTest,
    /// Save the account, then open the chat. If that fails, answered with [`Wizard::on_save_failed`].
    Save(NewAccount),
    /// Open the demo.
    Demo,
    /// Leave without having written anything.
    Leave,
}

/// Files that would be written, as they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WizardFiles {
    /// The configuration file.
    pub config: String,
    /// The file for the key, relative to the folder of the configuration file.
    pub key: String,
}

/// The questions and the answers so far.
#[derive(Debug, Clone)]
pub struct Wizard {
    /// The present question.
    pub step: WizardStep,
    /// Index of the selected service.
    pub service: usize,
    /// The address.
    pub address: TextInput,
    /// Index of the selected place for the key.
    pub place: usize,
    /// The key, token, program or name of a variable.
    pub secret: TextInput,
    /// The user name.
    pub user: TextInput,
    /// Index of the selected decision.
    pub decision: usize,
    /// The parts of the test so far.
    pub checks: Vec<(Check, CheckResult)>,
    /// Why the present answer cannot be used.
    pub error: Option<String>,
    /// The files that would be written.
    pub files: WizardFiles,
}

impl Service {
    /// All services, in the order of the list.
    pub const ALL: [Self; 4] = [Self::MinChat, Self::VChatHashKey, Self::VChatToken, Self::Demo];

    /// Returns its entry in the list.
    pub fn label(self) -> &'static str {
        match self {
            Self::MinChat => "MinChat",
            Self::VChatHashKey => "V Chat, with the hash key of the server",
            Self::VChatToken => "V Chat, with an access token",
            Self::Demo => "Just show me (simulated people, no account)",
        }
    }

    fn backend(self) -> Backend {
        match self {
            Self::MinChat | Self::Demo => Backend::MinChat,
            Self::VChatHashKey | Self::VChatToken => Backend::VChat,
        }
    }

    /// Returns what it needs to sign in.
    pub fn credential(self) -> Credential {
        match self {
            Self::MinChat | Self::Demo => Credential::ApiKey,
            Self::VChatHashKey => Credential::HashKey,
            Self::VChatToken => Credential::Token,
        }
    }
}

impl KeyPlace {
    /// Returns the places, in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        let all = [Self::File, Self::Keyring, Self::Config, Self::Command, Self::Variable];
        all.into_iter().filter(|place| HAS_KEYRING || *place != Self::Keyring)
    }

    /// Returns its entry in the list.
    pub fn label(self) -> &'static str {
        match self {
            Self::File => "Keep it in a file that only you can read",
            Self::Keyring => "Keep it in the keyring",
            Self::Config => "Keep it in the configuration file",
            Self::Command => "A program prints it, such as: pass show minchat",
            Self::Variable => "An environment variable has it",
        }
    }

    /// Whether the key itself is typed, which is then hidden.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::File | Self::Keyring | Self::Config)
    }
}

impl Decision {
    /// All decisions, in the order of the list.
    pub const ALL: [Self; 3] = [Self::Start, Self::Retry, Self::Change];

    /// Returns its entry in the list.
    pub fn label(self, has_failed: bool) -> &'static str {
        match self {
            Self::Start if has_failed => "Save and start anyway",
            Self::Start => "Save and start now",
            Self::Retry => "Test again",
            Self::Change => "Change the answers",
        }
    }
}

impl WizardStep {
    /// Number of questions.
    pub const COUNT: usize = 5;

    /// Returns its number, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    fn previous(self) -> Option<Self> {
        match self {
            Self::Service => None,
            Self::Address => Some(Self::Service),
            Self::Key => Some(Self::Address),
            Self::User => Some(Self::Key),
            Self::Summary => Some(Self::User),
        }
    }
}

impl Wizard {
    /// Creates the wizard at its first question.
    pub fn new(files: WizardFiles) -> Self {
        Self {
            step: WizardStep::Service,
            service: 0,
            address: TextInput::default(),
            place: 0,
            secret: TextInput::default(),
            user: TextInput::default(),
            decision: 0,
            checks: Vec::new(),
            error: None,
            files,
        }
    }

    /// Returns the selected service.
    pub fn selected_service(&self) -> Service {
        Service::ALL.get(self.service).copied().unwrap_or(Service::Demo)
    }

    /// Returns the selected place for the key.
    pub fn selected_place(&self) -> KeyPlace {
        KeyPlace::all().nth(self.place).unwrap_or(KeyPlace::File)
    }

    /// Whether a part of the test has failed.
    pub fn has_failed(&self) -> bool {
        self.checks.iter().any(|(_, result)| matches!(result, CheckResult::Failed(_)))
    }

    /// Returns the text field of the present question.
    pub fn field(&self) -> Option<&TextInput> {
        match self.step {
            WizardStep::Address => Some(&self.address),
            WizardStep::Key => Some(&self.secret),
            WizardStep::User => Some(&self.user),
            WizardStep::Service | WizardStep::Summary => None,
        }
    }

    /// Returns the entries of the list of the present question, and the index of the selected one.
    pub fn entries(&self) -> (Vec<&'static str>, usize) {
        match self.step {
            WizardStep::Service => (Service::ALL.map(Service::label).to_vec(), self.service),
            WizardStep::Key => (KeyPlace::all().map(KeyPlace::label).collect(), self.place),
            WizardStep::Summary => {
                let failed = self.has_failed();
                (Decision::ALL.map(|decision| decision.label(failed)).to_vec(), self.decision)
            }
            WizardStep::Address | WizardStep::User => (Vec::new(), 0),
        }
    }

    /// Handles a key.
    pub fn on_key(&mut self, key: Key, keymap: &Keymap) -> Option<WizardEffect> {
        let typed = key.typed().filter(|_| self.field().is_some());
        let bound = |contexts: &[Context]| keymap.action(contexts, key).filter(|_| typed.is_none());
        match bound(&[Context::Overlay, Context::Anywhere]) {
            Some(Action::Quit | Action::Interrupt) => return Some(WizardEffect::Leave),
            Some(Action::Cancel) => return self.back(),
            Some(Action::Confirm) => return self.confirm(),
            Some(Action::Up) => return self.move_by(-1),
            Some(Action::Down) => return self.move_by(1),
            _ => {}
        }
        let action = bound(&[Context::Composer, Context::Anywhere]);
        if let Some(field) = self.field_mut()
            && field.on_key(action, key).is_some()
        {
            self.error = None;
        }
        None
    }

    /// Handles pasted text.
    pub fn on_paste(&mut self, text: &str) {
        if let Some(field) = self.field_mut() {
            field.insert(text.trim());
            self.error = None;
        }
    }

    /// Handles the result of a part of the test. The last failure selects the way back to the answers.
    pub fn on_check(&mut self, check: Check, result: CheckResult) {
        if self.step != WizardStep::Summary {
            return;
        }
        if matches!(result, CheckResult::Failed(_)) {
            self.decision = Decision::ALL.iter().position(|decision| *decision == Decision::Change).unwrap_or_default();
        }
        match self.checks.iter_mut().find(|(known, _)| *known == check) {
            Some((_, known)) => *known = result,
            None => self.checks.push((check, result)),
        }
    }

    /// Tells the user why nothing was saved.
    pub fn on_save_failed(&mut self, sentence: String) {
        self.error = Some(sentence);
    }

    fn field_mut(&mut self) -> Option<&mut TextInput> {
        match self.step {
            WizardStep::Address => Some(&mut self.address),
            WizardStep::Key => Some(&mut self.secret),
            WizardStep::User => Some(&mut self.user),
            WizardStep::Service | WizardStep::Summary => None,
        }
    }

    fn move_by(&mut self, by: isize) -> Option<WizardEffect> {
        let (entries, chosen) = self.entries();
        let chosen = chosen.saturating_add_signed(by).min(entries.len().saturating_sub(1));
        match self.step {
            WizardStep::Service => self.service = chosen,
            WizardStep::Key => {
                let was_secret = self.selected_place().is_secret();
                self.place = chosen;
                if was_secret != self.selected_place().is_secret() {
                    // A key must not become visible, and a program is no key.
                    self.secret = TextInput::default();
                }
                self.error = None;
            }
            WizardStep::Summary => self.decision = chosen,
            WizardStep::Address | WizardStep::User => {}
        }
        None
    }

    fn back(&mut self) -> Option<WizardEffect> {
        self.error = None;
        let Some(previous) = self.step.previous() else { return Some(WizardEffect::Leave) };
        let was_testing = self.step == WizardStep::Summary;
        self.step = previous;
        was_testing.then_some(WizardEffect::CancelTest)
    }

    fn confirm(&mut self) -> Option<WizardEffect> {
        self.error = None;
        match self.step {
            WizardStep::Service if self.selected_service() == Service::Demo => Some(WizardEffect::Demo),
            WizardStep::Service => {
                self.suggest_address();
                self.step = WizardStep::Address;
                None
            }
            WizardStep::Address => {
                let backend = self.selected_service().backend();
                let checked = NewAccount::check_url(backend, &self.address.text).map(|_| ());
                self.proceed(checked, WizardStep::Key)
            }
            WizardStep::Key => {
                let checked = self.source().map(|_| ());
                self.proceed(checked, WizardStep::User)
            }
            WizardStep::User => {
                let checked = NewAccount::check_user(&self.user.text).map(|_| ());
                self.proceed(checked, WizardStep::Summary)
            }
            WizardStep::Summary => match Decision::ALL.get(self.decision)? {
                Decision::Start => Some(WizardEffect::Save(self.account().ok()?)),
                Decision::Retry => self.test(),
                Decision::Change => self.back(),
            },
        }
    }

    /// Goes on if the present answer can be used.
    fn proceed(&mut self, checked: Result<(), String>, next: WizardStep) -> Option<WizardEffect> {
        match checked {
            Ok(()) => self.step = next,
            Err(sentence) => self.error = Some(sentence),
        }
        if self.step == WizardStep::Summary { self.test() } else { None }
    }

    fn test(&mut self) -> Option<WizardEffect> {
        self.checks = vec![(Check::Key, CheckResult::Running)];
        self.decision = 0;
        match self.account() {
            Ok(account) => Some(WizardEffect::Test(account)),
            Err(sentence) => {
                self.error = Some(sentence);
                None
            }
        }
    }

    /// Suggests the address of the service, unless the user has typed one.
    fn suggest_address(&mut self) {
        let is_hosted = self.selected_service() == Service::MinChat;
        if is_hosted && self.address.is_blank() {
            let mut suggested = TextInput::default();
            suggested.insert(MINCHAT_URL);
            self.address = suggested.old();
        } else if !is_hosted && self.address.text == MINCHAT_URL {
            self.address = TextInput::default();
        }
    }

    /// Returns where the key comes from.
    fn source(&self) -> Result<SecretSource, String> {
        let (text, credential) = (self.secret.text.trim(), self.selected_service().credential());
        if self.selected_place().is_secret() {
            return credential.check(&Secret::new(text)).map(SecretSource::Plain);
        }
        if text.is_empty() {
            return Err("Nothing was typed.".to_owned());
        }
        if self.selected_place() == KeyPlace::Variable {
            let is_name = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let not_a_name = || "This is not the name of a variable. Write only the name, such as MY_KEY.".to_owned();
            return is_name.then(|| SecretSource::Env(text.to_owned())).ok_or_else(not_a_name);
        }
        let words = crate::config::command_words(text)?;
        Ok(SecretSource::Command(words))
    }

    /// Returns the account, with the key itself where that is typed.
    fn account(&self) -> Result<NewAccount, String> {
        let service = self.selected_service();
        Ok(NewAccount {
            backend: service.backend(),
            url: NewAccount::check_url(service.backend(), &self.address.text)?,
            credential: service.credential(),
            source: self.source()?,
            user: NewAccount::check_user(&self.user.text)?,
        })
    }
}

/// Returns the account as it is saved, in this place, and the secret to store there.
pub fn stored(account: NewAccount, place: KeyPlace, files: &WizardFiles) -> (NewAccount, Option<Secret>) {
    let secret = match &account.source {
        SecretSource::Plain(secret) => secret.clone(),
        _ => return (account, None),
    };
    let source = match place {
        KeyPlace::File => SecretSource::File(files.key.clone()),
        KeyPlace::Keyring => SecretSource::Keyring(KEYRING_SERVICE.to_owned()),
        KeyPlace::Config | KeyPlace::Command | KeyPlace::Variable => return (account, None),
    };
    (NewAccount { source, ..account }, Some(secret))
}
