//! Files of several kinds and sizes, their progress, refusals and lost answers.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Chat;
use crate::client::Client;
use test_support::fault::{Fault, FaultProxy};
use test_support::minchat::{KEY, Sandbox, text};

/// A folder with files to send.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

async fn download(file: &Value) -> Vec<u8> {
    reqwest::get(text(&file["url"])).await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_several_kinds_and_sizes_arrive_whole() {
    let mut chat = Chat::open().await;
    let folder = Folder::new();
    let large: Vec<u8> = (0..5_000_000_u32).map(|n| (n % 251) as u8).collect();
    for (command, name, content, kind, size, shown) in [
        ("send", "tea.png", b"\x89PNG\r\n\x1a\n and more".as_slice(), "image", "17 B", "17 B"),
        ("send", "cat.gif", b"GIF89a".as_slice(), "gif", "6 B", "6 B"),
        ("send", "film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".as_slice(), "video", "24 B", "24 B"),
        ("file", "tea.png", b"\x89PNG\r\n\x1a\n and more".as_slice(), "file", "17 B", "17 B"),
        ("send", "empty.txt", b"".as_slice(), "file", "0 B", "0 B"),
        ("send", "Tee \"für\" zwei.bin", large.as_slice(), "file", "4.77 MB", "5 MB"),
    ] {
        let path = folder.write(name, content);
        chat.alice.enters(&format!("/{command} {}", path.display())).await;
        let received = chat.socket.wait("message");
        let file = &received["file"];
        assert_eq!((&file["type"], &file["size"]), (&json!(kind), &json!(size)), "{name}");
        assert!(received["text"].is_null(), "{received}");
        assert!(download(file).await == content, "{name}: the bytes are those of the file");
        chat.alice.shows_row(&[&format!("[{kind}] {}", text(&file["name"])), &format!("({shown})"), " ✓"]).await;
    }
    let outcome = chat.alice.quit().await;
    assert_eq!(outcome.texts.len(), 7, "echo and response are one message each: {:?}", outcome.texts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn file_that_is_too_large_is_refused_with_the_reason() {
    let mut chat = Chat::open().await;
    let folder = Folder::new();
    // The sandbox accepts 25 MiB.
    let path = folder.write("film.bin", &vec![7; 27 << 20]);
    chat.alice.enters(&format!("/send {}", path.display())).await;
    chat.alice.shows("Not sent: The server refused the request: The body is too large").await;
    chat.alice.keys("tab x").await;
    chat.alice.shows("Canceled: film.bin").await;
    chat.alice.quit().await;
}

/// The answer is cut off, so that the client cannot know whether the file arrived.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn file_whose_answer_is_lost_arrives_once() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    let alice_id = sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "Hello Alice").await;
    let proxy = FaultProxy::start(&sandbox.url()).await;
    let mut alice = Client::start(&proxy.url, KEY);
    alice.shows_row(&["│   Hello Alice"]).await;
    alice.enters("Here is the plan").await;
    alice.shows_row(&["Here is the plan", " ✓"]).await;
    let folder = Folder::new();
    let path = folder.write("plan.bin", &vec![7; 3_000_000]);
    proxy.set(Fault::Slow(1_000_000));
    alice.enters(&format!("/send {}", path.display())).await;
    let has_begun = |screen: &str| screen.contains(" %") || screen.contains("Uploaded, waiting for the server");
    alice.wait("the progress of the upload", has_begun).await;
    proxy.cut();
    alice.shows("Reconnecting in").await;
    proxy.restore();
    alice.shows_row(&["[file] plan.bin", " ✓"]).await;
    let page = sandbox.get(&format!("/v1/messages?chat_id={chat}&user_id={alice_id}&page=1")).await;
    let files = page["messages"].as_array().unwrap().iter().filter(|message| message["file"].is_object());
    let files: Vec<&Value> = files.collect();
    assert_eq!(files.len(), 1, "{page}");
    assert!(download(&files[0]["file"]).await == vec![7; 3_000_000]);
    alice.quit().await;
}
