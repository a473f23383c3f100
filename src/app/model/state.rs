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
use crate::app::model::timers::Timer;
use crate::app::model::ui::{Damage, Notice, Ui};
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
    /// The screens of the accounts that are not shown, with their open rooms, drafts and scroll positions. Those with a
    /// tile are on screen, but have no keys.
    parked: Vec<Ui>,
}

impl State {
    /// Creates the initial state with one account. `seed` determines all random decisions.
    pub fn new(options: Options, profile: impl Into<OpenedProfile>, size: Size, now: Timestamp, seed: u64) -> Self {
        let account = Account::new(AccountId(0), profile.into());
        let ui = Ui::new(account.id, size);
        let (rng, accounts) = (fastrand::Rng::with_seed(seed), Accounts::new(account));
        Self { now, rng, options, accounts, ui, parked: Vec::new() }
    }

    /// Opens another account, which is not shown yet, and returns its id.
    pub fn open_account(&mut self, profile: impl Into<OpenedProfile>) -> AccountId {
        let id = self.accounts.add(profile.into());
        let mut ui = Ui::new(id, self.ui.size);
        ui.park();
        self.parked.push(ui);
        self.ui.damage = Damage::Everything;
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
        if self.ui.tile.is_some() {
            self.ui.take_over_keys(parked);
        } else {
            self.ui.take_over_screen(parked);
            parked.park();
        }
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
        Scene { account, others, ui, options: &self.options, now: self.now }
    }

    /// Shows a sentence before any room is open, and repeats it in the first room that opens.
    pub fn notify_at_start(&mut self, text: String) {
        self.with_shown(&mut Vec::new(), |cx| cx.notify_at_start(text));
    }

    /// Runs `work` on one account. Nothing happens if there is no account with this id.
    ///
    /// An account that does not have the keys gets its own screen, in a tile or hidden, so that it cannot change what the
    /// user looks at. Only its notice appears on the real screen, with the name of its profile.
    pub(in crate::app) fn with_account(
        &mut self,
        id: AccountId,
        effects: &mut Vec<Effect>,
        work: impl FnOnce(&mut Context<'_>),
    ) {
        if self.ui.shown == id {
            return self.with_shown(effects, work);
        }
        let Self { now, rng, options, accounts, ui, parked } = self;
        let Some(parked) = parked.iter_mut().find(|parked| parked.shown == id) else { return };
        let (account, others) = accounts.split_mut(id);
        work(&mut Context { account, others, ui: parked, options, now: *now, rng, effects });
        let expires_at = parked.timers.get(Timer::NoticeExpires);
        parked.timers.clear(Timer::NoticeExpires);
        let notice = parked.notice.take();
        // An announcement of a server replaces nothing but another one.
        let is_kept = ui.notice.as_ref().is_some_and(|shown| !shown.from_server);
        if let Some(notice) = notice.filter(|notice| !(notice.from_server && is_kept)) {
            let text = format!("{}: {}", account.profile.name, notice.text);
            ui.notice = Some(Notice { text, ..notice });
            ui.damage = Damage::Everything;
            if let Some(at) = expires_at {
                ui.timers.set(Timer::NoticeExpires, at);
            }
        }
    }

    /// Removes the notice about a pause of this account, on whichever screen it is.
    pub(in crate::app) fn end_pause_notice(&mut self, account: AccountId) {
        for ui in std::iter::once(&mut self.ui).chain(&mut self.parked) {
            if ui.notice.take_if(|notice| notice.pause_of == Some(account)).is_some() {
                ui.timers.clear(Timer::NoticeExpires);
            }
        }
        self.ui.damage = Damage::Everything;
    }

    /// Runs `work` on the account that is shown.
    pub fn with_shown<T>(&mut self, effects: &mut Vec<Effect>, work: impl FnOnce(&mut Context<'_>) -> T) -> T {
        let Self { now, rng, options, accounts, ui, .. } = self;
        let (account, others) = accounts.split_mut(ui.shown);
        work(&mut Context { account, others, ui, options, now: *now, rng, effects })
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
