//! The rule about whose messages a user may change.

/// Returns why the user cannot change a message, as a sentence; `None` if they can. `what` is the participle for the
/// sentence. Services allow no more than this: on V Chat admins cannot delete messages of others either, and MinChat
/// does not check the author at all.
pub fn change_refusal(is_mine: bool, is_sent: bool, is_deleted: bool, what: &str) -> Option<String> {
    if is_deleted {
        Some("This message is already deleted.".to_owned())
    } else if !is_mine {
        Some(format!("Only your own messages can be {what}."))
    } else if !is_sent {
        Some(format!("This message has not been sent yet, so it cannot be {what}."))
    } else {
        None
    }
}
