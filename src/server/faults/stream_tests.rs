//! Tests of the stream of a connection, with simulated time.

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;
use crate::server::faults::{FaultControl, FaultRules};
use crate::server::options::Service;

const HEAD: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\n\r\n";

fn rules(text: &str) -> FaultRules {
    text.parse().unwrap()
}

/// A WebSocket after its handshake: the faults, the stream of the server, and the end of the client.
async fn socket(text: &str) -> (FaultControl, FaultyStream<DuplexStream>, DuplexStream) {
    let faults = FaultControl::new(Service::MinChat, rules(text), 1);
    let (near, mut far) = duplex(1 << 20);
    let link = Arc::new(Link::new(faults.clone()));
    let mut stream = FaultyStream::new(near, Arc::clone(&link));
    link.on_upgrade();
    stream.write_all(HEAD).await.unwrap();
    let mut head = vec![0; HEAD.len()];
    far.read_exact(&mut head).await.unwrap();
    assert_eq!(head, HEAD);
    (faults, stream, far)
}

fn event(name: &str) -> Vec<u8> {
    let text = format!("42[\"{name}\"]");
    [&[0x81, text.len() as u8], text.as_bytes()].concat()
}

/// Reads from the client for this long, while the server keeps reading.
async fn received(stream: &mut FaultyStream<DuplexStream>, far: &mut DuplexStream, time: Duration) -> Vec<u8> {
    let mut received = Vec::new();
    let mut unread = [0; 16];
    let reading = async {
        let _ = stream.read(&mut unread).await;
        std::future::pending::<()>().await;
    };
    let receiving = async {
        let mut part = [0; 64];
        while let Ok(count @ 1..) = far.read(&mut part).await {
            received.extend_from_slice(&part[..count]);
        }
    };
    let _ = tokio::time::timeout(time, async { tokio::join!(reading, receiving) }).await;
    received
}

const SOON: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn frames_pass_unchanged_without_faults() {
    let (_, mut stream, mut far) = socket("").await;
    stream.write_all(&event("a")).await.unwrap();
    assert_eq!(received(&mut stream, &mut far, SOON).await, event("a"));
}

/// The second half of a frame was taken for a frame of its own.
#[tokio::test(start_paused = true)]
async fn faults_begin_with_the_next_frame() {
    let (faults, mut stream, mut far) = socket("").await;
    let first = event("a");
    stream.write_all(&first[..5]).await.unwrap();
    faults.set(rules("dup=100%"), None);
    stream.write_all(&[&first[5..], &event("b")].concat()).await.unwrap();
    let expected = [event("a"), event("b"), event("b")].concat();
    assert_eq!(received(&mut stream, &mut far, SOON).await, expected);
    // And they end with one.
    stream.write_all(&first[..5]).await.unwrap();
    faults.clear();
    stream.write_all(&first[5..]).await.unwrap();
    assert_eq!(received(&mut stream, &mut far, SOON).await, first);
}

#[tokio::test(start_paused = true)]
async fn delayed_events_are_sent_while_nothing_is_written() {
    let (_, mut stream, mut far) = socket("latency=2s").await;
    stream.write_all(&event("a")).await.unwrap();
    assert_eq!(received(&mut stream, &mut far, Duration::from_millis(1_999)).await, b"");
    assert_eq!(received(&mut stream, &mut far, Duration::from_millis(2)).await, event("a"));
}

#[tokio::test(start_paused = true)]
async fn half_open_socket_is_silent_but_open() {
    let (faults, mut stream, mut far) = socket("").await;
    faults.set(rules("half-open=30s"), None);
    stream.write_all(&event("a")).await.unwrap();
    assert_eq!(received(&mut stream, &mut far, Duration::from_secs(31)).await, event("a"));
    stream.write_all(&event("b")).await.unwrap();
    far.write_all(b"unread").await.unwrap();
    assert_eq!(received(&mut stream, &mut far, Duration::from_secs(10)).await, b"");
    // The server gives it up; the client does not notice.
    stream.shutdown().await.unwrap();
    drop(stream);
    let mut byte = [0];
    assert!(tokio::time::timeout(Duration::from_secs(60), far.read(&mut byte)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn faults_reach_a_socket_on_which_nothing_happens() {
    let (faults, mut stream, mut far) = socket("").await;
    let changing = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        faults.set(rules("close=1/s"), None);
    };
    let mut byte = [0];
    let (read, ()) = tokio::join!(tokio::time::timeout(Duration::from_secs(7), stream.read(&mut byte)), changing);
    assert_eq!(read.unwrap().map_err(|error| error.kind()), Err(io::ErrorKind::ConnectionAborted));
    drop(stream);
    assert_eq!(far.read(&mut byte).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn slow_socket_sends_and_receives_at_its_rate() {
    let (_, mut stream, mut far) = socket("slow=1KB/s").await;
    let start = Instant::now();
    stream.write_all(&[0x82, 126, 0x07, 0xd0]).await.unwrap();
    stream.write_all(&[7; 2_000]).await.unwrap();
    let half = received(&mut stream, &mut far, Duration::from_secs(1)).await.len();
    assert!((900..1_200).contains(&half), "{half}");
    assert_eq!(received(&mut stream, &mut far, Duration::from_secs(2)).await.len(), 2_004 - half);
    far.write_all(&[7; 2_000]).await.unwrap();
    let mut bytes = vec![0; 2_000];
    stream.read_exact(&mut bytes).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(4_500), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn shutdown_sends_what_is_delayed() {
    let (_, mut stream, mut far) = socket("latency=1min").await;
    stream.write_all(&event("a")).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut bytes = Vec::new();
    far.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, event("a"));
}
