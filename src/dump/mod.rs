//! The cells of a screen in forms that can be kept, compared and passed on.
//!
//! This layer knows nothing of what is on the screen.

mod asciicast;
mod cells;
mod digest;
mod names;
mod rows;
mod secrets;
mod svg;

pub use asciicast::{asciicast_header, asciicast_output, asciicast_resize};
pub use digest::digest;
pub use names::{hide_names, hide_words};
pub use rows::rows;
pub use secrets::hide_secrets;
pub use svg::svg;
