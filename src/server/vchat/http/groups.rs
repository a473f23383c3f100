//! Rows 34 to 56: groups and broadcasts.

use serde_json::Value;

use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Me;
use crate::server::vchat::refusal::Answer;

use super::ask::Ask;
use super::routes::nothing;

pub(super) fn answer(_: &Hub, _: &Me, ask: &Ask, _: &[&str]) -> Answer<Value> {
    Err(nothing(ask))
}
