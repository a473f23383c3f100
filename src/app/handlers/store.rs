//! Events from the local store: loaded data, confirmations and problems.

use crate::app::features::outbox::queue;
use crate::app::features::persistence::{older_messages, problems};
use crate::app::features::rooms::settings;
use crate::app::features::{export, jump, pictures, restoration, search};
use crate::app::model::context::Context;
use crate::domain::PageSerial;
use crate::store::{Answer, ForgottenFiles};

/// Handles an answer or a report of the store.
pub(in crate::app) fn on_store(cx: &mut Context<'_>, answer: Answer) {
    match answer {
        Answer::OutboxConfirmed { local, step, on_disk } => queue::on_written(cx, local, step, on_disk),
        Answer::Loaded(snapshot) => {
            restoration::on_loaded(cx, *snapshot);
            settings::end_mutes(cx);
            search::search_if_changed(cx);
        }
        Answer::Export { id, page } => {
            export::collect::on_stored(cx, id, &page);
            cx.account.page_requests.end(PageSerial(id));
        }
        Answer::History { id, room, page } => {
            older_messages::on_answer(cx, PageSerial(id), &room, page);
            cx.account.page_requests.end(PageSerial(id));
            jump::advance(cx);
        }
        // Those on disk were removed by the runtime.
        Answer::FilesForgotten(ForgottenFiles::At(urls)) => pictures::hide(cx, &urls),
        Answer::FilesForgotten(ForgottenFiles::All) => pictures::hide_all(cx),
        Answer::Problem(problem) => problems::on_problem(cx, &problem),
        Answer::Recovered => problems::on_recovered(cx),
        Answer::SearchResults(results) => {
            let serial = PageSerial(results.id);
            search::on_disk_results(cx, results);
            cx.account.page_requests.end(serial);
        }
    }
    cx.account.forget_changes();
}
