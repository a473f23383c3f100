//! The load generator against both sandbox servers.

use std::time::Duration;

use minchat_tui::load::{LoadError, LoadPlan, LoadReport, LoadService, Progress, run};
use minchat_tui::server::{Limits, Options, ServerHandle, Service, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const BOTH: [(Service, LoadService); 2] =
    [(Service::MinChat, LoadService::MinChat), (Service::VChat, LoadService::VChat)];

/// A server with these faults, and a load test of two seconds on it.
async fn server(service: (Service, LoadService), faults: &str) -> (ServerHandle, LoadPlan) {
    let options = Options { service: service.0, faults: faults.parse().unwrap(), ..Options::default() };
    let server = start(options).await.unwrap();
    let plan = LoadPlan {
        url: server.url(),
        key: server.api_key().to_owned(),
        service: service.1,
        people: 9,
        rooms: 3,
        rate: 30,
        time: Duration::from_secs(2),
        owns_server: false,
    };
    (server, plan)
}

async fn report(plan: LoadPlan) -> LoadReport {
    run(plan, "0123456789abcdef".to_owned(), |_| {}).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_reaches_the_others_of_its_room() {
    for service in BOTH {
        let (_server, plan) = server(service, "").await;
        let mut connected = 0;
        let mut note = |progress| {
            if let Progress::Connecting { connected: count } = progress {
                connected = count;
            }
        };
        let report = run(plan, "0123456789abcdef".to_owned(), &mut note).await.unwrap();
        assert_eq!((connected, report.sent, report.delivered, report.expected), (9, 60, 120, 120));
        assert!(report.errors.is_empty() && report.duplicates == 0 && report.failures() == 0.0, "{report}");
        assert!(report.delivery.p50 > 0.0 && report.delivery.max >= report.delivery.p99);
        assert!((25.0..31.0).contains(&report.rate()), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_counted_by_kind() {
    let events = ["message", "v1OnNewMessage"];
    for (service, event) in BOTH.into_iter().zip(events) {
        let send = if service.0 == Service::MinChat { "/v1/messages" } else { "/api/v2/channel/*/message" };
        let (_server, plan) = server(service, &format!("429@POST {send}=1/6,drop@{event}=1/5,dup@{event}=1/4")).await;
        let report = report(plan).await;
        assert_eq!((report.sent, report.errors.get("429"), report.expected), (50, Some(&10), 100), "{report}");
        assert!(report.delivered < 130 && report.duplicates > 0, "{report}");
        assert!(report.failures() > 10.0);
    }
}

/// Regression tests: a message that arrived although its response was lost made up for one that did not arrive, and a
/// full server was said to accept no more sockets, whatever the error was.
#[tokio::test(flavor = "multi_thread")]
async fn deliveries_of_unconfirmed_messages_do_not_count() {
    for (service, event) in BOTH.into_iter().zip(["message", "v1OnNewMessage"]) {
        let send = if service.0 == Service::MinChat { "/v1/messages" } else { "/api/v2/channel/*/message" };
        let (_server, plan) = server(service, &format!("lose@POST {send}=1/2,drop@{event}=1/3")).await;
        let report = report(plan).await;
        assert_eq!((report.sent, report.expected, report.duplicates), (30, 60, 0), "{report}");
        assert!(report.delivered < 60, "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn full_server_is_named_with_the_number_of_connections() {
    for service in BOTH {
        let limits = Limits { connections: 8, ..Limits::default() };
        let options = Options { service: service.0, limits, ..Options::default() };
        let full = start(options).await.unwrap();
        let (_server, plan) = server(service, "").await;
        let plan = LoadPlan { url: full.url(), key: full.api_key().to_owned(), people: 30, ..plan };
        let outcome = run(plan, "0123456789abcdef".to_owned(), |_| {}).await;
        assert!(matches!(outcome, Err(LoadError::Full(1_230))), "{outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_key_is_refused_with_the_reason() {
    for service in BOTH {
        let (_server, plan) = server(service, "").await;
        let plan = LoadPlan { key: "WRONG".to_owned(), ..plan };
        let outcome = run(plan, "0123456789abcdef".to_owned(), |_| {}).await;
        assert!(matches!(outcome, Err(LoadError::Refused { step: "Signing in", .. })), "{outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_sandboxes_are_put_under_load() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nserver: nginx\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let (_server, plan) = server(BOTH[0], "").await;
    let outcome = run(LoadPlan { url, ..plan }, "0123456789abcdef".to_owned(), |_| {}).await;
    assert!(matches!(outcome, Err(LoadError::NoSandbox(_))), "{outcome:?}");
}

/// Regression test: the first refused or unanswered request of those that sign people in ended the test.
#[tokio::test(flavor = "multi_thread")]
async fn preparation_is_repeated_under_faults() {
    for service in BOTH {
        let (sign_in, room, send) = match service.0 {
            Service::MinChat => ("/v1/user", "/v1/chat", "/v1/messages"),
            Service::VChat => ("/api/v2/auth/connect", "/api/v2/channel/group", "/api/v2/channel/*/message"),
        };
        let faults = format!("502@{sign_in}=1/3,drop@{room}=1/2,503@/socket.io=1/3,429@{send}=1/6");
        let (_server, plan) = server(service, &faults).await;
        let report = report(plan).await;
        assert_eq!((report.prepared, report.errors.get("429")), (22, Some(&10)), "{report}");
        assert!(report.attempts > 27, "{report}");
        assert!(report.to_string().contains(" for 22 sign-ins, rooms and connections"), "{report}");
        // What never succeeds ends with the reason.
        let (_server, plan) = server(service, &format!("502@{sign_in}=100%")).await;
        let outcome = run(plan, "0123456789abcdef".to_owned(), |_| {}).await;
        assert!(matches!(&outcome, Err(LoadError::Refused { reason, .. }) if reason.starts_with("502")), "{outcome:?}");
    }
}
