//! One network fault at a time.

use std::time::Duration;

use super::{Chat, World};
use test_support::fault::Fault;

/// Runs each test on both services.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod on_minchat {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() { super::$name(super::Chat::open(super::World::minchat().await).await).await }
            )*
        }

        mod on_vchat {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() { super::$name(super::Chat::open(super::World::vchat().await).await).await }
            )*
        }
    };
}

on_both! {
    cut_connection_is_restored
    frozen_connection_is_noticed_and_restored
    half_open_connection_is_noticed_and_replaced
    delayed_responses_keep_the_order_and_the_connection
    connection_that_ends_inside_a_frame_loses_nothing
    slow_connection_loses_nothing
    reconnect_key_replaces_a_dead_connection
    uncertain_send_is_resolved_after_reconnecting
}

/// Starts a fault, lets Bob send until the client has noticed, ends the fault, and checks that nothing is missing.
async fn recover_after(mut chat: Chat, fault: Fault) {
    chat.proxy.set(fault);
    for number in 0..5 {
        chat.world.send_from_bob(&format!("meanwhile {number}.")).await;
    }
    chat.alice.shows("Reconnecting in").await;
    chat.alice.types("still typing").await;
    chat.alice.shows("› still typing").await;
    chat.proxy.restore();
    chat.alice.shows("● Online").await;
    chat.alice.shows_row(&["│   meanwhile 4."]).await;
    chat.world.send_from_bob("after").await;
    chat.alice.shows_row(&["│   after"]).await;
    assert_eq!(chat.compare().await.len(), 7);
}

async fn cut_connection_is_restored(chat: Chat) {
    recover_after(chat, Fault::Cut).await;
}

async fn frozen_connection_is_noticed_and_restored(chat: Chat) {
    recover_after(chat, Fault::Freeze).await;
}

async fn half_open_connection_is_noticed_and_replaced(chat: Chat) {
    recover_after(chat, Fault::HalfOpen).await;
}

async fn delayed_responses_keep_the_order_and_the_connection(mut chat: Chat) {
    chat.proxy.set(Fault::Delay(Duration::from_millis(100)));
    for number in 0..10 {
        chat.alice.enters(&format!("mine {number}.")).await;
        chat.world.send_from_bob(&format!("his {number}.")).await;
    }
    chat.alice.shows_row(&["mine 9.", " ✓"]).await;
    chat.alice.shows_row(&["his 9."]).await;
    chat.alice.shows("● Online").await;
    let history = chat.compare().await;
    let mine: Vec<_> = history.iter().filter(|words| words.starts_with("mine")).collect();
    assert_eq!(mine, (0..10).map(|number| format!("mine {number}.")).collect::<Vec<_>>().iter().collect::<Vec<_>>());
}

async fn connection_that_ends_inside_a_frame_loses_nothing(mut chat: Chat) {
    for (round, bytes) in [1, 7, 40, 100, 250, 2].into_iter().enumerate() {
        chat.proxy.set(Fault::Drop(bytes));
        chat.world.send_from_bob(&format!("round {round}, and some more words that make a longer frame.")).await;
        chat.alice.wait("the loss", |screen| screen.contains("Reconnecting in") || screen.contains("Connecting")).await;
        chat.proxy.restore();
        chat.alice.keys("f5").await;
        chat.alice.shows("● Online").await;
        chat.alice.shows_row(&[&format!("│   round {round},")]).await;
    }
    assert_eq!(chat.compare().await.len(), 7);
}

async fn slow_connection_loses_nothing(mut chat: Chat) {
    chat.proxy.set(Fault::Slow(20_000));
    for number in 0..5 {
        chat.world.send_from_bob(&format!("his {number}.")).await;
    }
    chat.alice.enters("mine").await;
    chat.alice.shows_row(&["mine", " ✓"]).await;
    // The reload that follows a join fetches the messages that were sent before it.
    chat.alice.shows_row(&["his 0."]).await;
    chat.alice.shows_row(&["his 4."]).await;
    chat.alice.shows("● Online").await;
    assert_eq!(chat.compare().await.len(), 7);
}

/// The screen still shows "Online" when the user presses the reconnect key.
async fn reconnect_key_replaces_a_dead_connection(mut chat: Chat) {
    chat.proxy.set(Fault::HalfOpen);
    chat.world.send_from_bob("unheard").await;
    chat.proxy.restore();
    chat.alice.keys("f5").await;
    chat.alice.shows_row(&["│   unheard"]).await;
    chat.alice.shows("● Online").await;
    chat.world.send_from_bob("heard").await;
    chat.alice.shows_row(&["│   heard"]).await;
    assert_eq!(chat.compare().await.len(), 3);
}

async fn uncertain_send_is_resolved_after_reconnecting(mut chat: Chat) {
    chat.proxy.set(Fault::HalfOpen);
    chat.alice.enters("into the void").await;
    chat.alice.shows("May have been sent").await;
    chat.proxy.restore();
    chat.alice.shows("● Online").await;
    // The client retries without a key press.
    chat.alice.shows_row(&["into the void", " ✓"]).await;
    assert_eq!(chat.compare().await, ["before", "into the void"]);
}
