//! Calls: incoming and outgoing, accepted, declined, cancelled and unanswered.

use serde_json::{Value, json};

use super::Chat;
use test_support::vchat::text;

impl Chat {
    /// Bob calls; returns the id of the call.
    async fn ring(&self, video: bool) -> String {
        let body = json!({ "payload": null, "withVideo": video, "meetPlatform": "agora" });
        text(&self.bob.post(&format!("call/create/{}", self.room), body).await["meetId"])
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incoming_call_is_accepted_and_ends() {
    let mut chat = Chat::open().await;
    let call = chat.ring(true).await;
    chat.alice.shows_row(&["Bob Brown", "video"]).await;
    chat.alice.keys("alt+y").await;
    let accepted = chat.next_event("v1OnCallAccepted");
    assert_eq!(accepted["meetId"], json!(call));
    chat.alice.shows("call_command").await;
    chat.bob.post(&format!("call/end/v2/{call}"), Value::Null).await;
    chat.alice.shows_row(&["ideo call"]).await;
    chat.alice.enters("/calls").await;
    chat.alice.shows_row(&["Bob Brown", "ideo"]).await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incoming_call_is_declined() {
    let mut chat = Chat::open().await;
    let call = chat.ring(false).await;
    chat.alice.shows_row(&["voice call from Bob Brown"]).await;
    chat.alice.keys("alt+n").await;
    assert_eq!(chat.next_event("v1OnCallRejected")["meetId"], json!(call));
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caller_cancels_an_incoming_call() {
    let mut chat = Chat::open().await;
    let call = chat.ring(false).await;
    chat.alice.shows("Alt+Y").await;
    chat.bob.post(&format!("call/end/v2/{call}"), Value::Null).await;
    chat.alice.lacks("Alt+Y").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outgoing_call_is_answered_and_hung_up() {
    let mut chat = Chat::open().await;
    chat.alice.enters("/call").await;
    let call = text(&chat.next_event("v1OnNewCall")["meetId"]);
    chat.alice.shows("Alt+H").await;
    chat.bob.post(&format!("call/accept/{call}"), json!({ "payload": null })).await;
    chat.alice.shows("call_command").await;
    chat.alice.keys("alt+h").await;
    assert_eq!(chat.next_event("v1OnCallEnded")["roomId"], json!(chat.room));
    chat.alice.lacks("Alt+H").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outgoing_call_is_not_answered() {
    let mut chat = Chat::open_with_ring(std::time::Duration::from_millis(400)).await;
    chat.alice.enters("/video").await;
    chat.next_event("v1OnNewCall");
    chat.next_event("v1OnCallTimeout");
    chat.alice.lacks("Alt+H").await;
    chat.alice.shows("issed").await;
    chat.alice.quit().await;
}
