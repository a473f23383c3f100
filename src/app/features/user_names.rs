//! Users as arguments of commands: a display name stands for the one person who has it.

use crate::app::model::account::Account;
use crate::domain::{Feature, Person, Request};
use crate::input::Command;
use crate::text::{SafeText, clip, comparable, without_accents};

/// Maximum number of words of a display name in a list of users, which blanks separate.
const MAX_NAME_WORDS: usize = 6;

/// Maximum width of a name in a sentence, in cells.
const NAME_CELLS: usize = 18;

/// Maximum number of user names in a sentence.
const MAX_LISTED: usize = 3;

/// Returns the command with the user names of those whom it names by their display name.
///
/// A user name always means the user who has it. A name that nobody known has stays as it is, because the server may know
/// more people.
///
/// # Errors
/// A sentence, if several people have a name.
pub(in crate::app) fn resolve(account: &Account, command: Command) -> Result<Command, String> {
    let one = |name: String| Ok::<_, String>(find(account, &name)?.unwrap_or(name));
    Ok(match command {
        Command::Direct(name) => Command::Direct(one(name)?),
        Command::Add(Some(name)) => Command::Add(Some(one(name)?)),
        Command::Remove(name) => Command::Remove(one(name)?),
        Command::Role(name, role) => Command::Role(one(name)?, role),
        Command::Block(Some(name), on) => Command::Block(Some(one(name)?), on),
        Command::Group(title, words) => Command::Group(title, find_all(account, &words)?),
        Command::Broadcast(title, words) => Command::Broadcast(title, find_all(account, &words)?),
        other => other,
    })
}

/// Returns the users whom the words name, of which several may be one display name.
fn find_all(account: &Account, mut words: &[String]) -> Result<Vec<String>, String> {
    let mut users: Vec<String> = Vec::new();
    while let Some(first) = words.first() {
        let mut found = (first.clone(), 1);
        for count in (1..=words.len().min(MAX_NAME_WORDS)).rev() {
            let name = words.get(..count).unwrap_or_default().join(" ");
            if let Some(user) = find(account, &name)? {
                found = (user, count);
                break;
            }
        }
        let (user, count) = found;
        words = words.get(count..).unwrap_or_default();
        if !users.contains(&user) {
            users.push(user);
        }
    }
    Ok(users)
}

/// Returns the user name of the only person with this user name or display name; `None` if nobody known has it.
fn find(account: &Account, name: &str) -> Result<Option<String>, String> {
    let users = || account.people.iter().filter(|person| !person.info.username.is_empty());
    let is_user = |person: &&Person| person.info.username.eq_ignore_ascii_case(name);
    if users().any(|person| *person.info.username == *name) {
        return Ok(Some(name.to_owned()));
    }
    match users().filter(is_user).collect::<Vec<_>>().as_slice() {
        [] => {}
        [only] if !account.is_me(&only.info.id) => return Ok(Some(only.info.username.to_string())),
        // The server decides how user names compare.
        _ => return Ok(Some(name.to_owned())),
    }
    let wanted = comparable(name);
    let mut named: Vec<&Person> = users().filter(|person| comparable(&person.info.name) == wanted).collect();
    if named.is_empty() {
        // As in the switcher, accents may be left out, but not others typed.
        named = users().filter(|person| without_accents(&person.info.name) == wanted).collect();
    }
    let mut usernames: Vec<&str> = named.iter().map(|person| person.info.username.as_str()).collect();
    usernames.sort_unstable();
    match usernames.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some((*only).to_owned())),
        several => {
            let more = if several.len() > MAX_LISTED { ", …" } else { "" };
            let listed: Vec<String> = several.iter().take(MAX_LISTED).map(|name| shown(name)).collect();
            Err(format!("Several people are called {}: {}{more}. Type one of these.", shown(name), listed.join(", ")))
        }
    }
}

/// Returns the sentence about users whom the server does not know: the same wherever a command names a user.
pub(in crate::app) fn unknown_sentence(account: &Account, request: &Request) -> String {
    let names = request.named_users();
    // The server does not tell which of several it is.
    let strangers = names.iter().filter(|name| account.people.find_by_username(name).is_none());
    let strangers: Vec<&String> = strangers.collect();
    let doubtful = if strangers.is_empty() { names.iter().collect() } else { strangers };
    let named: Vec<String> = doubtful.into_iter().map(|name| shown(name)).collect();
    let advice = if account.can(Feature::FindPeople) {
        "or /people NAME".to_owned()
    } else {
        format!("{} lists none", account.capabilities.map_or("the service", |can| can.name))
    };
    format!("No user is called {}. Type a user name, {advice}.", named.join(" or "))
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
