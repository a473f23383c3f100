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
}

/// All accounts but one, for code that works on that one and only reads the others. They are in the order in which
/// they were opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Others<'a> {
    first: Option<&'a Account>,
    before: &'a [Account],
    after: &'a [Account],
}

impl<'a> Others<'a> {
    /// Returns the accounts that were opened before the one that is left out.
    pub(in crate::app) fn before(self) -> impl DoubleEndedIterator<Item = &'a Account> {
        self.first.into_iter().chain(self.before)
    }

    /// Returns the accounts that were opened after the one that is left out.
    pub(in crate::app) fn after(self) -> impl DoubleEndedIterator<Item = &'a Account> {
        self.after.iter()
    }

    /// Returns all of them.
    pub fn iter(self) -> impl Iterator<Item = &'a Account> {
        self.before().chain(self.after())
    }

    /// Whether there are none, as with a single profile.
    pub fn is_empty(self) -> bool {
        self.first.is_none() && self.before.is_empty() && self.after.is_empty()
    }
}

impl Accounts {
    /// Creates the collection with its first account.
    pub(in crate::app) fn new(first: Account) -> Self {
        let next = AccountId(first.id.0 + 1);
        Self { first, rest: Vec::new(), next }
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
        let Self { first, rest, .. } = self;
        let place = rest.iter().position(|account| account.id == id && first.id != id);
        match place.map(|place| rest.split_at(place)) {
            Some((before, [account, after @ ..])) => (account, Others { first: Some(first), before, after }),
            _ => (first, Others { first: None, before: &[], after: rest }),
        }
    }

    /// Like [`split`](Self::split), with that account for modification.
    pub(in crate::app) fn split_mut(&mut self, id: AccountId) -> (&mut Account, Others<'_>) {
        let Self { first, rest, .. } = self;
        let place = rest.iter().position(|account| account.id == id && first.id != id);
        let Some(place) = place else { return (first, Others { first: None, before: &[], after: rest }) };
        match rest.split_at_mut(place) {
            (before, [account, after @ ..]) => (account, Others { first: Some(first), before, after }),
            (before, []) => (first, Others { first: None, before, after: &[] }),
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
