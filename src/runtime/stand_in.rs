//! STAND-IN, to be replaced at the merge by the real `run`.

use std::process::ExitCode;

use crate::config::Settings;

use super::failure::Failure;

/// STAND-IN for the client.
///
/// # Errors
/// Always.
#[allow(clippy::needless_pass_by_value, reason = "a stand-in keeps the signature")]
pub fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    Err(Failure::unreachable(format!("The client is not built in yet; it would talk to {}.", settings.url)).into())
}
