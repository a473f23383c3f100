//! Boxes over the screen. Each has a file with its state, keys, mouse handling and geometry, and implements
//! `component::Component`; the file of the same name in `view/overlays/` paints it.
//!
//! An overlay changes only itself: requests to the server and to the store are made by the features that
//! `handlers::overlay` calls when the user has chosen something.

pub(in crate::app) mod component;
pub(in crate::app) mod frame;
pub(in crate::app) mod help;
pub(in crate::app) mod info;
pub(in crate::app) mod inspector;
pub(in crate::app) mod key_test;
pub(in crate::app) mod list;
pub(in crate::app) mod menu;
pub(in crate::app) mod overlay;
pub(in crate::app) mod paste;
pub(in crate::app) mod picture;
pub(in crate::app) mod question;
pub(in crate::app) mod rows;
pub(in crate::app) mod save;
pub(in crate::app) mod search;
pub(in crate::app) mod settings;
pub(in crate::app) mod switcher;
pub(in crate::app) mod text_input;
