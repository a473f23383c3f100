//! Two people chat while random network faults follow one another. In the end the client and the server have the same
//! messages in the same order.
//!
//! The short form runs with all tests; `SOAK=1000 cargo test --release --test e2e network::soak` is the long one.
//! `SOAK_SEED=8` chooses another random sequence.

use std::time::Duration;

use fastrand::Rng;

use super::{Chat, World};
use test_support::fault::Fault;

/// Number of faults in the short form.
const SHORT: u64 = 40;

/// Time after a join within which the client has reloaded the room.
const RELOAD: Duration = Duration::from_secs(2);

/// Reads a number from an environment variable.
fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// Returns a random fault.
fn random_fault(rng: &mut Rng) -> Fault {
    match rng.u8(0..8) {
        0 | 1 => Fault::Cut,
        2 => Fault::Freeze,
        3 => Fault::HalfOpen,
        4 => Fault::Delay(Duration::from_millis(rng.u64(1..150))),
        5 | 6 => Fault::Drop(rng.usize(1..1_500)),
        _ => Fault::Slow(rng.usize(2_000..50_000)),
    }
}

/// Sends up to two messages from random sides.
pub(super) async fn chatter(chat: &mut Chat, rng: &mut Rng, sent: &mut usize) {
    for _ in 0..rng.u8(0..3) {
        *sent += 1;
        if rng.bool() {
            chat.alice.enters(&format!("alice {sent}.")).await;
        } else {
            chat.world.send_from_bob(&format!("bob {sent}.")).await;
        }
    }
}

/// Sleeps for a random time: the length of faults and of the time between them is part of the test.
pub(super) async fn sleep_up_to(rng: &mut Rng, most: u64) {
    tokio::time::sleep(Duration::from_millis(rng.u64(1..most))).await;
}

async fn soak(mut chat: Chat) {
    let (faults, seed) = (number("SOAK", SHORT), number("SOAK_SEED", 7));
    let mut rng = Rng::with_seed(seed);
    let mut sent = 0;
    for _ in 0..faults {
        chat.proxy.set(random_fault(&mut rng));
        chatter(&mut chat, &mut rng, &mut sent).await;
        sleep_up_to(&mut rng, 300).await;
        chatter(&mut chat, &mut rng, &mut sent).await;
        if rng.u8(0..4) > 0 {
            chat.proxy.restore();
            if rng.bool() {
                chat.alice.keys("f5").await;
            }
            chatter(&mut chat, &mut rng, &mut sent).await;
            sleep_up_to(&mut rng, 400).await;
        }
    }
    chat.proxy.restore();
    settle(chat, sent, &mut rng).await;
}

/// Waits on a network without faults until nothing is missing, and checks that the client and the server have all
/// messages up to number `sent`, each once.
pub(super) async fn settle(mut chat: Chat, sent: usize, rng: &mut Rng) {
    chat.alice.shows("● Online").await;
    // Fetches missing messages first: a send whose response was lost may be among them.
    // Checks the room list, because unsent messages are below all others and may fill the pane. Messages that were
    // queued during the last outage may follow the first answer, so Bob repeats it.
    for n in 0..200 {
        if chat.alice.screen().contains("   peace") {
            break;
        }
        chat.world.send_from_bob(&format!("peace {n}")).await;
        sleep_up_to(rng, 1_000).await;
    }
    chat.alice.shows("   peace").await;
    // Messages from before a join arrive with the reload that follows it.
    tokio::time::sleep(RELOAD).await;
    chat.alice.fills_gaps().await;
    retry_failed_sends(&mut chat).await;
    chat.world.send_from_bob("the end").await;
    chat.alice.shows_row(&["│   the end"]).await;
    let history = chat.compare().await;
    let mut all: Vec<String> = (1..=sent).flat_map(|n| [format!("alice {n}."), format!("bob {n}.")]).collect();
    all.retain(|words| history.contains(words));
    assert_eq!(all.len(), sent, "the server lacks a message");
}

/// Presses the retry key on failed sends until none is left.
async fn retry_failed_sends(chat: &mut Chat) {
    for _ in 0..200 {
        chat.alice.has_sent_all().await;
        if !chat.alice.screen().contains('✗') {
            return;
        }
        chat.alice.keys("tab").await;
        for _ in 0..20 {
            chat.alice.keys("s k").await;
        }
        chat.alice.keys("esc esc ctrl+end").await;
        // The keys have been handled once this text has appeared and disappeared.
        chat.alice.types("seen").await;
        chat.alice.shows("› seen").await;
        chat.alice.keys("ctrl+u").await;
        chat.alice.lacks("› seen").await;
    }
    panic!("some sends still fail:\n{}", chat.alice.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_on_minchat() {
    soak(Chat::open(World::minchat().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_on_vchat() {
    soak(Chat::open(World::vchat().await).await).await;
}
