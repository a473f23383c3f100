//! Pictures in messages: fetched, kept on disk and scaled for the screen.
//!
//! [`PictureLoader`] does all of it on the thread that calls it, which must not be that of the event loop. Nothing here
//! is used before the first picture is on screen.

mod cache;
mod decoder;
mod formats;
mod loader;

pub(crate) use cache::PictureCache;
pub(super) use loader::PictureLoader;

#[cfg(test)]
mod tests;
