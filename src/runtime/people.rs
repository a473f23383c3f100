//! The people of `demo --as`: one profile for each, on the same sandbox server.

use crate::config::Settings;

use super::failure::Failure;

/// Maximum number of people: on a large screen, each of four still has as much space as a small terminal.
const MAX_PEOPLE: usize = 4;

/// Returns the settings of several people who are shown side by side. Their names are also those of their profiles.
///
/// # Errors
/// A sentence for the user, if these people or settings do not go together.
pub(super) fn side_by_side(settings: Settings, names: &[String]) -> Result<Settings, Failure> {
    let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    let is_repeated = |(at, name): (usize, &String)| names[..at].iter().any(|other| other.eq_ignore_ascii_case(name));
    let problem = if !settings.others.is_empty() {
        Some("--as shows people of one chat service. Choose minchat or vchat with --backend.".to_owned())
    } else if settings.linear {
        Some("--as shows people side by side, which is not possible with --linear. Leave one of them out.".to_owned())
    } else if names.iter().any(String::is_empty) {
        Some("A name in --as is empty. Write the names with commas, as in `--as alice,bob`.".to_owned())
    } else if let Some((_, name)) = names.iter().enumerate().find(|person| is_repeated(*person)) {
        Some(format!("{name} appears twice in --as. Give everybody another name."))
    } else if !(2..=MAX_PEOPLE).contains(&names.len()) {
        Some(format!("--as takes two to {MAX_PEOPLE} names, as in `--as alice,bob`. For one person, use --user."))
    } else {
        None
    };
    if let Some(problem) = problem {
        return Err(Failure::usage(problem));
    }
    let mut people = names.iter().map(|name| Settings {
        profile: name.clone(),
        user: name.clone(),
        known_profiles: names.clone(),
        side_by_side: true,
        ..settings.clone()
    });
    let Some(first) = people.next() else { return Ok(settings) };
    Ok(Settings { others: people.collect(), ..first })
}

/// Gives the other people the server of the first one.
pub(super) fn share_server(settings: &mut Settings) {
    let (url, api_key) = (settings.url.clone(), settings.api_key.clone());
    for other in &mut settings.others {
        (other.url, other.api_key, other.is_sandbox) = (url.clone(), api_key.clone(), true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(names: &[&str], change: impl FnOnce(&mut Settings)) -> Result<Vec<String>, String> {
        let mut settings = Settings::new("http://h", "K", "guest");
        change(&mut settings);
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let settings = side_by_side(settings, &names).map_err(|failure| failure.to_string())?;
        Ok(settings.profiles().map(|settings| format!("{} {}", settings.profile, settings.user)).collect())
    }

    #[test]
    fn everybody_gets_a_profile() {
        let expected = Ok(vec!["alice alice".to_owned(), "bob bob".to_owned()]);
        assert_eq!(people(&["alice", " bob "], |_| {}), expected);
    }

    #[test]
    fn refusals_say_what_to_do() {
        for (names, part) in [
            (&["alice"][..], "two to 4 names"),
            (&["a", "b", "c", "d", "e"], "two to 4 names"),
            (&["alice", ""], "is empty"),
            (&["alice", "Alice"], "Alice appears twice"),
        ] {
            let problem = people(names, |_| {}).expect_err("a problem");
            assert!(problem.contains(part), "{problem}");
        }
        let linear = people(&["alice", "bob"], |settings| settings.linear = true).expect_err("a problem");
        assert!(linear.contains("--linear"), "{linear}");
    }
}
