//! The wizard: every way through its questions, without a terminal and without a server.

use minchat_tui::app::{Check, CheckResult, KeyPlace, Options, Wizard, WizardEffect, WizardFiles, WizardStep, stored};
use minchat_tui::config::{Backend, Credential, NewAccount, Secret, SecretSource};
use minchat_tui::input::{Code, Key, Keymap};
use minchat_tui::view::paint_wizard;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

struct Asked {
    wizard: Wizard,
    effects: Vec<WizardEffect>,
}

impl Asked {
    fn new() -> Self {
        let files =
            WizardFiles { config: "/home/me/.config/minchat-tui/config.toml".into(), key: "default.key".into() };
        Self { wizard: Wizard::new(files), effects: Vec::new() }
    }

    /// Presses keys, which are separated by blanks.
    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.press(key.parse().expect("a key"));
        }
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        text.chars().for_each(|c| self.press(Key::plain(Code::Char(c))));
        self
    }

    fn press(&mut self, key: Key) {
        self.effects.extend(self.wizard.on_key(key, &Keymap::default()));
    }

    fn screen(&self) -> String {
        let area = Rect::new(0, 0, 80, 24);
        let mut buffer = Buffer::empty(area);
        paint_wizard(&self.wizard, &Options::default(), area, &mut buffer);
        let row = |y| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned() + "\n";
        (0..area.height).map(row).collect()
    }

    #[track_caller]
    fn shows(&mut self, text: &str) -> &mut Self {
        assert!(self.screen().contains(text), "{text} is not in\n{}", self.screen());
        self
    }

    #[track_caller]
    fn lacks(&mut self, text: &str) -> &mut Self {
        assert!(!self.screen().contains(text), "{text} is in\n{}", self.screen());
        self
    }

    /// The account that is tested or saved, as the last effect says.
    #[track_caller]
    fn account(&mut self) -> NewAccount {
        match self.effects.pop() {
            Some(WizardEffect::Test(account) | WizardEffect::Save(account)) => account,
            other => panic!("{other:?}\n{}", self.screen()),
        }
    }

    fn passes(&mut self, checks: &[Check]) -> &mut Self {
        checks.iter().for_each(|check| self.wizard.on_check(*check, CheckResult::Passed));
        self
    }
}

fn local_account() -> NewAccount {
    NewAccount {
        backend: Backend::MinChat,
        url: "http://127.0.0.1:4000".into(),
        credential: Credential::ApiKey,
        source: SecretSource::Plain(Secret::new("k3y")),
        user: "alice".into(),
    }
}

#[test]
fn four_answers_and_a_confirmation_start_the_chat() {
    let mut asked = Asked::new();
    asked.shows("1 of 5").shows("Which service").keys("enter");
    asked.shows("https://api.minchat.io").types("http://127.0.0.1:4000/").keys("enter");
    asked.shows("What is the API key?").types("k3y").shows("› •••").lacks("k3y").keys("enter");
    asked.shows("What is your user name?").types("alice").keys("enter");
    assert_eq!(asked.account(), local_account());
    asked.shows("5 of 5").shows("http://127.0.0.1:4000/ as alice").shows("default.key").shows("Save and start now");
    asked.passes(&[Check::Key, Check::Server, Check::SignIn, Check::Live]);
    asked.shows("✓ Key").shows("✓ Server").shows("✓ Sign-in").shows("✓ Live connection").lacks("k3y");
    asked.keys("enter");
    assert_eq!(asked.effects, [WizardEffect::Save(local_account())]);
}

#[test]
fn key_is_stored_where_the_user_has_chosen() {
    let files = WizardFiles { config: String::new(), key: "default-2.key".into() };
    let (account, secret) = stored(local_account(), KeyPlace::File, &files);
    assert_eq!((account.source, secret), (SecretSource::File("default-2.key".into()), Some(Secret::new("k3y"))));
    let (account, secret) = stored(local_account(), KeyPlace::Config, &files);
    assert_eq!((account.source, secret), (SecretSource::Plain(Secret::new("k3y")), None));
    let (account, secret) = stored(local_account(), KeyPlace::Keyring, &files);
    assert_eq!((account.source, secret), (SecretSource::Keyring("minchat-tui".into()), Some(Secret::new("k3y"))));
}

/// Goes to the question for the key of MinChat, with this place selected.
fn at_key(place: KeyPlace) -> Asked {
    let mut asked = Asked::new();
    asked.keys("enter enter");
    while asked.wizard.selected_place() != place {
        asked.keys("down");
    }
    asked
}

#[test]
fn program_or_variable_with_the_key_is_visible() {
    let mut asked = at_key(KeyPlace::Command);
    asked.types("pass show 'my key'").shows("› pass show 'my key'").keys("enter").types("me").keys("enter");
    let words = ["pass", "show", "my key"].map(str::to_owned).to_vec();
    assert_eq!(asked.account().source, SecretSource::Command(words));
    let mut asked = at_key(KeyPlace::Variable);
    asked
        .types("MY KEY")
        .keys("enter")
        .shows("not the name of a variable")
        .keys("backspace backspace backspace backspace");
    asked.types("_KEY").keys("enter").types("me").keys("enter");
    assert_eq!(asked.account().source, SecretSource::Env("MY_KEY".into()));
}

#[test]
fn typed_key_does_not_become_visible() {
    let mut asked = at_key(KeyPlace::File);
    asked.types("hunter2");
    while asked.wizard.selected_place() != KeyPlace::Command {
        asked.keys("down");
    }
    asked.lacks("hunter2");
    assert!(!format!("{:?}", asked.screen()).contains("hunter2"));
}

#[test]
fn vchat_has_no_public_server_and_takes_either_credential() {
    for (downs, credential, question) in
        [("down", Credential::HashKey, "What is the hash key?"), ("down down", Credential::Token, "What is the token?")]
    {
        let mut asked = Asked::new();
        asked.keys(downs).keys("enter").lacks("https://api").types("https://chat.example.com/api").keys("enter");
        asked.shows("has no path").keys("backspace backspace backspace backspace enter").shows(question);
        asked.types("k3y").keys("enter").types("me@example.com").keys("enter");
        let account = asked.account();
        assert_eq!((account.backend, account.credential), (Backend::VChat, credential));
        assert_eq!((account.url.as_str(), account.user.as_str()), ("https://chat.example.com", "me@example.com"));
    }
}

#[test]
fn unusable_answer_is_explained_until_it_changes() {
    let mut asked = Asked::new();
    asked.keys("enter").types("nowhere").keys("enter").shows("The address is not valid").types("x").lacks("not valid");
    asked.keys("ctrl+u").types("http://10.0.0.1").keys("enter").shows("unencrypted").keys("ctrl+u");
    asked.types("https://x.example").keys("enter enter").shows("API key is not a single ASCII word");
    asked.types("k3y").keys("enter enter").shows("The user name is empty");
    assert_eq!((asked.wizard.step, asked.effects.len()), (WizardStep::User, 0));
}

#[test]
fn escape_goes_back_and_then_leaves() {
    let mut asked = Asked::new();
    asked
        .keys("enter")
        .types("http://127.0.0.1:4000")
        .keys("enter")
        .types("k3y")
        .keys("enter")
        .types("alice")
        .keys("enter");
    asked.effects.clear();
    asked.keys("esc").shows("› alice").keys("esc").shows("•••").keys("esc").shows("127.0.0.1").keys("esc");
    asked.shows("Which service").keys("esc");
    assert_eq!(asked.effects, [WizardEffect::CancelTest, WizardEffect::Leave]);
    for key in ["ctrl+c", "ctrl+q"] {
        let mut asked = at_key(KeyPlace::File);
        asked.keys(key);
        assert_eq!(asked.effects, [WizardEffect::Leave], "{key}");
    }
}

#[test]
fn demo_needs_no_answers() {
    let mut asked = Asked::new();
    asked.keys("down down down down enter");
    assert_eq!(asked.effects, [WizardEffect::Demo]);
}

#[test]
fn failed_test_leads_back_and_can_be_overruled() {
    let mut asked = Asked::new();
    asked
        .keys("enter")
        .types("http://127.0.0.1:4000")
        .keys("enter")
        .types("k3y")
        .keys("enter")
        .types("alice")
        .keys("enter");
    asked.passes(&[Check::Key, Check::Server]);
    asked.wizard.on_check(Check::SignIn, CheckResult::Failed("The server does not accept this API key.".into()));
    asked.shows("✗ Sign-in: The server does not accept this API key.").shows("Save and start anyway");
    asked.effects.clear();
    asked.keys("up enter");
    assert_eq!(asked.account(), local_account(), "tested again");
    asked.wizard.on_check(Check::Server, CheckResult::Failed("The server cannot be reached.".into()));
    asked.keys("up up enter");
    assert_eq!(asked.effects, [WizardEffect::Save(local_account())]);
    asked.wizard.on_save_failed("Cannot write config.toml.".into());
    asked.shows("Cannot write config.toml.");
    asked.effects.clear();
    asked.keys("down down enter").shows("What is your user name?");
    assert_eq!(asked.effects, [WizardEffect::CancelTest]);
    asked.wizard.on_check(Check::Live, CheckResult::Passed);
    asked.keys("enter").lacks("Live connection");
}

#[test]
fn pasted_answer_is_one_line() {
    let mut asked = at_key(KeyPlace::File);
    asked.wizard.on_paste("k3y\n");
    asked.keys("enter").types("alice").keys("enter");
    assert_eq!(asked.account().source, SecretSource::Plain(Secret::new("k3y")));
}

#[test]
fn wizard_fits_any_screen() {
    for (width, height) in [(40, 10), (12, 4), (3, 2), (1, 1), (200, 60)] {
        for (asked, ascii) in
            [(Asked::new(), false), (at_key(KeyPlace::File), true), (at_key(KeyPlace::Command), false)]
        {
            let area = Rect::new(0, 0, width, height);
            paint_wizard(&asked.wizard, &Options { ascii, ..Options::default() }, area, &mut Buffer::empty(area));
        }
    }
}
