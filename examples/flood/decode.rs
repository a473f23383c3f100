//! The cost of decoding alone.

use std::io::Write;
use std::time::{Duration, Instant};

use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::{Frame, Protocol};
use serde_json::Value;

use super::run::Outcome;
use super::server::USER;

/// Measures decoding without a network. The time to build the JSON trees is not included; the time to drop them is also
/// measured separately.
pub(super) fn measure() -> Outcome<()> {
    let text = format!(
        r#"{{"success":true,"id":"c0mwqpv4cx000000000001","chat_id":"c0mwqpv4cx000003spikespike","user_id":"cmd5vwylc0006qfe97knky6vt","text":"This is message number 1 of a flood, as long as people's messages are.","seen":false,"metadata":{{}},"created_at":"2026-11-21T18:03:27.979Z","updated_at":"2026-11-21T18:03:27.979Z","user":{USER}}}"#
    );
    let value: Value = serde_json::from_str(&text)?;
    let mut adapter = MinChat::new("KEY");
    for _ in 0..5 {
        let (mut elapsed, mut events) = (Duration::ZERO, 0);
        for _ in 0..100 {
            let frames: Vec<Frame> =
                (0..1000).map(|_| Frame::Event { name: "message".into(), args: vec![value.clone()] }).collect();
            let start = Instant::now();
            for frame in frames {
                events += adapter.decode(frame)?.len();
            }
            elapsed += start.elapsed();
        }
        let dropped = vec![value.clone(); 100_000];
        let start = Instant::now();
        drop(dropped);
        let drops = start.elapsed();
        writeln!(
            std::io::stdout(),
            "{events} decoded and dropped in {elapsed:?}, of which {drops:?} for dropping the trees"
        )?;
    }
    Ok(())
}
