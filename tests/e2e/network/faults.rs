//! One fault at a time.

use std::time::Duration;

use super::{Chat, World};
use test_support::fault::Fault;

/// The same on each service.
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
    a_cut_line_is_mended_by_itself
    a_frozen_line_is_noticed_and_mended_by_itself
    a_line_that_was_forgotten_on_the_way_is_noticed_and_made_anew
    a_slow_answer_keeps_the_order_and_the_connection
    a_line_that_ends_in_the_middle_of_frames_loses_nothing
    a_slow_line_is_slow_and_nothing_else
    a_key_makes_a_dead_line_anew_at_once
    what_is_written_meanwhile_goes_out_or_says_so
}

/// Something bad begins; Bob writes, the client notices, it ends, and nothing is missing.
async fn until_noticed(mut chat: Chat, fault: Fault) {
    chat.line.set(fault);
    for number in 0..5 {
        chat.world.says(&format!("meanwhile {number}.")).await;
    }
    chat.alice.shows("Reconnecting in").await;
    chat.alice.types("still typing").await;
    chat.alice.shows("› still typing").await;
    chat.line.mend();
    chat.alice.shows("● Online").await;
    chat.alice.shows_row(&["│   meanwhile 4."]).await;
    chat.world.says("after").await;
    chat.alice.shows_row(&["│   after"]).await;
    assert_eq!(chat.compare().await.len(), 7);
}

async fn a_cut_line_is_mended_by_itself(chat: Chat) {
    until_noticed(chat, Fault::Cut).await;
}

async fn a_frozen_line_is_noticed_and_mended_by_itself(chat: Chat) {
    until_noticed(chat, Fault::Freeze).await;
}

async fn a_line_that_was_forgotten_on_the_way_is_noticed_and_made_anew(chat: Chat) {
    until_noticed(chat, Fault::HalfOpen).await;
}

async fn a_slow_answer_keeps_the_order_and_the_connection(mut chat: Chat) {
    chat.line.set(Fault::Delay(Duration::from_millis(100)));
    for number in 0..10 {
        chat.alice.enters(&format!("mine {number}.")).await;
        chat.world.says(&format!("his {number}.")).await;
    }
    chat.alice.shows_row(&["mine 9.", " ✓"]).await;
    chat.alice.shows_row(&["his 9."]).await;
    chat.alice.shows("● Online").await;
    let said = chat.compare().await;
    let mine: Vec<_> = said.iter().filter(|words| words.starts_with("mine")).collect();
    assert_eq!(mine, (0..10).map(|number| format!("mine {number}.")).collect::<Vec<_>>().iter().collect::<Vec<_>>());
}

async fn a_line_that_ends_in_the_middle_of_frames_loses_nothing(mut chat: Chat) {
    for (round, bytes) in [1, 7, 40, 100, 250, 2].into_iter().enumerate() {
        chat.line.set(Fault::Drop(bytes));
        chat.world.says(&format!("round {round}, and some more words that make a longer frame.")).await;
        chat.alice.wait("the loss", |screen| screen.contains("Reconnecting in") || screen.contains("Connecting")).await;
        chat.line.mend();
        chat.alice.keys("f5").await;
        chat.alice.shows("● Online").await;
        chat.alice.shows_row(&[&format!("│   round {round},")]).await;
    }
    assert_eq!(chat.compare().await.len(), 7);
}

async fn a_slow_line_is_slow_and_nothing_else(mut chat: Chat) {
    chat.line.set(Fault::Slow(20_000));
    for number in 0..5 {
        chat.world.says(&format!("his {number}.")).await;
    }
    chat.alice.enters("mine").await;
    chat.alice.shows_row(&["mine", " ✓"]).await;
    // What is said while she joins comes with the second look.
    chat.alice.shows_row(&["his 0."]).await;
    chat.alice.shows_row(&["his 4."]).await;
    chat.alice.shows("● Online").await;
    assert_eq!(chat.compare().await.len(), 7);
}

/// The screen still says "online", and whoever looks at it knows better.
async fn a_key_makes_a_dead_line_anew_at_once(mut chat: Chat) {
    chat.line.set(Fault::HalfOpen);
    chat.world.says("unheard").await;
    chat.line.mend();
    chat.alice.keys("f5").await;
    chat.alice.shows_row(&["│   unheard"]).await;
    chat.alice.shows("● Online").await;
    chat.world.says("heard").await;
    chat.alice.shows_row(&["│   heard"]).await;
    assert_eq!(chat.compare().await.len(), 3);
}

async fn what_is_written_meanwhile_goes_out_or_says_so(mut chat: Chat) {
    chat.line.set(Fault::HalfOpen);
    chat.alice.enters("into the void").await;
    chat.alice.shows("May have been sent").await;
    chat.line.mend();
    chat.alice.shows("● Online").await;
    // Nobody presses a key for it.
    chat.alice.shows_row(&["into the void", " ✓"]).await;
    assert_eq!(chat.compare().await, ["before", "into the void"]);
}
