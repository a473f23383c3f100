//! The complete state of the program.
//!
//! One task owns the state, and only `update` and `layout` change it. This module holds all accessors that reach across
//! accounts; features work on a `Context` instead.

use crate::app::effect::Effect;
use crate::app::model::account::{Account, Profile};
use crate::app::model::context::{Context, Scene};
use crate::app::model::options::Options;
use crate::app::model::timers::Timer;
use crate::app::model::ui::Ui;
use crate::app::regions::Size;
use crate::domain::{AccountId, Timestamp};

/// The complete state of the program.
#[derive(Debug)]
pub struct State {
    /// The time of the last event.
    pub now: Timestamp,
    /// The only source of randomness.
    pub rng: fastrand::Rng,
    /// Settings that concern the whole program.
    pub options: Options,
    /// The signed-in profiles.
    pub accounts: Accounts,
    /// The contents of the screen and the target of input.
    pub ui: Ui,
}

/// The signed-in profiles. There is always at least one.
#[derive(Debug)]
pub struct Accounts {
    first: Account,
    others: Vec<Account>,
}

impl Accounts {
    /// Creates the collection with its first account.
    fn new(first: Account) -> Self {
        Self { first, others: Vec::new() }
    }

    /// Returns the account with this id.
    pub fn get(&self, id: AccountId) -> Option<&Account> {
        self.iter().find(|account| account.id == id)
    }

    /// Returns the account with this id for modification.
    pub fn get_mut(&mut self, id: AccountId) -> Option<&mut Account> {
        self.iter_mut().find(|account| account.id == id)
    }

    /// Returns all accounts, in the order in which they were opened.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Returns all accounts for modification.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }

    /// Returns the ids of all accounts.
    pub fn ids(&self) -> Vec<AccountId> {
        self.iter().map(|account| account.id).collect()
    }

    /// Opens another account and returns its id.
    pub fn add(&mut self, profile: Profile) -> AccountId {
        let next = self.iter().map(|account| account.id.0).max().unwrap_or(0).saturating_add(1);
        self.others.push(Account::new(AccountId(next), profile));
        AccountId(next)
    }
}

impl State {
    /// Creates the initial state with one account. `seed` determines all random decisions.
    pub fn new(options: Options, profile: Profile, size: Size, now: Timestamp, seed: u64) -> Self {
        let account = Account::new(AccountId(0), profile);
        let ui = Ui::new(account.id, size);
        Self { now, rng: fastrand::Rng::with_seed(seed), options, accounts: Accounts::new(account), ui }
    }

    /// Returns the account that is shown.
    pub fn account(&self) -> &Account {
        self.accounts.get(self.ui.shown).unwrap_or(&self.accounts.first)
    }

    /// Returns the account that is shown, for modification.
    pub fn account_mut(&mut self) -> &mut Account {
        let shown = self.ui.shown;
        if self.accounts.first.id == shown {
            return &mut self.accounts.first;
        }
        let Accounts { first, others } = &mut self.accounts;
        others.iter_mut().find(|account| account.id == shown).unwrap_or(first)
    }

    /// Returns a read-only view of the account that is shown and of the screen.
    pub fn scene(&self) -> Scene<'_> {
        Scene { account: self.account(), ui: &self.ui, options: &self.options, now: self.now }
    }

    /// Shows a sentence before any room is open, and repeats it in the first room that opens.
    pub fn notify_at_start(&mut self, text: String) {
        self.with_shown(&mut Vec::new(), |cx| cx.notify_at_start(text));
    }

    /// Runs `work` on one account. Nothing happens if there is no account with this id.
    ///
    /// An account that is not shown gets an empty screen, so that it cannot change what the user looks at. Only its
    /// notice is copied to the real screen.
    pub(in crate::app) fn with_account(
        &mut self,
        id: AccountId,
        effects: &mut Vec<Effect>,
        work: impl FnOnce(&mut Context<'_>),
    ) {
        let Self { now, rng, options, accounts, ui } = self;
        let Some(account) = accounts.get_mut(id) else { return };
        if ui.shown == id {
            work(&mut Context { account, ui, options, now: *now, rng, effects });
            return;
        }
        let mut empty = Ui::new(ui.shown, ui.size);
        empty.focused = false;
        work(&mut Context { account, ui: &mut empty, options, now: *now, rng, effects });
        if let Some(notice) = empty.notice {
            ui.notice = Some(notice);
            if let Some(at) = empty.timers.get(Timer::NoticeExpires) {
                ui.timers.set(Timer::NoticeExpires, at);
            }
        }
    }

    /// Runs `work` on the account that is shown.
    pub fn with_shown<T>(&mut self, effects: &mut Vec<Effect>, work: impl FnOnce(&mut Context<'_>) -> T) -> T {
        let shown = self.ui.shown;
        let Self { now, rng, options, accounts: Accounts { first, others }, ui } = self;
        let account = if first.id == shown {
            first
        } else {
            others.iter_mut().find(|account| account.id == shown).unwrap_or(first)
        };
        work(&mut Context { account, ui, options, now: *now, rng, effects })
    }
}
