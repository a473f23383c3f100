//! The faults of the sandbox, alone and all together: the client loses nothing and shows nothing twice.

use fastrand::Rng;

use super::soak::{chatter, settle, sleep_up_to};
use super::{Chat, World};
use minchat_tui::server::FaultControl;

/// Faults, each of which is in force for a while. With a name such as `drop@/**` they also apply to connecting.
const FAULTS: [&str; 17] = [
    "latency=100±100",
    "drop=30%",
    "drop@/**=20%",
    "dup=50%",
    "reorder=50%",
    "429=1/3",
    "500=1/3",
    "503@/**=1/3",
    "lose=1/3",
    "truncate@/**=1/4",
    "truncate=1/4",
    "stall=1/8",
    "disconnect=1/3",
    "half-open=200",
    "slow=20KB/s",
    "close=4/s",
    "stall@/socket.io=1/2",
];

/// All kinds at once, each of them rarely.
const TOGETHER: &str = "latency=20±20,drop=3%,dup=3%,reorder=3%,429=3%,500=3%,lose=3%,truncate=2%,stall=1%,disconnect=2%,\
                        half-open=5s,slow=50KB/s,close=10/min";

/// Whether every fault in force has happened.
fn have_all_fired(faults: &FaultControl) -> bool {
    faults.report().rules.iter().all(|rule| rule.fired > 0)
}

/// The client recovers from each fault as soon as it has ended.
async fn each_alone(mut chat: Chat) {
    let faults = chat.world.faults();
    let mut rng = Rng::with_seed(7);
    let mut sent = 0;
    for (round, text) in FAULTS.into_iter().enumerate() {
        faults.set(text.parse().unwrap(), Some(round as u64));
        for step in 0..100 {
            chatter(&mut chat, &mut rng, &mut sent).await;
            sleep_up_to(&mut rng, 150).await;
            if step >= 4 && have_all_fired(&faults) {
                break;
            }
            if step % 8 == 7 {
                // Some faults need a new connection.
                chat.alice.keys("f5").await;
            }
        }
        assert!(have_all_fired(&faults), "{}", faults.report());
        faults.clear();
        chat.alice.keys("f5").await;
        chat.alice.shows("● Online").await;
        chat.alice.has_sent_all().await;
        let words = format!("round {round}");
        chat.world.send_from_bob(&words).await;
        chat.alice.shows(&words).await;
    }
    settle(chat, sent, &mut rng).await;
}

async fn all_together(mut chat: Chat) {
    let faults = chat.world.faults();
    let mut rng = Rng::with_seed(7);
    let mut sent = 0;
    faults.set(TOGETHER.parse().unwrap(), Some(7));
    for _ in 0..60 {
        chatter(&mut chat, &mut rng, &mut sent).await;
        sleep_up_to(&mut rng, 150).await;
    }
    faults.clear();
    chat.alice.keys("f5").await;
    settle(chat, sent, &mut rng).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_alone_on_minchat() {
    each_alone(Chat::open(World::minchat().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_alone_on_vchat() {
    each_alone(Chat::open(World::vchat().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_faults_together_on_minchat() {
    all_together(Chat::open(World::minchat().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_faults_together_on_vchat() {
    all_together(Chat::open(World::vchat().await).await).await;
}
