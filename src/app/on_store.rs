//! What the disk says: what was kept, confirmations, troubles.

use crate::app::context::Context;
use crate::store::Answer;

use super::outbox;
use super::{hunt, keeping, search};

pub(super) fn on_store(cx: &mut Context<'_>, answer: Answer) {
    match answer {
        Answer::Kept { local, step, on_disk } => outbox::kept(cx, local, step, on_disk),
        Answer::Loaded(snapshot) => {
            keeping::on_loaded(cx, *snapshot);
            search::proceed(cx);
        }
        Answer::Past { id, room, past } => {
            keeping::on_past(cx, id, &room, past);
            hunt::proceed(cx);
        }
        Answer::Problem(problem) => keeping::on_problem(cx, &problem),
        Answer::Recovered => keeping::on_recovered(cx),
        Answer::Found(found) => search::on_found(cx, &found),
    }
}
