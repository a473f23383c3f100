//! Times at which the lines of a history were sent.

use fastrand::Rng;

use crate::domain::{MINUTE, SECOND, Timestamp};

use super::script_file::{Line, ScriptRoom};

/// Returns the history of `room` with the time of each line, oldest first.
pub(crate) fn dated_lines<'a>(rng: &mut Rng, room: &'a ScriptRoom, now: Timestamp) -> Vec<(Line<'a>, Timestamp)> {
    let conversations = room.conversations();
    let times = line_times(rng, &conversations, room.start_time(now), room.end_time(now));
    conversations.concat().into_iter().zip(times).collect()
}

/// Spreads conversations over the time from `begin` to `end`. The lines of a conversation follow each other within a
/// minute or so, and times never decrease.
fn line_times(rng: &mut Rng, conversations: &[Vec<Line<'_>>], begin: Timestamp, end: Timestamp) -> Vec<Timestamp> {
    let mut gaps = Vec::new();
    for conversation in conversations {
        for line in 0..conversation.len() {
            let gap = match line {
                0 => rng.i64(20..100) * MINUTE,
                _ => rng.i64(8..75) * SECOND,
            };
            gaps.push(gap);
        }
    }
    let total: i64 = gaps.iter().sum::<i64>().max(1);
    let span = (end - begin).max(1);
    let mut passed = 0;
    gaps.into_iter()
        .map(|gap| {
            passed += gap;
            begin + i64::try_from(i128::from(span) * i128::from(passed) / i128::from(total)).unwrap_or(span)
        })
        .collect()
}
