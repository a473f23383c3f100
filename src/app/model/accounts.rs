//! The signed-in profiles, and access to one of them beside the others.

use crate::app::effect::OpenedProfile;
use crate::app::model::account::Account;
use crate::domain::AccountId;

/// The signed-in profiles. There is always at least one.
#[derive(Debug)]
pub struct Accounts {
    first: Account,
    rest: Vec<Account>,
    /// The id of the account that is opened next. Ids are not used again, because an event of a closed account may
    /// still arrive.
    next: AccountId,
    /// Whether each of them has a tile of the screen, as the people of a demo do, instead of one at a time. A tile shows
    /// nothing of the other accounts.
    pub side_by_side: bool,
}

/// All accounts but one, for code that works on that one and only reads the others. They are in the order in which
/// they were opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Others<'a> {
    first: Option<&'a Account>,
    before: &'a [Account],
    after: &'a [Account],
    /// Whether each of them has a tile of its own, so that they are not listed beside this account.
    are_apart: bool,
}

impl<'a> Others<'a> {
    /// Returns the accounts that were opened before the one that is left out and are listed beside it.
    pub(in crate::app) fn before(self) -> impl DoubleEndedIterator<Item = &'a Account> {
        self.listed().all_before()
    }

    /// Returns the accounts that were opened after the one that is left out and are listed beside it.
    pub(in crate::app) fn after(self) -> impl DoubleEndedIterator<Item = &'a Account> {
        self.listed().all_after()
    }

    /// Returns those that are listed beside the one that is left out.
    pub fn iter(self) -> impl Iterator<Item = &'a Account> {
        self.before().chain(self.after())
    }

    /// Returns all of them, also those with a tile of their own.
    pub fn all(self) -> impl Iterator<Item = &'a Account> {
        self.all_before().chain(self.all_after())
    }

    /// Returns the account that follows the one that is left out. After the last one comes the first.
    pub(in crate::app) fn next(self) -> Option<&'a Account> {
        self.all_after().chain(self.all_before()).next()
    }

    /// Whether none is listed beside the one that is left out, as with a single profile.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns all accounts that were opened before the one that is left out.
    pub(in crate::app) fn all_before(self) -> impl DoubleEndedIterator<Item = &'a Account> {
        self.first.into_iter().chain(self.before)
    }

    /// Returns all accounts that were opened after the one that is left out.
    pub(in crate::app) fn all_after(self) -> impl DoubleEndedIterator<Item = &'a Account> {
        self.after.iter()
    }

    fn listed(self) -> Self {
        if self.are_apart { Self::default() } else { self }
    }
}

impl Accounts {
    /// Creates the collection with its first account.
    pub(in crate::app) fn new(first: Account) -> Self {
        let next = AccountId(first.id.0 + 1);
        Self { first, rest: Vec::new(), next, side_by_side: false }
    }

    /// Returns the account with this id.
    pub fn get(&self, id: AccountId) -> Option<&Account> {
        self.iter().find(|account| account.id == id)
    }

    /// Returns the account with this id for modification.
    pub fn get_mut(&mut self, id: AccountId) -> Option<&mut Account> {
        self.iter_mut().find(|account| account.id == id)
    }

    /// Returns the account with this id, or else the first one, and the others.
    pub(in crate::app) fn split(&self, id: AccountId) -> (&Account, Others<'_>) {
        let Self { first, rest, side_by_side: are_apart, .. } = self;
        let are_apart = *are_apart;
        let place = rest.iter().position(|account| account.id == id && first.id != id);
        match place.map(|place| rest.split_at(place)) {
            Some((before, [account, after @ ..])) => (account, Others { first: Some(first), before, after, are_apart }),
            _ => (first, Others { first: None, before: &[], after: rest, are_apart }),
        }
    }

    /// Like [`split`](Self::split), with that account for modification.
    pub(in crate::app) fn split_mut(&mut self, id: AccountId) -> (&mut Account, Others<'_>) {
        let Self { first, rest, side_by_side: are_apart, .. } = self;
        let are_apart = *are_apart;
        let place = rest.iter().position(|account| account.id == id && first.id != id);
        let Some(place) = place else { return (first, Others { first: None, before: &[], after: rest, are_apart }) };
        match rest.split_at_mut(place) {
            (before, [account, after @ ..]) => (account, Others { first: Some(first), before, after, are_apart }),
            (before, []) => (first, Others { first: None, before, after: &[], are_apart }),
        }
    }

    /// Returns all accounts, in the order in which they were opened.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// Returns all accounts for modification.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        std::iter::once(&mut self.first).chain(&mut self.rest)
    }

    /// Returns the ids of all accounts.
    pub fn ids(&self) -> Vec<AccountId> {
        self.iter().map(|account| account.id).collect()
    }

    /// Adds an account and returns its id, which no closed account had.
    pub(in crate::app) fn add(&mut self, opened: OpenedProfile) -> AccountId {
        let id = self.next;
        self.next.0 += 1;
        self.rest.push(Account::new(id, opened));
        id
    }

    /// Removes the account with this id, unless it is the only one. Returns whether it was removed.
    pub(in crate::app) fn remove(&mut self, id: AccountId) -> bool {
        if self.first.id == id && !self.rest.is_empty() {
            self.first = self.rest.remove(0);
            return true;
        }
        let count = self.rest.len();
        self.rest.retain(|account| account.id != id);
        self.rest.len() < count
    }
}
