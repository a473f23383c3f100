//! The stages of `doctor`, and what it finds.

use std::borrow::Cow;

use serde::Serialize;

/// A stage of the examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckStage {
    /// The name of the server has an address.
    Dns,
    /// The server accepts a connection.
    Tcp,
    /// The certificate is trusted.
    Tls,
    /// The server speaks HTTP.
    Http,
    /// The credentials can be sent.
    Key,
    /// The service accepts them.
    SignIn,
    /// The live connection is up.
    Socket,
    /// There is a room for the test.
    Join,
    /// The service accepts a message.
    Send,
    /// The message comes back.
    Echo,
    /// The message can be edited.
    Edit,
    /// The message can be deleted.
    Delete,
    /// The message and the room of the test are gone.
    CleanUp,
}

impl CheckStage {
    /// All stages, in their order.
    pub const ALL: [Self; 13] = [
        Self::Dns,
        Self::Tcp,
        Self::Tls,
        Self::Http,
        Self::Key,
        Self::SignIn,
        Self::Socket,
        Self::Join,
        Self::Send,
        Self::Echo,
        Self::Edit,
        Self::Delete,
        Self::CleanUp,
    ];

    /// Returns the name in the output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Http => "http",
            Self::Key => "key",
            Self::SignIn => "sign-in",
            Self::Socket => "socket",
            Self::Join => "join",
            Self::Send => "send",
            Self::Echo => "echo",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::CleanUp => "clean-up",
        }
    }

    /// Returns the exit code of an examination that fails in this stage: 10 for the first one.
    pub fn code(self) -> u8 {
        let index = Self::ALL.iter().position(|stage| *stage == self).unwrap_or(0);
        10 + u8::try_from(index).unwrap_or(0)
    }

    /// Returns what to do if it fails.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Dns => "Check the spelling of --url, and whether other names can be found from here.",
            Self::Tcp => "Check the port in --url, the firewall, and whether the server runs.",
            Self::Tls => "Check the date of this machine and the address, or name the CA of the server with ca_file.",
            Self::Http => "Check the port and the scheme in --url: another program may listen there.",
            Self::Key => "Copy the key again; `minchat-tui config check` shows where it comes from.",
            Self::SignIn => "Check that --user and --backend belong to the service that runs at --url.",
            Self::Socket => {
                "REST works and the live connection does not: look for a proxy or firewall that blocks WebSockets."
            }
            Self::Join => "Name a room or a person for the test message with --room.",
            Self::Send => "Ask the operator of the service whether this user may send messages.",
            Self::Echo => {
                "The message was accepted but not announced: look at the server's Socket.IO setup, such as its adapter."
            }
            Self::Edit | Self::Delete => "Ask the operator of the service whether users may do this.",
            Self::CleanUp => "Delete it by hand.",
        }
    }
}

/// The result of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Name of the stage.
    pub stage: &'static str,
    /// `ok`, `failed` or `skipped`.
    pub result: &'static str,
    /// Duration in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub millis: Option<u64>,
    /// Finding, or the reason of the failure.
    pub detail: String,
    /// Advice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Cow<'static, str>>,
}

/// Observations about the service. Those that were not made are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Observed {
    /// Name of the service; empty if nobody could sign in.
    pub service: &'static str,
    /// Whether REST calls go through a proxy.
    pub proxy: bool,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// Whether `ca_file` names a further CA.
    pub ca_file: bool,
    /// Milliseconds by which the clock of the service is ahead; 0 below ten seconds.
    pub clock_ahead: i64,
    /// Whether a message comes back as an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo: Option<bool>,
    /// Whether it comes back with the id under which it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns_local_ids: Option<bool>,
    /// Whether a message could be edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<bool>,
    /// Whether a message could be deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete: Option<bool>,
    /// What the program uses of this service, in words.
    pub features: Vec<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_an_exit_code_of_its_own() {
        let codes: Vec<u8> = CheckStage::ALL.iter().map(|stage| stage.code()).collect();
        assert_eq!(codes, (10..23).collect::<Vec<_>>());
    }
}
