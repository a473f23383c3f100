//! The cells of a screen in forms that can be kept, compared and passed on.
//!
//! This layer knows nothing of what is on the screen.

mod digest;
mod rows;

pub use digest::digest;
pub use rows::rows;
