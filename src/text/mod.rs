//! Text as a terminal sees it: made safe where it enters, measured in cells, broken into rows.
//!
//! Knows nothing of chats, keys or drawing.

mod direction;
mod escapes;
mod hide;
mod invisible;
mod link;
mod sanitize;
mod script;
mod width;
mod wrap;

pub use direction::runs_leftward;
pub use hide::hide;
pub use link::Link;
pub use sanitize::SafeText;
pub use script::writes_no_spaces;
pub use width::{clip, graphemes, width};
pub use wrap::{Row, wrap};
