//! Faults that the sandbox servers produce on purpose, on both services, over real sockets.

use std::time::{Duration, Instant};

use minchat_tui::server::{FaultControl, FaultRules, Options, ServerHandle, Service, start};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use test_support::wire::Wire;
use test_support::{minchat, vchat};

const BOTH: [Service; 2] = [Service::MinChat, Service::VChat];
const KEY: &str = "KEY";

fn rules(text: &str) -> FaultRules {
    text.parse().unwrap()
}

/// A server that starts with these faults.
async fn server(service: Service, faults: &str, seed: u64) -> ServerHandle {
    let options = Options { service, api_key: KEY.into(), test_routes: true, ..Options::default() };
    start(Options { faults: rules(faults), fault_seed: seed, ..options }).await.unwrap()
}

/// A path that needs no sign-in.
fn path(service: Service) -> &'static str {
    if service == Service::MinChat { "/v1/user/list" } else { "/" }
}

/// Makes a request to [`path`] on a connection of its own.
async fn get(server: &ServerHandle, service: Service) -> reqwest::Result<reqwest::Response> {
    let request = Client::new().get(format!("{}{}", server.url(), path(service)));
    request.header("authorization", format!("Bearer {KEY}")).send().await
}

/// Makes a request to the route that changes the faults.
async fn control(server: &ServerHandle, method: Method, key: &str, body: String) -> (StatusCode, Value) {
    let request = Client::new().request(method, format!("{}/__sandbox/faults", server.url())).body(body);
    let response = request.header("authorization", format!("Bearer {key}")).send().await.unwrap();
    let status = response.status();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
}

/// A room in which Bob writes, and a socket of Alice.
enum Room {
    MinChat { sandbox: minchat::Sandbox, chat: String, bob: String, socket: Box<Wire> },
    VChat { sandbox: vchat::Sandbox, room: String, bob: vchat::Peer, alice: vchat::Peer, socket: Box<Wire> },
}

impl Room {
    async fn open(service: Service) -> Self {
        if service == Service::MinChat {
            let sandbox = minchat::Sandbox::start().await;
            let bob = sandbox.person("bob", "Bob Brown").await;
            sandbox.person("alice", "Alice Archer").await;
            let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
            let socket = Box::new(Self::minchat_socket(&sandbox, &chat));
            return Self::MinChat { sandbox, chat, bob, socket };
        }
        let sandbox = vchat::Sandbox::start().await;
        let bob = sandbox.person("bob@example.org", "Bob Brown").await;
        let alice = sandbox.person("alice@example.org", "Alice Archer").await;
        let room = bob.room_with("alice@example.org").await;
        let socket = Box::new(alice.socket());
        Self::VChat { sandbox, room, bob, alice, socket }
    }

    /// A socket that receives the messages of the chat and nothing else.
    fn minchat_socket(sandbox: &minchat::Sandbox, chat: &str) -> Wire {
        let mut socket = Wire::connect(&sandbox.url(), minchat::KEY);
        socket.emit("room.join", json!({ "channelId": chat, "apiKey": minchat::KEY }));
        socket.drain();
        socket
    }

    fn faults(&self) -> FaultControl {
        match self {
            Self::MinChat { sandbox, .. } => sandbox.faults(),
            Self::VChat { sandbox, .. } => sandbox.faults(),
        }
    }

    fn set(&self, text: &str) {
        self.faults().set(rules(text), Some(1));
    }

    /// Waits until the first fault in force has happened this many times.
    async fn has_fired(&self, times: u64) {
        let happened = async {
            while self.faults().report().rules[0].fired < times {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), happened).await.expect("the fault");
    }

    /// Name of the event of a new message.
    fn event(&self) -> &'static str {
        if matches!(self, Self::MinChat { .. }) { "message" } else { "v1OnNewMessage" }
    }

    async fn send(&self, words: &[&str]) {
        for words in words {
            match self {
                Self::MinChat { sandbox, chat, bob, .. } => drop(sandbox.send_text(chat, bob, words).await),
                Self::VChat { bob, room, .. } => drop(bob.send_text(room, words).await),
            }
        }
    }

    fn socket(&mut self) -> &mut Wire {
        let (Self::MinChat { socket, .. } | Self::VChat { socket, .. }) = self;
        socket
    }

    /// The texts of the next messages on Alice's socket.
    fn receive(&mut self, count: usize) -> Vec<String> {
        let event = self.event();
        let text_of = |payload: Value| match event {
            "message" => minchat::text(&payload["text"]),
            _ => vchat::text(&vchat::decoded(&payload)["c"]),
        };
        let socket = self.socket();
        (0..count).map(|_| text_of(socket.wait(event))).collect()
    }

    /// Closes Alice's socket and opens another one.
    fn reconnect(&mut self) {
        match self {
            Self::MinChat { sandbox, chat, socket, .. } => **socket = Self::minchat_socket(sandbox, chat),
            Self::VChat { alice, socket, .. } => **socket = alice.socket(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_request_gets_the_error_of_the_service() {
    for service in BOTH {
        let server = server(service, "429=1/3", 1).await;
        let mut statuses = Vec::new();
        for _ in 0..6 {
            let response = get(&server, service).await.unwrap();
            statuses.push(response.status().as_u16());
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                assert_eq!(response.headers()["retry-after"], "1");
                let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
                let field = if service == Service::MinChat { "message" } else { "data" };
                assert!(body[field].as_str().unwrap().contains("a fault is in force"), "{body}");
            }
        }
        assert_eq!(statuses, [200, 200, 429, 200, 200, 429]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn request_is_delayed_lost_or_cut_off() {
    for service in BOTH {
        let server = server(service, "", 1).await;
        let set = |text: &str| server.faults().set(rules(text), None);
        set(&format!("latency@{}=300", path(service)));
        let started = Instant::now();
        assert!(get(&server, service).await.unwrap().status().is_success());
        assert!(started.elapsed() >= Duration::from_millis(300));
        for fault in ["drop=100%", "lose=100%"] {
            set(fault);
            assert!(get(&server, service).await.is_err(), "{fault}");
        }
        set("truncate=100%");
        let response = get(&server, service).await.unwrap();
        assert!(response.status().is_success() && response.content_length() > Some(10));
        assert!(response.bytes().await.is_err());
        set("stall=100%");
        let waited = tokio::time::timeout(Duration::from_millis(300), get(&server, service)).await;
        assert!(waited.is_err(), "there was a response");
        server.faults().clear();
        assert!(get(&server, service).await.unwrap().status().is_success());
    }
}

/// A client that sends a lost request again must not do it twice.
#[tokio::test(flavor = "multi_thread")]
async fn lost_request_is_carried_out_and_a_dropped_one_is_not() {
    let server = server(Service::MinChat, "lose@POST /v1/user=1/2,drop@POST /v1/user=1/1", 1).await;
    let create = async |name: &str| {
        let request = Client::new().post(format!("{}/v1/user", server.url())).header("authorization", "Bearer KEY");
        request.header("content-type", "application/json").body(json!({ "username": name }).to_string()).send().await
    };
    assert!(create("dropped").await.is_err() && create("lost").await.is_err());
    server.faults().clear();
    for (name, status) in [("lost", 200), ("dropped", 400)] {
        let request = Client::new().get(format!("{}/v1/user?username={name}", server.url()));
        let response = request.header("authorization", "Bearer KEY").send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn event_is_dropped_repeated_reordered_or_delayed() {
    for service in BOTH {
        let mut room = Room::open(service).await;
        let event = room.event();
        for (fault, expected) in [
            ("drop", &["1", "3"][..]),
            ("dup", &["1", "2", "2", "3", "4", "4"]),
            // The last one waits for a second.
            ("reorder", &["1", "3", "2", "4"]),
        ] {
            room.set(&format!("{fault}@{event}=1/2"));
            room.send(&["1", "2", "3", "4"]).await;
            assert_eq!(room.receive(expected.len()), expected, "{fault}");
            // The last event is written after the response to its request, and must not count for the next fault.
            room.has_fired(2).await;
        }
        room.set(&format!("latency@{event}=300,latency=5s"));
        let started = Instant::now();
        room.send(&["late"]).await;
        assert_eq!(room.receive(1), ["late"]);
        assert!(started.elapsed() >= Duration::from_millis(300));
        room.set("slow=2KB/s");
        let started = Instant::now();
        room.send(&[&"x".repeat(1_000)]).await;
        assert_eq!(room.receive(1)[0].len(), 1_000);
        assert!(started.elapsed() >= Duration::from_millis(300));
        let report = room.faults().report();
        assert_eq!((report.rules[0].rule.as_str(), report.rules[0].fired), ("slow=2KB/s", 1));
        room.faults().clear();
        room.send(&["plain"]).await;
        assert_eq!(room.receive(1), ["plain"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn socket_is_disconnected_cut_off_or_closed() {
    for service in BOTH {
        let mut room = Room::open(service).await;
        let event = room.event();
        room.set(&format!("disconnect@{event}=100%"));
        room.send(&["last"]).await;
        assert_eq!(room.receive(1), ["last"]);
        let socket = room.socket();
        while socket.read().unwrap() != "41" {}
        for fault in [format!("truncate@{event}=100%"), "close=100/s".to_owned()] {
            room.faults().clear();
            room.reconnect();
            room.set(&fault);
            room.send(&["words"]).await;
            room.socket().ignore_until_closed();
        }
    }
}

/// What a socket receives of 40 messages, and the statuses of 40 requests.
async fn sequence(service: Service, seed: u64) -> (Vec<String>, Vec<u16>) {
    let mut room = Room::open(service).await;
    // The faults stay in force, because the last events are written after the response to their request.
    let words: Vec<String> =
        (0..40).map(|number| number.to_string()).chain((0..20).map(|_| "end".to_owned())).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let event = room.event();
    room.faults().set(rules(&format!("drop@{event}=30%,dup@{event}=30%")), Some(seed));
    room.send(&words).await;
    let mut received = Vec::new();
    while received.last().is_none_or(|last| last != "end") {
        received.extend(room.receive(1));
    }
    let server = server(service, "500=30%", seed).await;
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(get(&server, service).await.unwrap().status().as_u16());
    }
    (received, statuses)
}

#[tokio::test(flavor = "multi_thread")]
async fn same_seed_gives_the_same_faults() {
    for service in BOTH {
        let (first, again, other) =
            (sequence(service, 7).await, sequence(service, 7).await, sequence(service, 8).await);
        assert_eq!(first, again);
        assert!(first.0 != other.0 && first.1 != other.1);
        assert!(first.1.contains(&500) && first.1.contains(&200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spared_request_has_no_faults() {
    let server = server(Service::MinChat, "500=100%", 1).await;
    let request = Client::new().get(format!("{}/v1/user/list", server.url())).header("authorization", "Bearer KEY");
    let response = request.header("x-sandbox-faults", "off").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_changed_while_the_server_runs() {
    for service in BOTH {
        let server = server(service, "latency=1", 5).await;
        let (status, body) = control(&server, Method::GET, KEY, String::new()).await;
        let expected = json!({ "seed": 5, "faults": [{ "fault": "latency=1ms", "fired": 0 }] });
        assert_eq!((status, body), (StatusCode::OK, expected));
        let set = json!({ "faults": "503=1/2, drop@*=5%", "seed": 9 }).to_string();
        let (_, body) = control(&server, Method::POST, KEY, set).await;
        assert_eq!((&body["seed"], &body["faults"][0]["fault"]), (&json!(9), &json!("503=1/2")));
        for expected in [200, 503] {
            assert_eq!(get(&server, service).await.unwrap().status().as_u16(), expected);
        }
        let (_, body) = control(&server, Method::GET, KEY, String::new()).await;
        assert_eq!(body["faults"][0]["fired"], 1);
        let (_, body) = control(&server, Method::POST, KEY, "500=100%".to_owned()).await;
        assert_eq!(body["faults"], json!([{ "fault": "500=100%", "fired": 0 }]));
        let (status, body) = control(&server, Method::DELETE, KEY, String::new()).await;
        assert_eq!((status, &body["faults"]), (StatusCode::OK, &json!([])));
        assert!(get(&server, service).await.unwrap().status().is_success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_faults_change_nothing_and_are_explained() {
    for service in BOTH {
        let server = server(service, "latency=1", 1).await;
        for (body, reason) in [
            ("latancy=2s", "latancy"),
            (r#"{"faults":"drop=often"}"#, "5% or 1/3"),
            (r#"{"fault":"drop=1%"}"#, "is not a field. Use faults and seed"),
            (r#"{"faults":"drop=1%","sead":7}"#, "is not a field. Use faults and seed"),
            (r#"{"seed":7}"#, "faults must be a text"),
            (r#"{"faults":"","seed":-1}"#, "seed must be a number"),
            ("{", "not JSON"),
        ] {
            let (status, answer) = control(&server, Method::POST, KEY, body.to_owned()).await;
            assert!(status == StatusCode::BAD_REQUEST && answer.to_string().contains(reason), "{body}: {answer}");
        }
        let (status, _) = control(&server, Method::PUT, KEY, String::new()).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        let (_, body) = control(&server, Method::GET, KEY, String::new()).await;
        assert_eq!(body["faults"][0]["fault"], "latency=1ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_programs_with_the_key_change_faults() {
    for service in BOTH {
        let cors = vec!["http://localhost:3000".to_owned()];
        let options = Options { service, api_key: KEY.into(), test_routes: true, cors, ..Options::default() };
        let server = start(options.clone()).await.unwrap();
        for key in ["", "WRONG", "demo"] {
            assert_eq!(control(&server, Method::GET, key, String::new()).await.0, StatusCode::FORBIDDEN);
        }
        for origin in ["http://localhost:3000", "https://evil.example"] {
            let request = Client::new().post(format!("{}/__sandbox/faults", server.url())).body("500=100%");
            let request = request.header("authorization", "Bearer KEY").header("origin", origin);
            assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{origin}");
        }
        assert!(server.faults().report().rules.is_empty());
        // `demo` has no routes for tests.
        let server = start(Options { test_routes: false, ..options }).await.unwrap();
        assert_eq!(control(&server, Method::GET, KEY, String::new()).await.0, StatusCode::NOT_FOUND);
    }
}

/// Regression test: these paths are answered by other routers if they are written in the usual way. The thread of the
/// request panicked, and the whole demo ended.
#[tokio::test(flavor = "multi_thread")]
async fn odd_spelling_of_a_known_path_is_refused() {
    for service in [Service::MinChat, Service::VChat] {
        let server = server(service, "", 1).await;
        let http = Client::new();
        for path in [
            "/default_user_image.png/",
            "/socket%2Eio",
            "/socket.io//",
            "/files/x/",
            "//files/x",
            "//",
            "/%2F",
            "/api/v2",
            "/api/v2/",
            "/api/v2//",
            "/api/v2/%2F",
            "/%61pi/v2/channel//",
        ] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let request = http.request(method.clone(), format!("{}{path}", server.url()));
                let status = request.bearer_auth("token").send().await.unwrap().status();
                assert!(status.is_client_error(), "{service:?} {method} {path}: {status}");
            }
        }
        server.stop().await;
    }
}

/// All paths of up to three of these words.
fn paths(start: &str, words: &[&str]) -> Vec<String> {
    let mut paths = vec![start.to_owned()];
    let mut longest = paths.clone();
    for _ in 0..3 {
        longest = longest.iter().flat_map(|path| words.iter().map(move |word| format!("{path}/{word}"))).collect();
        paths.extend_from_slice(&longest);
    }
    paths
}

/// Regression test: a fault was accepted for a wrong path that is made of known words, and never happened; and V Chat
/// answered a path with two slashes, and asked for a token before it said that a path is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn faults_are_accepted_for_the_paths_that_exist() {
    const ID: &str = "cmx1r7bdg0000";
    for (service, start, words) in [
        (Service::MinChat, "/v1", ["chat", "messages", "user", "list", "seen", "participants", ID]),
        (Service::VChat, "/api/v2", ["channel", "message", "group", "members", "stars", "call", ID]),
        (
            Service::VChat,
            "/api/v2/channel/cmx1r7bdg0000",
            ["group", "message", "leave", "archive", "title", "delete", ID],
        ),
    ] {
        let server = server(service, "", 1).await;
        let http = Client::new();
        let (mut accepted, mut wrong) = (0, 0);
        for path in paths(start, &words) {
            for method in [Method::GET, Method::PATCH] {
                let request = http.request(method.clone(), format!("{}{path}", server.url()));
                let exists = request.send().await.unwrap().status() != StatusCode::NOT_FOUND;
                let rules = FaultRules::of_service(&format!("429@{method} {path}=1/2"), service);
                // The other way round, a room may be called `members`, but hardly anybody means that one.
                assert!(exists || rules.is_err(), "{method} {path}");
                if rules.is_ok() {
                    accepted += 1;
                }
                if !exists {
                    wrong += 1;
                }
            }
            let doubled = format!("{}{}", server.url(), path.replacen("/v", "//v", 1));
            assert_eq!(http.get(&doubled).send().await.unwrap().status(), StatusCode::NOT_FOUND, "{doubled}");
        }
        assert!(accepted >= 3 && wrong > 300, "{accepted} {wrong}");
        server.stop().await;
    }
}
