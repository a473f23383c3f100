//! Two people chat while the network breaks in every way, one fault after the other, as chance has it. In the end both
//! sides have the same messages in the same order.
//!
//! The short form runs with all tests; `SOAK=1000 cargo test --release --test network soak` is the long one. Another
//! story comes of `SOAK_SEED=8`.

use std::time::Duration;

use fastrand::Rng;

use super::{Chat, World};
use test_support::fault::Fault;

/// Faults in the short form.
const SHORT: u64 = 40;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

fn any(rng: &mut Rng) -> Fault {
    match rng.u8(0..8) {
        0 | 1 => Fault::Cut,
        2 => Fault::Freeze,
        3 => Fault::HalfOpen,
        4 => Fault::Delay(Duration::from_millis(rng.u64(1..150))),
        5 | 6 => Fault::Drop(rng.usize(1..1_500)),
        _ => Fault::Slow(rng.usize(2_000..50_000)),
    }
}

/// Some lines by both, at no particular time.
async fn talk(chat: &mut Chat, rng: &mut Rng, said: &mut usize) {
    for _ in 0..rng.u8(0..3) {
        *said += 1;
        if rng.bool() {
            chat.alice.enters(&format!("alice {said}.")).await;
        } else {
            chat.world.says(&format!("bob {said}.")).await;
        }
    }
}

/// A fault or a moment of peace lasts this long: time that passes is what is tested here.
async fn a_while(rng: &mut Rng, most: u64) {
    tokio::time::sleep(Duration::from_millis(rng.u64(1..most))).await;
}

async fn soak(mut chat: Chat) {
    let (faults, seed) = (number("SOAK", SHORT), number("SOAK_SEED", 7));
    let mut rng = Rng::with_seed(seed);
    let mut said = 0;
    for _ in 0..faults {
        chat.line.set(any(&mut rng));
        talk(&mut chat, &mut rng, &mut said).await;
        a_while(&mut rng, 300).await;
        talk(&mut chat, &mut rng, &mut said).await;
        if rng.u8(0..4) > 0 {
            chat.line.mend();
            if rng.bool() {
                chat.alice.keys("f5").await;
            }
            talk(&mut chat, &mut rng, &mut said).await;
            a_while(&mut rng, 400).await;
        }
    }
    chat.line.mend();
    chat.alice.shows("● Online").await;
    // What is missing first: a send that has arrived although nobody said so may be among it.
    chat.world.says("peace").await;
    // In the list: what was not sent stands below all else, and may fill the pane.
    chat.alice.shows("   peace").await;
    while !chat.alice.screen().contains("No messages are missing here.") {
        chat.alice.keys("alt+g").await;
        a_while(&mut rng, 100).await;
    }
    send_again(&mut chat).await;
    chat.world.says("the end").await;
    chat.alice.shows_row(&["│   the end"]).await;
    let there = chat.compare().await;
    let mut all: Vec<String> = (1..=said).flat_map(|n| [format!("alice {n}."), format!("bob {n}.")]).collect();
    all.retain(|words| there.contains(words));
    assert_eq!(all.len(), said, "seed {seed}: something that was written is nowhere");
}

/// What was not sent is sent again by its key, until nothing is left that was not.
async fn send_again(chat: &mut Chat) {
    let waits = |row: &str| row.contains("│   alice") && row.ends_with('…');
    for _ in 0..200 {
        chat.alice.wait("an answer to each send", |screen| !screen.lines().any(waits)).await;
        if !chat.alice.screen().contains('✗') {
            return;
        }
        chat.alice.keys("tab").await;
        for _ in 0..20 {
            chat.alice.keys("s k").await;
        }
        chat.alice.keys("esc esc ctrl+end").await;
        // The keys have been taken once this stands there, and is gone again.
        chat.alice.types("seen").await;
        chat.alice.shows("› seen").await;
        chat.alice.keys("ctrl+u").await;
        chat.alice.lacks("› seen").await;
    }
    panic!("not sent after all:\n{}", chat.alice.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_on_minchat() {
    soak(Chat::open(World::minchat().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_on_vchat() {
    soak(Chat::open(World::vchat().await).await).await;
}
