//! Users as arguments of commands: a display name of several words stands for the one person who has it.

use crate::app::model::account::Account;
use crate::domain::{Feature, Person, Request};
use crate::input::Command;
use crate::text::{SafeText, clip, comparable, without_accents};

/// Maximum width of a name in a sentence, in cells.
const NAME_CELLS: usize = 18;

/// Maximum number of user names in a sentence.
const MAX_LISTED: usize = 3;

/// Returns the command with the user name of whom it names by a display name of several words.
///
/// A single word is always a user name, and so is each word of a list: the server may know a user by it whom this client
/// has not met, and everybody chooses their own display name.
///
/// # Errors
/// A sentence, if several people have the display name.
pub(in crate::app) fn resolve(account: &Account, command: Command) -> Result<Command, String> {
    let one = |name: String| Ok::<_, String>(find(account, &name)?.unwrap_or(name));
    Ok(match command {
        Command::Direct(name) => Command::Direct(one(name)?),
        Command::Add(Some(name)) => Command::Add(Some(one(name)?)),
        Command::Remove(name) => Command::Remove(one(name)?),
        Command::Role(name, role) => Command::Role(one(name)?, role),
        Command::Block(Some(name), on) => Command::Block(Some(one(name)?), on),
        other => other,
    })
}

/// Returns the user name of the only person with this display name, which has several words; `None` for other names.
fn find(account: &Account, name: &str) -> Result<Option<String>, String> {
    if !name.contains(char::is_whitespace) || account.people.find_by_username(name).is_some() {
        return Ok(None);
    }
    match named(account, name).as_slice() {
        [] => Ok(None),
        [only] => Ok(Some((*only).to_owned())),
        several => Err(format!("Several people are called {}: {}. Type one of these.", shown(name), listed(several))),
    }
}

/// Returns the user names of those with this display name, in alphabetical order.
fn named<'a>(account: &'a Account, name: &str) -> Vec<&'a str> {
    let users = || account.people.iter().filter(|person| !person.info.username.is_empty());
    let wanted = comparable(name);
    let mut named: Vec<&Person> = users().filter(|person| comparable(&person.info.name) == wanted).collect();
    if named.is_empty() {
        // As in the switcher, accents may be left out, but not others typed.
        named = users().filter(|person| without_accents(&person.info.name) == wanted).collect();
    }
    let mut usernames: Vec<&str> = named.iter().map(|person| person.info.username.as_str()).collect();
    usernames.sort_unstable();
    usernames
}

/// Lists the first user names.
fn listed(usernames: &[&str]) -> String {
    let more = if usernames.len() > MAX_LISTED { ", …" } else { "" };
    let listed: Vec<String> = usernames.iter().take(MAX_LISTED).map(|name| shown(name)).collect();
    format!("{}{more}", listed.join(", "))
}

/// Returns the sentence about users whom the server does not know: the same wherever a command names a user.
pub(in crate::app) fn unknown_sentence(account: &Account, request: &Request) -> String {
    let names = request.named_users();
    // The server does not tell which of several it is.
    let strangers = names.iter().filter(|name| account.people.find_by_username(name).is_none());
    let strangers: Vec<&String> = strangers.collect();
    let doubtful: Vec<&String> = if strangers.is_empty() { names.iter().collect() } else { strangers };
    let named: Vec<String> = doubtful.iter().map(|name| shown(name)).collect();
    let meant: Vec<&str> = doubtful.iter().flat_map(|name| meant(account, name)).collect();
    if !meant.is_empty() {
        return format!("No user is called {}. Did you mean {}?", named.join(" or "), listed(&meant));
    }
    let advice = if account.can(Feature::FindPeople) {
        "or /people NAME".to_owned()
    } else {
        format!("{} lists none", account.capabilities.map_or("the service", |can| can.name))
    };
    format!("No user is called {}. Type a user name, {advice}.", named.join(" or "))
}

/// Returns the user names of those who may be meant by a name that is no user name: by their display name, or by their user
/// name with other capitals.
fn meant<'a>(account: &'a Account, name: &str) -> Vec<&'a str> {
    let is_meant = |person: &&Person| person.info.username.eq_ignore_ascii_case(name) && *person.info.username != *name;
    let by_username = account.people.iter().filter(is_meant).map(|person| person.info.username.as_str());
    let mut meant = named(account, name);
    meant.extend(by_username);
    meant.sort_unstable();
    meant.dedup();
    meant
}

/// Returns what to type where a user is wanted: `what`, and where user names are listed.
pub(in crate::app) fn advice(account: &Account, what: &str) -> String {
    let service = account.capabilities.map_or("This service", |can| can.name);
    if account.can(Feature::FindPeople) {
        format!("Type {what}. /people NAME searches people.")
    } else {
        format!("Type {what}. {service} has no list of people.")
    }
}

fn shown(name: &str) -> String {
    clip(&SafeText::line(name), NAME_CELLS)
}
