// Copied Rust programs, which `mod.rs` runs. Written by `UPDATE_DOCS=1 cargo test --test meta copied`; only `given` and `pub` are added.

pub mod minchat_history {
use super::super::given;
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let response = reqwest::Client::new()
        .get(given("https://minchat.example/v1/messages?chat_id=CHAT-ID&user_id=PERSON-ID&page=1"))
        .header("authorization", given("Bearer ***"))
        .send()
        .await?;
    println!("{}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
}

pub mod minchat_send {
use super::super::given;
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let response = reqwest::Client::new()
        .post(given("https://minchat.example/v1/messages"))
        .header("authorization", given("Bearer ***"))
        .header("content-type", "application/json")
        .header("x-odd", r#"a "b" \ 'c' ${d} // #"#)
        .body(given("{\"chat_id\":\"CHAT-ID\",\"metadata\":{\"local\":\"x\",\"sent\":1764438000000},\"text\":\"It's \\\"100 %\\\" \\\\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\\n.\",\"user_id\":\"PERSON-ID\"}"))
        .send()
        .await?;
    println!("{}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
}

pub mod minchat_edit {
use super::super::given;
// reqwest needs its features "multipart" and "stream".

#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let response = reqwest::Client::new()
        .patch(given("https://minchat.example/v1/messages/MESSAGE-ID"))
        .header("authorization", given("Bearer ***"))
        .multipart(
            reqwest::multipart::Form::new()
                .text("text", "It's \"100 %\" \\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\n."),
        )
        .send()
        .await?;
    println!("{}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
}

pub mod minchat_upload {
use super::super::given;
// reqwest needs its features "multipart" and "stream".

#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let response = reqwest::Client::new()
        .post(given("https://minchat.example/v1/messages"))
        .header("authorization", given("Bearer ***"))
        .multipart(
            reqwest::multipart::Form::new()
                .text("chat_id", given("CHAT-ID"))
                .text("user_id", given("PERSON-ID"))
                .part("file", reqwest::multipart::Part::file(given("tea.png")).await?.mime_str("image/png")?),
        )
        .send()
        .await?;
    println!("{}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
}

pub mod minchat_join {
use super::super::given;
use rust_socketio::{Event, TransportType, asynchronous::ClientBuilder};

#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    ClientBuilder::new(given("https://minchat.example/socket.io/"))
        .transport_type(TransportType::Websocket)
        // Once the server has accepted the connection.
        .on(Event::Connect, |_, socket| {
            Box::pin(async move {
                let sent = socket.emit("room.user.join", serde_json::json!({
                  "apiKey": given("***"),
                  "at": 1764438000000_i64,
                  "channelUserId": given("PERSON-ID")
                })).await;
                println!("{sent:?}");
            })
        })
        .connect()
        .await?;
    // Until Ctrl+C.
    std::future::pending().await
}
}

pub mod minchat_listen {
use super::super::given;
use rust_socketio::{TransportType, asynchronous::ClientBuilder};

#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    ClientBuilder::new(given("https://minchat.example/socket.io/"))
        .transport_type(TransportType::Websocket)
        .on("message", |payload, _| {
            Box::pin(async move { println!("{payload:?}") })
        })
        .connect()
        .await?;
    // {
    //   "chat_id": given("CHAT-ID"),
    //   "metadata": {
    //     "local": "x",
    //     "sent": 1764438000000_i64
    //   },
    //   "text": "It's \"100 %\" \\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\n.",
    //   "user_id": given("PERSON-ID")
    // }
    // Until Ctrl+C.
    std::future::pending().await
}
}

pub mod vchat_rooms {
use super::super::given;
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let response = reqwest::Client::new()
        .get(given("https://vchat.example/api/v2/channel/"))
        .header("authorization", given("Bearer ***"))
        .send()
        .await?;
    println!("{}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
}

pub mod vchat_send {
use super::super::given;
// reqwest needs its features "multipart" and "stream".

#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let response = reqwest::Client::new()
        .post(given("https://vchat.example/api/v2/channel/CHAT-ID/message/"))
        .header("authorization", given("Bearer ***"))
        .multipart(
            reqwest::multipart::Form::new()
                .text("content", "It's \"100 %\" \\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\n.")
                .text("localId", "b4a974e5-6cb3-4c52-a9d4-2f5f4ea5d6a1")
                .text("isEncrypted", "false")
                .text("messageType", "text"),
        )
        .send()
        .await?;
    println!("{}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
}

pub mod vchat_rename {
use super::super::given;
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let response = reqwest::Client::new()
        .patch(given("https://vchat.example/api/v2/channel/CHAT-ID/group/title"))
        .header("authorization", given("Bearer ***"))
        .header("content-type", "application/json")
        .header("x-odd", r#"a "b" \ 'c' ${d} // #"#)
        .body("{\"title\":\"It's \\\"100 %\\\" \\\\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\\n.\"}")
        .send()
        .await?;
    println!("{}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
}

pub mod vchat_typing {
use super::super::given;
use rust_socketio::{Event, TransportType, asynchronous::ClientBuilder};

#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    ClientBuilder::new(given("https://vchat.example/socket.io/?auth=Bearer%20***"))
        .transport_type(TransportType::Websocket)
        .opening_header("authorization", given("Bearer ***"))
        // Once the server has accepted the connection.
        .on(Event::Connect, |_, socket| {
            Box::pin(async move {
                let sent = socket.emit("v1RoomStatusChange", serde_json::json!(given(r#"{"roomId":"CHAT-ID","status":"typing"}"#))).await;
                println!("{sent:?}");
            })
        })
        .connect()
        .await?;
    // Until Ctrl+C.
    std::future::pending().await
}
}

pub mod vchat_listen {
use super::super::given;
use rust_socketio::{TransportType, asynchronous::ClientBuilder};

#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    ClientBuilder::new(given("https://vchat.example/socket.io/?auth=Bearer%20***"))
        .transport_type(TransportType::Websocket)
        .opening_header("authorization", given("Bearer ***"))
        .on("v1OnNewMessage", |payload, _| {
            Box::pin(async move { println!("{payload:?}") })
        })
        .connect()
        .await?;
    // "{\"c\":\"It's \\\"100 %\\\" \\\\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\\n.\"}"
    // Until Ctrl+C.
    std::future::pending().await
}
}
