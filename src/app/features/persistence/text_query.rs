//! Searches of the store for words.

use crate::app::features::persistence::flush::flush;
use crate::app::features::search_query::SearchQuery;
use crate::app::model::context::Context;
use crate::app::model::page_requests::ReplacingQuery;
use crate::domain::RoomId;
use crate::store::Query;

/// Queries the store for messages with these words and conditions and returns the number of the query.
///
/// Pending changes are written first, so that the results match the screen.
pub(in crate::app) fn search_text(cx: &mut Context<'_>, query: SearchQuery, room: Option<&RoomId>, limit: u32) -> u64 {
    flush(cx, usize::MAX);
    let id = cx.account.page_requests.begin_query(ReplacingQuery::Search).0;
    cx.query(Query::Search { id, text: query.words, filter: query.filter, room: room.cloned(), limit });
    id
}
