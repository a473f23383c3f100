//! The wizard: every way through its questions, without a terminal and without a server.

use minchat_tui::app::{
    Check, CheckResult, KeyPlace, Options, Service, SuggestedService, Wizard, WizardEffect, WizardFiles, WizardStep,
    stored,
};
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
        Self { wizard: Wizard::new(files, None, SuggestedService::default()), effects: Vec::new() }
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
        self.screen_of(80, 24)
    }

    fn screen_of(&self, width: u16, height: u16) -> String {
        let area = Rect::new(0, 0, width, height);
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
    asked.shows("5 of 5").shows("http://127.0.0.1:4000 as alice").shows("default.key").shows("Save and start now");
    asked.passes(&[Check::Key, Check::Server, Check::SignIn, Check::Live]);
    // A wrong key can be read, too.
    asked.lacks("Reading the").shows("✓ Server").shows("✓ Sign-in").shows("✓ Live connection").lacks("k3y");
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
    assert_eq!(
        (account.source, secret),
        (SecretSource::Keyring("minchat-tui alice http://127.0.0.1:4000".into()), Some(Secret::new("k3y")))
    );
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
    asked.types("https://x.example").keys("enter enter").shows("Type or paste the API key.");
    asked.types("a b").keys("enter").shows("not a single ASCII word").keys("ctrl+u");
    asked.types("k3y").keys("enter enter").shows("Type your user name.");
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
    asked.keys("down enter");
    assert_eq!(asked.account(), local_account(), "tested again");
    asked.wizard.on_check(Check::Server, CheckResult::Failed("The server cannot be reached.".into()));
    asked.keys("down down enter");
    assert_eq!(asked.effects, [WizardEffect::Save(local_account())]);
    asked.wizard.on_save_failed("Cannot write config.toml.".into());
    asked.shows("Cannot write config.toml.");
    asked.effects.clear();
    asked.keys("up up enter").shows("What is its address?");
    assert_eq!(asked.effects, [WizardEffect::CancelTest]);
    asked.wizard.on_check(Check::Live, CheckResult::Passed);
    asked.keys("enter enter enter").lacks("Live connection");
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

/// Answers all questions, so that the connection is tested.
fn at_summary() -> Asked {
    let mut asked = at_key(KeyPlace::File);
    asked.types("k3y").keys("enter").types("alice").keys("enter").effects.clear();
    asked
}

/// "Change the answers" went to the user name, whatever was wrong.
#[test]
fn changing_the_answers_goes_to_the_doubtful_one() {
    for (check, question) in [
        (Some(Check::Server), "What is its address?"),
        (Some(Check::SignIn), "What is the API key?"),
        (None, "Which service do you chat on?"),
    ] {
        let mut asked = at_summary();
        match check {
            // The list began with "Save anyway".
            Some(check) => asked.wizard.on_check(check, CheckResult::Failed("No.".into())),
            None => drop(asked.keys("down down")),
        }
        asked.keys("enter").shows(question);
    }
}

/// A second key was appended to the refused one, of which nothing is visible.
#[test]
fn new_key_replaces_the_refused_one() {
    let mut asked = at_summary();
    asked.wizard.on_check(Check::SignIn, CheckResult::Failed("No.".into()));
    asked.keys("enter").types("other").keys("enter enter");
    assert_eq!(asked.account().source, SecretSource::Plain(Secret::new("other")));
}

#[test]
fn address_needs_no_scheme() {
    let mut asked = Asked::new();
    asked.keys("enter").types("localhost:4000").keys("enter").shows("What is the API key?");
    asked.keys("esc").shows("› http://localhost:4000").keys("ctrl+u enter").shows("The address is not valid");
}

/// A token of more than 1000 bytes was cut without a word.
#[test]
fn long_answer_is_taken_as_a_whole_or_refused() {
    let mut asked = at_key(KeyPlace::File);
    let token = "x".repeat(4_000);
    asked.wizard.on_paste(&token);
    asked.keys("enter").types("me").keys("enter");
    assert_eq!(asked.account().source, SecretSource::Plain(Secret::new(token)));
    let mut asked = at_key(KeyPlace::File);
    asked.wizard.on_paste(&"x".repeat(9_000));
    asked.shows("at most 8192 bytes");
    assert_eq!(asked.wizard.secret.text, "");
    asked.wizard.on_paste(&"x".repeat(8_192));
    asked.lacks("at most").types("y").shows("at most 8192 bytes");
}

/// Of a typed key, only its length was known.
#[test]
fn typed_key_is_shown_on_request() {
    let mut asked = at_key(KeyPlace::File);
    asked.types("hunter2").shows("Ctrl+R show").lacks("hunter2");
    asked.keys("ctrl+r").shows("› hunter2").shows("Ctrl+R hide").keys("ctrl+r").lacks("hunter2");
    asked.keys("ctrl+r enter").types("me").keys("esc").lacks("hunter2").shows("•••••••");
    let mut asked = at_key(KeyPlace::Command);
    asked.lacks("Ctrl+R");
}

#[test]
fn secret_is_not_in_the_debug_output() {
    let mut asked = at_key(KeyPlace::File);
    asked.types("hunter2");
    assert!(!format!("{:?}", asked.wizard).contains("hunter2"));
}

/// The wizard did not know Ctrl+H of old terminals, Ctrl+Z, Ctrl+L, End and G.
#[test]
fn usual_keys_work() {
    let mut asked = Asked::new();
    for (keys, service) in [("end", 3), ("home", 0), ("G", 3), ("g", 0)] {
        assert_eq!(asked.keys(keys).wizard.service, service, "{keys}");
    }
    asked.keys("ctrl+z ctrl+l");
    assert_eq!(asked.effects, [WizardEffect::Suspend, WizardEffect::Redraw]);
    let mut asked = at_key(KeyPlace::File);
    asked.types("ab").keys("ctrl+h");
    assert_eq!(asked.wizard.secret.text, "a");
}

/// The cursor stayed at the end of a hidden key.
#[test]
fn cursor_is_where_a_hidden_key_is_edited() {
    let mut asked = at_key(KeyPlace::File);
    let cursor = |asked: &Asked| {
        let area = Rect::new(0, 0, 80, 24);
        paint_wizard(&asked.wizard, &Options::default(), area, &mut Buffer::empty(area)).expect("a cursor")
    };
    let start = cursor(&asked);
    asked.types("k3y");
    assert_eq!(cursor(&asked).x, start.x + 3);
    asked.keys("left left");
    assert_eq!(cursor(&asked).x, start.x + 1);
    asked.keys("home");
    assert_eq!(cursor(&asked), start);
}

/// Looking at the other places erased the key.
#[test]
fn typed_key_comes_back_with_its_place() {
    let mut asked = at_key(KeyPlace::File);
    asked.types("k3y");
    while asked.wizard.selected_place() != KeyPlace::Command {
        asked.keys("down");
    }
    assert_eq!(asked.wizard.secret.text, "");
    asked.types("pass show x");
    while asked.wizard.selected_place() != KeyPlace::File {
        asked.keys("up");
    }
    assert!(asked.wizard.hides_field() && asked.wizard.secret.text == "k3y");
    asked.lacks("k3y");
}

#[test]
fn another_profile_is_only_saved() {
    let mut asked = Asked::new();
    asked.wizard.profile = Some("team".into());
    asked.shows("New profile team (1 of 5)").lacks("Just show me");
    asked.keys("end enter").shows("What is its address?");
    assert_eq!(asked.wizard.selected_service(), Service::VChatToken);
    let mut asked = at_summary();
    asked.wizard.profile = Some("team".into());
    asked.shows("Save the profile?").lacks("start");
}

/// The hosted service was suggested, whatever the first profile used.
#[test]
fn service_and_address_of_the_shown_profile_are_suggested() {
    let asked = |backend, url: &str| {
        let suggested = SuggestedService { backend, url: Some(url.into()) };
        let wizard = Wizard::new(WizardFiles::default(), Some("team".into()), suggested);
        Asked { wizard, effects: Vec::new() }
    };
    let mut own = asked(Backend::MinChat, "https://chat.example.com");
    own.keys("enter").shows("› https://chat.example.com").keys("esc down enter").lacks("example.com");
    own.keys("esc up enter").shows("› https://chat.example.com").types("other").keys("esc down enter").shows("› other");
    let mut vchat = asked(Backend::VChat, "https://v.example.com");
    vchat.keys("enter").shows("› https://v.example.com");
    assert_eq!(vchat.wizard.selected_service(), Service::VChatHashKey);
    vchat
        .keys("esc down enter")
        .shows("› https://v.example.com")
        .keys("esc up up enter")
        .shows("› https://api.minchat.io");
}

/// On small screens the list and the error were cut off.
#[test]
fn answers_and_errors_are_visible_on_small_screens() {
    let mut asked = Asked::new();
    for _ in Service::ALL {
        let screen = asked.screen_of(40, 12);
        let entry = Service::ALL[asked.wizard.service].label();
        assert!(screen.contains(&entry[..30.min(entry.len())]), "{screen}");
        asked.keys("down");
    }
    for place in KeyPlace::all() {
        let mut asked = at_key(place);
        assert!(asked.screen_of(40, 12).contains("↑ ↓ choose"), "{}", asked.screen_of(40, 12));
        asked.keys("enter");
        for (width, height) in [(40, 12), (40, 8)] {
            let screen = asked.screen_of(width, height);
            assert!(screen.contains(&place.label()[..20]), "{screen}");
            assert!(screen.contains("What is the API key?") && screen.contains('›'), "{screen}");
            assert!(screen.contains("Type "), "the error is in\n{screen}");
        }
    }
    let mut asked = at_summary();
    asked.passes(&[Check::Server]);
    asked.wizard.on_check(Check::SignIn, CheckResult::Failed("The server does not accept this API key.".into()));
    let screen = asked.screen_of(40, 12);
    assert!(screen.contains("↑ ↓ choose"), "{screen}");
    for text in ["✗ Sign-in", "this API key.", "Save and start anyway", "Test again", "Change the answers"] {
        assert!(screen.contains(text), "{text}\n{screen}");
    }
}
