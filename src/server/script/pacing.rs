//! When the lines of a history were said.

use fastrand::Rng;

use crate::domain::{MINUTE, SECOND, Timestamp};

use super::book::Line;

/// When each line was said: lines of a conversation within a minute or so, conversations spread from `begin` to `end`,
/// always forward.
pub(crate) fn times(
    rng: &mut Rng,
    conversations: &[Vec<Line<'_>>],
    begin: Timestamp,
    end: Timestamp,
) -> Vec<Timestamp> {
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
