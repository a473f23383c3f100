//! Every time in the state is either a deadline, which must move with the clock, or a record, which must not.

use std::fs;
use std::path::Path;

/// Deadlines outside `Timers`. `handlers/clock_rollback.rs` must move each of them.
const DEADLINES: &[(&str, &str)] = &[
    ("model/timers.rs", "Timers<T>("),
    ("model/account.rs", "retry_at:"),
    ("model/call.rs", "(Timestamp)"),
    ("model/outbox/stage.rs", "(Timestamp)"),
    ("model/outbox/queue.rs", "wake_at:"),
];

/// Times at which something happened.
const RECORDS: &[(&str, &str)] = &[
    ("model/account.rs", "silent_since:"),
    ("model/state.rs", "now:"),
    ("model/start.rs", "at:"),
    ("model/context.rs", "now:"),
    ("model/persistence.rs", ":"),
    ("model/outbox/entry.rs", ":"),
    ("model/outbox/reconcile.rs", ":"),
    ("model/notices.rs", "at:"),
    ("model/notifications.rs", "last_sent:"),
    ("model/export.rs", "started_at:"),
    ("model/jump.rs", "start:"),
    ("model/pane_row.rs", "Day(Timestamp)"),
    ("model/message_rows.rs", "day:"),
    ("model/sent_receipts.rs", "at:"),
    ("model/transfer.rs", "samples:"),
    ("overlays/search/result.rs", "at:"),
];

#[test]
fn every_time_in_the_state_is_classified() {
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
    let mut unknown = Vec::new();
    for folder in ["model", "model/outbox", "overlays", "overlays/search"] {
        for entry in fs::read_dir(app.join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let path = entry.strip_prefix(&app).expect("below app").to_string_lossy().into_owned();
            let text = fs::read_to_string(&entry).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().map(|line| line.split("//").next().unwrap_or_default().trim()) {
                let is_field = line.ends_with(',') || line.ends_with(';');
                let holds_time =
                    [": Timestamp", "<Timestamp", "(Timestamp", ", Timestamp)"].iter().any(|part| line.contains(part))
                        && !line.contains("fn ");
                let has_row =
                    |rows: &[(&str, &str)]| rows.iter().any(|(file, part)| path == *file && line.contains(part));
                if is_field && holds_time && !line.contains('=') && !has_row(DEADLINES) && !has_row(RECORDS) {
                    unknown.push(format!("src/app/{path}: {line}"));
                }
            }
        }
    }
    let advice = "A deadline belongs in `Timers`; any other time needs a row in this test.";
    assert!(unknown.is_empty(), "\n{}\n{advice}\n", unknown.join("\n"));
}
