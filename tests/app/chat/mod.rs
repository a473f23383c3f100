//! Chatting on both services: keys and server events go in, effects and screens come out.

/// Runs each test with the capabilities of both services.
macro_rules! on_both {
    ($($name:ident($width:literal, $height:literal);)*) => {
        mod on_minchat {
            use test_support::story::{MINCHAT, Story};
            $(#[test] fn $name() { super::$name(Story::chat_on(MINCHAT, $width, $height)); })*
        }

        mod on_vchat {
            use test_support::story::{Story, VCHAT};
            $(#[test] fn $name() { super::$name(Story::chat_on(VCHAT, $width, $height)); })*
        }
    };
}

mod connection;
mod load_errors;
mod messages;
mod presence;
mod rooms;
mod sending;
mod silence;
