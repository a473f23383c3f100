//! Pages of messages: requesting them, and filling gaps.

pub(in crate::app) mod gaps;
pub(in crate::app) mod pages;
