//! Message history: requesting pages of messages and filling gaps.

pub(in crate::app) mod gaps;
pub(in crate::app) mod pages;
pub(in crate::app) mod verification;
