//! The complete state of the program.
//!
//! One task owns the state, and only `update` and `layout` change it. This module holds all accessors that reach across
//! accounts; features work on a `Context` instead.

use crate::app::effect::Effect;
use crate::app::effect::OpenedProfile;
use crate::app::model::account::Account;
use crate::app::model::accounts::Accounts;
use crate::app::model::context::{Context, Scene};
use crate::app::model::options::Options;
use crate::app::model::terminal::{Damage, Terminal};
use crate::app::model::timers::TerminalTimer;
use crate::app::model::ui::Ui;
use crate::app::regions::{Placement, Size};
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
    /// The terminal, and the settings of the whole screen.
    pub terminal: Terminal,
    /// The contents of the screen and the target of input.
    pub ui: Ui,
    /// The screens of the accounts that are not shown, with their open rooms, drafts and scroll positions. Those with a
    /// tile are on screen, but have no keys.
    parked: Vec<Ui>,
}

impl State {
    /// Creates the initial state with one account. `seed` determines all random decisions.
    pub fn new(options: Options, profile: impl Into<OpenedProfile>, size: Size, now: Timestamp, seed: u64) -> Self {
        let account = Account::new(AccountId(0), profile.into());
        let (terminal, ui) = (Terminal::new(size), Ui::new(account.id));
        let (rng, accounts) = (fastrand::Rng::with_seed(seed), Accounts::new(account));
        Self { now, rng, options, accounts, terminal, ui, parked: Vec::new() }
    }

    /// Opens another account, which is not shown yet, and returns its id.
    pub fn open_account(&mut self, profile: impl Into<OpenedProfile>) -> AccountId {
        let id = self.accounts.add(profile.into());
        let mut ui = Ui::new(id);
        ui.park();
        self.parked.push(ui);
        self.terminal.damage = Damage::Everything;
        id
    }

    /// Removes an account, unless it is the one that is shown.
    pub(in crate::app) fn close_account(&mut self, id: AccountId) {
        if id != self.ui.shown && self.accounts.remove(id) {
            self.parked.retain(|ui| ui.shown != id);
        }
    }

    /// Shows another account, as it was when it was shown last. If it is on screen already, it gets the keys.
    pub(in crate::app) fn show(&mut self, id: AccountId) {
        let Some(parked) = self.parked.iter_mut().find(|ui| ui.shown == id) else { return };
        std::mem::swap(&mut self.ui, parked);
        self.terminal.notice = None;
        parked.give_keys_away();
        if self.ui.tile().is_some() {
            // Before anything scrolls the pane, which goes back to where it was.
            self.ui.pane.link(None);
        } else {
            // The room list is the same one, so it stays where it is.
            self.ui.regions = parked.regions;
            self.ui.placement = Placement::Whole;
            parked.park();
        }
        self.terminal.damage = Damage::Everything;
        self.arrange_tiles();
    }

    /// Whether an account is on screen.
    pub fn is_on_screen(&self, id: AccountId) -> bool {
        self.ui.shown == id || self.tiles().any(|ui| ui.shown == id)
    }

    /// Returns the account that is shown.
    pub fn account(&self) -> &Account {
        self.accounts.split(self.ui.shown).0
    }

    /// Returns the account that is shown, for modification.
    pub fn account_mut(&mut self) -> &mut Account {
        self.accounts.split_mut(self.ui.shown).0
    }

    /// Returns a read-only view of the account that is shown and of the screen.
    pub fn scene(&self) -> Scene<'_> {
        self.scene_of(&self.ui)
    }

    /// Returns the views of the accounts that are on screen without having the keys.
    pub fn other_tiles(&self) -> impl Iterator<Item = Scene<'_>> {
        self.tiles().map(|ui| self.scene_of(ui))
    }

    fn scene_of<'a>(&'a self, ui: &'a Ui) -> Scene<'a> {
        let (account, others) = self.accounts.split(ui.shown);
        let screens = [std::slice::from_ref(&self.ui), &self.parked, &[]];
        Scene { account, others, terminal: &self.terminal, ui, screens, options: &self.options, now: self.now }
    }

    /// Shows a sentence before any room is open, and repeats it in the first room that opens.
    pub fn notify_at_start(&mut self, text: String) {
        self.with_shown(&mut Vec::new(), |cx| cx.notify_at_start(text));
    }

    /// Runs `work` on one account. Nothing happens if there is no account with this id.
    ///
    /// An account that does not have the keys gets its own screen, in a tile or hidden, so that it cannot change what the
    /// user looks at.
    pub(in crate::app) fn with_account(
        &mut self,
        id: AccountId,
        effects: &mut Vec<Effect>,
        work: impl FnOnce(&mut Context<'_>),
    ) {
        if self.ui.shown == id {
            return self.with_shown(effects, work);
        }
        let Self { now, rng, options, accounts, terminal, ui: shown, parked } = self;
        let Some(place) = parked.iter().position(|parked| parked.shown == id) else { return };
        let (before, [ui, after @ ..]) = parked.split_at_mut(place) else { return };
        let (account, others) = accounts.split_mut(id);
        let screens = [std::slice::from_ref(&*shown), &*before, &*after];
        work(&mut Context { account, others, terminal, ui, screens, options, now: *now, rng, effects });
    }

    /// Removes the notice about a pause of this account.
    pub(in crate::app) fn end_pause_notice(&mut self, account: AccountId) {
        if self.terminal.notice.take_if(|notice| notice.pause_of == Some(account)).is_some() {
            self.terminal.timers.clear(TerminalTimer::NoticeExpires);
        }
    }

    /// Runs `work` on the account that is shown.
    pub fn with_shown<T>(&mut self, effects: &mut Vec<Effect>, work: impl FnOnce(&mut Context<'_>) -> T) -> T {
        let Self { now, rng, options, accounts, terminal, ui, parked } = self;
        let (account, others) = accounts.split_mut(ui.shown);
        let screens = [&**parked, &[], &[]];
        work(&mut Context { account, others, terminal, ui, screens, options, now: *now, rng, effects })
    }

    /// Runs `work` on the state as if a tile without the keys was the screen. `index` is its place among the parked ones.
    pub(in crate::app) fn with_tile(&mut self, index: usize, work: impl FnOnce(&mut Self)) {
        let Self { ui, parked, .. } = self;
        let Some(tile) = parked.get_mut(index) else { return };
        std::mem::swap(ui, tile);
        work(self);
        if let Some(tile) = self.parked.get_mut(index) {
            std::mem::swap(&mut self.ui, tile);
        }
    }

    /// Returns the screens of the accounts that are not shown, or that do not have the keys.
    pub(in crate::app) fn parked(&self) -> &[Ui] {
        &self.parked
    }

    /// Returns the screens of the accounts that are not shown, or that do not have the keys, for modification.
    pub(in crate::app) fn parked_mut(&mut self) -> &mut [Ui] {
        &mut self.parked
    }
}
