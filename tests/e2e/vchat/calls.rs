//! Calls: who rings, and what becomes of it.

use serde_json::{Value, json};

use super::Chat;
use test_support::vchat::text;

impl Chat {
    /// Bob rings; the call.
    async fn rings(&self, video: bool) -> String {
        let wish = json!({ "payload": null, "withVideo": video, "meetPlatform": "agora" });
        text(&self.bob.post(&format!("call/create/{}", self.room), wish).await["meetId"])
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_rings_is_taken_and_ends() {
    let mut chat = Chat::open().await;
    let call = chat.rings(true).await;
    chat.alice.shows_row(&["Bob Brown", "video"]).await;
    chat.alice.keys("alt+y").await;
    let accepted = chat.hears("v1OnCallAccepted");
    assert_eq!(accepted["meetId"], json!(call));
    chat.alice.shows("call_command").await;
    chat.bob.post(&format!("call/end/v2/{call}"), Value::Null).await;
    chat.alice.shows_row(&["ideo call"]).await;
    chat.alice.enters("/calls").await;
    chat.alice.shows_row(&["Bob Brown", "ideo"]).await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_refused() {
    let mut chat = Chat::open().await;
    let call = chat.rings(false).await;
    chat.alice.shows_row(&["Bob Brown", "audio"]).await;
    chat.alice.keys("alt+n").await;
    assert_eq!(chat.hears("v1OnCallRejected")["meetId"], json!(call));
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_gives_up() {
    let mut chat = Chat::open().await;
    let call = chat.rings(false).await;
    chat.alice.shows("Alt+Y").await;
    chat.bob.post(&format!("call/end/v2/{call}"), Value::Null).await;
    chat.alice.lacks("Alt+Y").await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_rings_is_answered_and_hangs_up() {
    let mut chat = Chat::open().await;
    chat.alice.enters("/call").await;
    let call = text(&chat.hears("v1OnNewCall")["meetId"]);
    chat.alice.shows("Alt+H").await;
    chat.bob.post(&format!("call/accept/{call}"), json!({ "payload": null })).await;
    chat.alice.shows("call_command").await;
    chat.alice.keys("alt+h").await;
    assert_eq!(chat.hears("v1OnCallEnded")["roomId"], json!(chat.room));
    chat.alice.lacks("Alt+H").await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_answers() {
    let mut chat = Chat::open_with(std::time::Duration::from_millis(400)).await;
    chat.alice.enters("/video").await;
    chat.hears("v1OnNewCall");
    chat.hears("v1OnCallTimeout");
    chat.alice.lacks("Alt+H").await;
    chat.alice.shows("issed").await;
    chat.alice.end().await;
}
