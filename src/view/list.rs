//! A list that the server was asked for.

use crate::app::{List, State};

use super::canvas::Canvas;
use super::glyphs::Glyphs;

pub(super) fn paint(_state: &State, _canvas: &mut Canvas<'_>, _glyphs: Glyphs, _list: &List) {}
