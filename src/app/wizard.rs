//! The questions that `minchat-tui` asks if nothing describes an account, and for another profile: service, address, key,
//! user, and whether to save the answers.
//!
//! [`Wizard`] is a state machine of its own, which the runtime drives instead of the chat. Nothing is saved before the
//! last step is confirmed.

mod answers;
mod suggestion;

use std::fmt;

pub use answers::{Decision, KeyPlace, Service};
pub use suggestion::SuggestedService;

use crate::app::overlays::text_input::TextInput;
use crate::config::{NewAccount, Secret, SecretSource};
use crate::input::{Action, Context, Key, Keymap};

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WizardStep {
    /// The service.
    Service,
    /// Its address.
    Address,
    /// The key or token, and where to keep it.
    Key,
    /// The user name.
    User,
    /// The decision to save, with the result of a test of the connection.
    Summary,
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
    /// Stop the process until the shell continues it.
    Suspend,
    /// Draw the screen anew.
    Redraw,
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

/// Maximum length of an answer in bytes: most servers accept no longer header, and tokens are sent in one.
const MAX_ANSWER: usize = 8 << 10;

/// The questions and the answers so far.
#[derive(Clone)]
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
    /// What `secret` was in the other kind of places: the key, or where it comes from.
    other_secret: TextInput,
    /// Whether the typed key is visible.
    pub shows_secret: bool,
    /// The user name.
    pub user: TextInput,
    /// Index of the selected decision.
    pub decision: usize,
    /// The parts of the test so far.
    pub checks: Vec<(Check, CheckResult)>,
    /// The reason why the present answer cannot be used.
    pub error: Option<String>,
    /// The files that would be written.
    pub files: WizardFiles,
    /// Name of the profile that is added beside others; `None` at the first start.
    pub profile: Option<String>,
    /// The service and the address to suggest.
    suggested: SuggestedService,
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

impl fmt::Debug for Wizard {
    /// Leaves out the answers, since one of them is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wizard").field("step", &self.step).finish_non_exhaustive()
    }
}

impl Wizard {
    /// Creates the wizard at its first question. `profile` is the name of a profile that is added beside others.
    pub fn new(files: WizardFiles, profile: Option<String>, suggested: SuggestedService) -> Self {
        Self {
            step: WizardStep::Service,
            service: suggested.service(),
            address: TextInput::with_limit(MAX_ANSWER),
            place: 0,
            secret: TextInput::with_limit(MAX_ANSWER),
            other_secret: TextInput::with_limit(MAX_ANSWER),
            shows_secret: false,
            user: TextInput::with_limit(MAX_ANSWER),
            decision: 0,
            checks: Vec::new(),
            error: None,
            files,
            profile,
            suggested,
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

    /// Whether the text field shows how many characters it has, and not which.
    pub fn hides_field(&self) -> bool {
        self.takes_secret() && !self.shows_secret
    }

    /// Whether the key itself is typed at the present question.
    pub fn takes_secret(&self) -> bool {
        self.step == WizardStep::Key && self.selected_place().is_secret()
    }

    /// Returns the entries of the list of the present question, and the index of the selected one.
    pub fn entries(&self) -> (Vec<&'static str>, usize) {
        match self.step {
            WizardStep::Service => {
                let offered =
                    Service::ALL.iter().filter(|service| **service != Service::Demo || self.profile.is_none());
                (offered.map(|service| service.label()).collect(), self.service)
            }
            WizardStep::Key => (KeyPlace::all().map(KeyPlace::label).collect(), self.place),
            WizardStep::Summary => {
                let failed = self.has_failed();
                let starts = self.profile.is_none();
                (Decision::all(failed).map(|decision| decision.label(failed, starts)).to_vec(), self.decision)
            }
            WizardStep::Address | WizardStep::User => (Vec::new(), 0),
        }
    }

    /// Handles a key.
    pub fn on_key(&mut self, key: Key, keymap: &Keymap) -> Option<WizardEffect> {
        // As everywhere else, old terminals send Ctrl+H for Backspace, for example.
        let key = key.legacy().filter(|_| !keymap.is_bound(key)).unwrap_or(key);
        let typed = key.typed().filter(|_| self.field().is_some());
        let bound = |contexts: &[Context]| keymap.action(contexts, key).filter(|_| typed.is_none());
        match bound(&[Context::Overlay, Context::Anywhere]) {
            Some(Action::Quit | Action::Interrupt) => return Some(WizardEffect::Leave),
            Some(Action::Cancel) => return self.back(),
            Some(Action::Confirm) => return self.confirm(),
            Some(Action::Up) => return self.move_by(-1),
            Some(Action::Down) => return self.move_by(1),
            Some(Action::First) if self.field().is_none() => return self.move_by(isize::MIN),
            Some(Action::Last) if self.field().is_none() => return self.move_by(isize::MAX),
            Some(Action::ShowSecret) if self.takes_secret() => {
                self.shows_secret = !self.shows_secret;
                return None;
            }
            Some(Action::Suspend) => return Some(WizardEffect::Suspend),
            Some(Action::Redraw) => return Some(WizardEffect::Redraw),
            _ => {}
        }
        let action = bound(&[Context::Composer, Context::Anywhere]);
        let field = self.field_mut()?;
        if typed.is_some_and(|c| !field.has_space_for(c.encode_utf8(&mut [0; 4]))) {
            self.error = Some(too_long());
        } else if field.on_key(action, key).is_some() {
            self.error = None;
        }
        None
    }

    /// Handles pasted text.
    pub fn on_paste(&mut self, text: &str) {
        let Some(field) = self.field_mut() else { return };
        if field.has_space_for(text.trim()) {
            field.insert(text.trim());
            self.error = None;
        } else {
            // A part of a key would look like a wrong one.
            self.error = Some(too_long());
        }
    }

    /// Handles the result of a part of the test. A failure selects the first decision, the way back to the answers.
    pub fn on_check(&mut self, check: Check, result: CheckResult) {
        if self.step != WizardStep::Summary {
            return;
        }
        if matches!(result, CheckResult::Failed(_)) {
            self.decision = 0;
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
        let (entries, selected) = self.entries();
        let selected = selected.saturating_add_signed(by).min(entries.len().saturating_sub(1));
        match self.step {
            WizardStep::Service => self.service = selected,
            WizardStep::Key => {
                let was_secret = self.selected_place().is_secret();
                self.place = selected;
                if was_secret != self.selected_place().is_secret() {
                    // A key must not become visible, and a program is no key. What was typed comes back with its place.
                    std::mem::swap(&mut self.secret, &mut self.other_secret);
                    self.shows_secret = false;
                }
                self.error = None;
            }
            WizardStep::Summary => self.decision = selected,
            WizardStep::Address | WizardStep::User => {}
        }
        None
    }

    fn back(&mut self) -> Option<WizardEffect> {
        match self.step.previous() {
            Some(previous) => self.go_back_to(previous),
            None => Some(WizardEffect::Leave),
        }
    }

    fn go_back_to(&mut self, step: WizardStep) -> Option<WizardEffect> {
        self.error = None;
        self.shows_secret = false;
        let was_testing = self.step == WizardStep::Summary;
        self.step = step;
        was_testing.then_some(WizardEffect::CancelTest)
    }

    /// Returns the question whose answer is probably wrong, or else the first one.
    fn doubtful_step(&self) -> WizardStep {
        let failed = self.checks.iter().find(|(_, result)| matches!(result, CheckResult::Failed(_)));
        match failed {
            Some((Check::Key | Check::SignIn, _)) => WizardStep::Key,
            Some((Check::Server | Check::Live, _)) => WizardStep::Address,
            None => WizardStep::Service,
        }
    }

    fn confirm(&mut self) -> Option<WizardEffect> {
        self.error = None;
        self.shows_secret = false;
        match self.step {
            WizardStep::Service if self.selected_service() == Service::Demo => Some(WizardEffect::Demo),
            WizardStep::Service => {
                self.suggest_address();
                self.step = WizardStep::Address;
                None
            }
            WizardStep::Address => {
                let backend = self.selected_service().backend();
                let checked = NewAccount::check_url(backend, &self.address.text);
                if let Ok(address) = &checked {
                    self.address = old_answer(address);
                }
                self.proceed(checked.map(|_| ()), WizardStep::Key)
            }
            WizardStep::Key => {
                let checked = self.source().map(|_| ());
                self.proceed(checked, WizardStep::User)
            }
            WizardStep::User => {
                let checked = self.checked_user().map(|_| ());
                self.proceed(checked, WizardStep::Summary)
            }
            WizardStep::Summary => match Decision::all(self.has_failed()).get(self.decision)? {
                Decision::Start => self.with_account(WizardEffect::Save),
                Decision::Retry => self.test(),
                Decision::Change => {
                    let step = self.doubtful_step();
                    if step == WizardStep::Key {
                        // Nobody sees that a hidden field is not empty, so what is typed replaces the refused key.
                        self.secret = std::mem::take(&mut self.secret).old();
                    }
                    self.go_back_to(step)
                }
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
        self.with_account(WizardEffect::Test)
    }

    fn with_account(&mut self, effect: fn(NewAccount) -> WizardEffect) -> Option<WizardEffect> {
        self.account().map_err(|sentence| self.error = Some(sentence)).ok().map(effect)
    }

    /// Suggests the address of the service, unless the user has typed one.
    fn suggest_address(&mut self) {
        if self.address.is_blank() || self.suggested.has(&self.address.text) {
            let suggested = self.suggested.address(self.selected_service());
            self.address = suggested.map_or_else(|| TextInput::with_limit(MAX_ANSWER), old_answer);
        }
    }

    /// Returns where the key comes from.
    fn source(&self) -> Result<SecretSource, String> {
        let (text, credential) = (self.secret.text.trim(), self.selected_service().credential());
        let (noun, place) = (credential.noun(), self.selected_place());
        if text.is_empty() {
            return Err(match place {
                KeyPlace::File | KeyPlace::Keyring | KeyPlace::Config => format!("Type or paste the {noun}."),
                KeyPlace::Command => format!("Type the program that prints the {noun}, with its arguments."),
                KeyPlace::Variable => format!("Type the name of the variable that has the {noun}."),
            });
        }
        if place.is_secret() {
            return credential.check(&Secret::new(text)).map(SecretSource::Plain);
        }
        if place == KeyPlace::Variable {
            let is_name = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let not_a_name = || "This is not the name of a variable. Write only the name, such as MY_KEY.".to_owned();
            return is_name.then(|| SecretSource::Env(text.to_owned())).ok_or_else(not_a_name);
        }
        let words = crate::config::command_words(text)?;
        Ok(SecretSource::Command(words))
    }

    fn checked_user(&self) -> Result<String, String> {
        if self.user.is_blank() {
            return Err("Type your user name.".to_owned());
        }
        NewAccount::check_user(&self.user.text)
    }

    /// Returns the account, with the key itself where that is typed.
    fn account(&self) -> Result<NewAccount, String> {
        let service = self.selected_service();
        Ok(NewAccount {
            backend: service.backend(),
            url: NewAccount::check_url(service.backend(), &self.address.text)?,
            credential: service.credential(),
            source: self.source()?,
            user: self.checked_user()?,
        })
    }
}

/// Returns a field with an answer that typing replaces.
fn old_answer(text: &str) -> TextInput {
    let mut input = TextInput::with_limit(MAX_ANSWER);
    input.insert(text);
    input.old()
}

fn too_long() -> String {
    format!("An answer has at most {MAX_ANSWER} bytes. This text is longer, so nothing was inserted.")
}

/// Returns the account as it is saved, in this place, and the secret to store there.
pub fn stored(account: NewAccount, place: KeyPlace, files: &WizardFiles) -> (NewAccount, Option<Secret>) {
    let secret = match &account.source {
        SecretSource::Plain(secret) => secret.clone(),
        _ => return (account, None),
    };
    let source = match place {
        KeyPlace::File => SecretSource::File(files.key.clone()),
        // Each account has an entry of its own.
        KeyPlace::Keyring => SecretSource::Keyring(format!("minchat-tui {} {}", account.user, account.url)),
        KeyPlace::Config | KeyPlace::Command | KeyPlace::Variable => return (account, None),
    };
    (NewAccount { source, ..account }, Some(secret))
}
