//! Which event answers which request.

use crate::domain::{Request, ServerEvent};

/// Whether `event` is the answer to `request`. Requests that no command makes have no answer here.
pub fn is_answer(request: &Request, event: &ServerEvent) -> bool {
    match (request, event) {
        (_, ServerEvent::Failed { request: failed, .. }) => failed == request,
        (_, ServerEvent::Done(done)) => done == request,
        (Request::Rooms { page }, ServerEvent::Rooms { page: answered, .. }) => page == answered,
        (Request::History { serial, .. }, ServerEvent::History { serial: answered, .. }) => serial == answered,
        (
            Request::Send { local, .. },
            ServerEvent::Accepted { local: answered, .. } | ServerEvent::Duplicate { local: answered, .. },
        ) => local == answered,
        (Request::OpenDirect { .. } | Request::CreateGroup { .. }, ServerEvent::RoomOpened(_)) => true,
        (Request::DeleteRoom { room }, ServerEvent::RoomDeleted(deleted)) => room == deleted,
        (Request::FindPerson { .. } | Request::Person { .. }, ServerEvent::Person { request: answered, .. })
        | (Request::FindPeople { .. }, ServerEvent::People { request: answered, .. }) => request == answered,
        (Request::Members { room, page, .. }, ServerEvent::Members { room: answered, page: number, .. }) => {
            (room, page) == (answered, number)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Failure, PageSerial, RoomId};
    use crate::text::SafeText;

    #[test]
    fn page_of_an_earlier_request_is_no_answer() {
        let room = RoomId::new("r");
        let request =
            |serial| Request::History { room: room.clone(), serial: PageSerial(serial), page: 1, before: None };
        let serial = PageSerial(1);
        let page =
            ServerEvent::History { room: room.clone(), serial, page: 1, pages: 1, total: None, messages: Vec::new() };
        assert!(is_answer(&request(1), &page) && !is_answer(&request(2), &page));
        let failed =
            ServerEvent::Failed { request: request(2), failure: Failure::Refused, reason: SafeText::line("no") };
        assert!(is_answer(&request(2), &failed) && !is_answer(&request(1), &failed));
    }
}
