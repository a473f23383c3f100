//! MinChat.
