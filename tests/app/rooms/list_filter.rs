//! Filtering lists by typed letters.

use minchat_tui::app::Overlay;
use minchat_tui::domain::{MemberRole, Membership, Request, ServerEvent};

use super::{chat, group, list_members, member, membership, status};
use test_support::story::*;

/// Texts of the rows that the open list shows.
fn shown(story: &Story) -> Vec<String> {
    let Some(Overlay::List(list)) = &story.state.ui.overlay else { panic!("no list over\n{}", story.screen()) };
    (0..).map_while(|place| list.shown_row(place)).map(|row| row.text.clone()).collect()
}

/// The list of everyone, of which one page has arrived.
fn people(names: &[&str], more: bool) -> Story {
    let mut story = chat();
    story.types("/people").keys("enter").shows("Loading…").effects.clear();
    let people = names.iter().map(|name| person(&name.to_lowercase().replace(' ', ""), name)).collect();
    let request = Request::FindPeople { name: String::new(), page: 1 };
    story.server(ServerEvent::People { request, more, people });
    story
}

/// Letters moved the selection or did nothing, so a person had to be looked for row by row.
#[test]
fn typing_filters_people_and_enter_opens_the_best_match() {
    let mut story = people(&["Ajka Bell", "Jakob Jones", "Kate Moss"], false);
    story.lacks("No matches");
    assert_eq!(shown(&story).len(), 3);
    story.types("jones");
    assert_eq!(shown(&story), ["Jakob Jones"]);
    story.keys("ctrl+u").types("ka");
    assert_eq!(shown(&story), ["Kate Moss", "Ajka Bell", "Jakob Jones"], "the best match first");
    story.keys("ctrl+u").types("zzz").shows("No matches").keys("enter").shows("No matches");
    assert_eq!(story.requests(), []);
    story.keys("ctrl+u").types("@kate").keys("enter").lacks("People");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "katemoss".into() }]);
}

#[test]
fn arrows_move_in_a_filtered_list_and_escape_closes_it() {
    let mut story = people(&["Anna", "Annabel", "Zoe"], false);
    story.types("ann").keys("down enter");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "annabel".into() }]);
    let mut story = people(&["Anna", "Annabel", "Zoe"], false);
    story.keys("ctrl+end ctrl+p enter");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "annabel".into() }]);
    let mut story = people(&["Anna", "Annabel", "Zoe"], false);
    story.types("ann");
    assert!(status(&story).contains("Esc close"), "{}", status(&story));
    story.keys("esc").lacks("Annabel");
    let mut story = people(&["Anna", "Annabel", "Zoe"], false);
    story.event(minchat_tui::app::Event::Paste("zo".into()));
    assert_eq!(shown(&story), ["Zoe"]);
}

/// People on later pages are found, too: pages are loaded until the matches fill the list, or all are loaded.
#[test]
fn filter_loads_further_pages() {
    let names: Vec<String> = (0..30).map(|n| format!("Person {n}")).collect();
    let mut story = people(&names.iter().map(String::as_str).collect::<Vec<_>>(), true);
    assert_eq!(story.requests(), [], "the end of the list is far away");
    story.types("dora");
    let request = |page| Request::FindPeople { name: String::new(), page };
    assert_eq!(story.requests(), [request(2)]);
    story.shows("Loading…").lacks("No matches");
    story.effects.clear();
    story.server(ServerEvent::People { request: request(2), more: true, people: vec![person("dora", "Dora Diaz")] });
    assert_eq!((shown(&story), story.requests()), (vec!["Dora Diaz".to_owned()], vec![request(3)]));
    story.effects.clear();
    story.keys("enter");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "dora".into() }]);
}

#[test]
fn filter_of_a_very_long_list_says_what_it_searches() {
    let names: Vec<String> = (0..1_000).map(|n| format!("Person {n}")).collect();
    let mut story = people(&names.iter().map(String::as_str).collect::<Vec<_>>(), true);
    story.types("dora").shows("Only the first 1000 are searched. Search by name to find others.");
    assert_eq!(story.requests(), []);
}

#[test]
fn letters_of_the_member_list_work_beside_its_filter() {
    let mut story = group();
    membership(&mut story, "r2", Membership { role: Some(MemberRole::Owner), ..Membership::default() });
    story.keys("f2");
    let all = [("me", MemberRole::Owner), ("bob", MemberRole::Member), ("carol", MemberRole::Member)];
    list_members(&mut story, 1, false, all.map(|(name, role)| member(name, role)).to_vec());
    story.effects.clear();
    assert!(status(&story).contains("filter"), "{}", status(&story));
    // In the filter they are letters.
    story.keys("/").types("xpd").shows("No matches").lacks("Remove");
    assert!(status(&story).contains("Esc show all") && !status(&story).contains("promote"), "{}", status(&story));
    story.keys("ctrl+u").types("carol");
    assert_eq!(shown(&story), ["Carol Chen"]);
    // All members are shown again, and the one that was found is still selected.
    story.keys("esc");
    assert_eq!(shown(&story).len(), 3);
    story.keys("p").confirms();
    let promote = Request::SetRole { room: room_id("r2"), username: "carol".into(), role: MemberRole::Admin };
    assert_eq!(story.requests(), [promote]);
    story.keys("esc").lacks("Members of");
}

#[test]
fn selection_stays_on_a_member_who_is_found_when_others_leave() {
    let mut story = group();
    membership(&mut story, "r2", Membership { role: Some(MemberRole::Owner), ..Membership::default() });
    story.keys("f2");
    let all = ["bob", "carol", "alice"].map(|name| member(name, MemberRole::Member));
    list_members(&mut story, 1, false, all.to_vec());
    story.keys("/").types("c").keys("down");
    let before = shown(&story);
    list_members(&mut story, 1, false, all[1..].to_vec());
    let Some(Overlay::List(list)) = &story.state.ui.overlay else { panic!("no list") };
    assert_eq!(list.selected().map(|row| row.text.clone()), before.get(1).cloned());
}
