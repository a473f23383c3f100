//! The search of all rooms includes the rooms of the accounts that are not shown.
//!
//! Each of them searches with a box of its own in its parked screen, so a search works there exactly as in the account
//! that is shown. The results are copied to the box on screen, which names a condition that no account understands.

use crate::app::effect::Effect;
use crate::app::features::search;
use crate::app::model::state::State;
use crate::app::model::ui::Ui;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::search::result::SearchResult;
use crate::app::overlays::search::window::Search;
use crate::domain::AccountId;

/// Searches the other accounts for the words in the box on screen, and shows what they have found.
pub(in crate::app) fn search(state: &mut State, effects: &mut Vec<Effect>) {
    if state.accounts.side_by_side {
        return;
    }
    let query = open_search(&state.ui).filter(|search| search.room.is_none()).map(|search| search.query.clone());
    let is_outdated = |ui: &Ui| match (&query, open_search(ui)) {
        (Some(query), Some(search)) => search.query.text != query.text,
        (query, search) => query.is_some() != search.is_some(),
    };
    let outdated: Vec<AccountId> = state.parked().iter().filter(|ui| is_outdated(ui)).map(|ui| ui.shown).collect();
    for account in outdated {
        state.with_account(account, effects, |cx| match &query {
            Some(query) => {
                let started = Search { query: query.clone(), ..Search::default() };
                cx.ui.overlay = Some(Overlay::Search(Box::new(started)));
                search::search_again(cx);
            }
            None => cx.ui.overlay = None,
        });
    }
    if query.is_some() && !state.parked().is_empty() {
        let found = state.parked().iter().filter_map(|ui| Some((ui.shown, open_search(ui)?)));
        let results = found.flat_map(|(account, search)| {
            search.results.iter().map(move |result| SearchResult { account: Some(account), ..result.clone() })
        });
        let results: Vec<SearchResult> = results.collect();
        // A name that one of them knows is understood.
        let is_in_all = |problem: &&String| {
            state.parked().iter().filter_map(open_search).all(|search| search.problems.contains(problem))
        };
        let problem = open_search(&state.ui).and_then(|search| search.problems.iter().find(is_in_all)).cloned();
        if let Some(Overlay::Search(search)) = state.ui.box_mut() {
            search.problem = problem;
            search.set_results_elsewhere(results);
        }
    }
}

fn open_search(ui: &Ui) -> Option<&Search> {
    match ui.box_ref()? {
        Overlay::Search(search) => Some(search),
        _ => None,
    }
}
