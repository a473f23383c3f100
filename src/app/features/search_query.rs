//! Reading of what is typed into the search: words, and conditions such as `from:alice` or `has:link`.

use crate::app::features::described_day::start_of_day;
use crate::app::model::context::Scene;
use crate::domain::{DAY, Part, PersonId, SearchFilter, Timestamp};
use crate::text::SearchTerms;

/// A search as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct SearchQuery {
    /// The words, without the conditions.
    pub(in crate::app) words: String,
    /// The words as they are matched.
    pub(in crate::app) terms: SearchTerms,
    /// The conditions.
    pub(in crate::app) filter: SearchFilter,
}

/// Reads a query; `None` if it has neither words nor conditions. A condition that is not complete or not understood is
/// ignored, because the user is still typing it.
pub(in crate::app) fn read(scene: Scene<'_>, typed: &str) -> Option<SearchQuery> {
    let mut filter = SearchFilter::default();
    let mut words = Vec::new();
    for word in typed.split_whitespace() {
        match word.split_once(':') {
            Some(("from", name)) if !name.is_empty() => filter.authors = Some(people_called(scene, name)),
            Some(("before", day)) => filter.before = start(scene, day).or(filter.before),
            Some(("after", day)) => filter.since = start(scene, day).map(|start| start + DAY).or(filter.since),
            Some(("on", day)) => {
                if let Some(start) = start(scene, day) {
                    (filter.since, filter.before) = (Some(start), Some(start + DAY));
                }
            }
            Some(("has", part)) => filter.has.extend(part_called(part)),
            Some(("from", _)) => {}
            _ => words.push(word),
        }
    }
    let words = words.join(" ");
    let terms = match SearchTerms::parse(&words) {
        Some(terms) => terms,
        None if filter.is_empty() => return None,
        None => SearchTerms::everything(),
    };
    Some(SearchQuery { words, terms, filter })
}

/// Returns the people whose name or user name begins with `name`; `me` is the user.
fn people_called(scene: Scene<'_>, name: &str) -> Vec<PersonId> {
    let name = name.trim_start_matches('@').to_lowercase();
    let is_called = |text: &str| {
        let text = text.to_lowercase();
        text.starts_with(&name) || text.split_whitespace().any(|word| word.starts_with(&name))
    };
    let me = scene.account.me.clone().filter(|_| name == "me");
    let people = scene.account.people.iter().map(|person| &person.info);
    let called = people.filter(|info| is_called(&info.username) || is_called(&info.name));
    called.map(|info| info.id.clone()).chain(me).collect()
}

fn start(scene: Scene<'_>, day: &str) -> Option<Timestamp> {
    start_of_day(day, &scene.now.zoned(&scene.options.times.zone), scene.options.times.first_weekday)
}

fn part_called(name: &str) -> Option<Part> {
    Some(match name {
        "link" | "links" => Part::Link,
        "file" | "files" => Part::File,
        "image" | "images" => Part::Image,
        _ => return None,
    })
}
