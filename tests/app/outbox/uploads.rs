//! Uploads that fail: some are repeated, but no file is transferred again and again.

use minchat_tui::app::{Event, FilePurpose, FileRequest};
use minchat_tui::domain::{AccountId, AttachmentKind, OutgoingFile};

use super::*;

const SIZE: u64 = 2_100_000;

/// Sends a file and returns its request.
fn send_file(story: &mut Story) -> Request {
    let file = OutgoingFile {
        path: "/home/me/notes.pdf".into(),
        name: "notes.pdf".into(),
        kind: AttachmentKind::File,
        mime: "application/pdf".into(),
        size: SIZE,
        duration: None,
    };
    let purpose = FilePurpose::Message { room: room_id("r1"), reply_to: None, as_file: false };
    let request = FileRequest { path: "~/notes.pdf".into(), purpose };
    story.event(Event::File(AccountId(0), request, Ok(file)));
    single_change(story)
}

fn transfer(story: &mut Story, request: &Request, sent: u64) {
    story.server(ServerEvent::Progress { room: room_id("r1"), local: local_of(request), sent, total: SIZE });
}

/// The fourth rejection, a few seconds later, failed a file of which nothing had been transferred.
#[test]
fn file_is_sent_once_the_server_accepts_requests_again() {
    for mut story in both() {
        let mut request = send_file(&mut story);
        for _ in 0..9 {
            fail(&mut story, &request, Failure::RetryLater);
            story.lacks("Not sent").lacks("interrupted").wait(61_000);
            request = single_change(&mut story);
        }
        // The network layer refuses it before anything is sent.
        for _ in 0..9 {
            fail(&mut story, &request, Failure::NotSent);
            story.lacks("Not sent").wait(61_000);
            request = single_change(&mut story);
        }
    }
}

/// Each new connection forgot the interruptions, so the file was uploaded for ever.
#[test]
fn upload_that_ends_the_connection_is_not_repeated_for_ever() {
    for is_connection_first in [false, true] {
        for mut story in both() {
            let mut request = send_file(&mut story);
            for _ in 0..3 {
                transfer(&mut story, &request, 500_000);
                if is_connection_first {
                    disconnect(&mut story);
                    fail(&mut story, &request, Failure::NotSent);
                } else {
                    fail(&mut story, &request, Failure::NotSent);
                    disconnect(&mut story);
                }
                story.shows("Upload interrupted, will be sent again");
                reconnect(&mut story);
                story.wait(61_000);
                request = single_change(&mut story);
            }
            transfer(&mut story, &request, 500_000);
            disconnect(&mut story);
            fail(&mut story, &request, Failure::NotSent);
            story.shows("Not sent: The server says no.");
            reconnect(&mut story);
            story.wait(600_000);
            assert!(changes(&mut story).is_empty());
            // The user may want it nevertheless, and then it is tried as often again.
            story.keys("tab s").shows("Uploading…");
            let request = single_change(&mut story);
            transfer(&mut story, &request, 500_000);
            fail(&mut story, &request, Failure::NotSent);
            story.shows("Upload interrupted, will be sent again");
        }
    }
}

#[test]
fn file_without_an_answer_is_not_uploaded_for_ever() {
    for mut story in both() {
        let mut request = send_file(&mut story);
        for _ in 0..3 {
            transfer(&mut story, &request, SIZE);
            fail(&mut story, &request, Failure::Uncertain);
            story.wait(2_100);
            page(&mut story, &[]);
            request = single_change(&mut story);
        }
        transfer(&mut story, &request, SIZE);
        fail(&mut story, &request, Failure::Uncertain);
        story.wait(2_100);
        page(&mut story, &[]);
        story.shows("Not sent: The connection was lost during every upload.");
        story.wait(600_000);
        assert!(changes(&mut story).is_empty());
    }
}
