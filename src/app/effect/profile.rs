//! A profile of the configuration file, as far as the state needs it.

use serde::{Deserialize, Serialize};

use crate::config::{Backend, NotificationRules, SeenReceipts};
use crate::domain::Capabilities;

/// The profile of the configuration file from which an account was created.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// The profile's name, as in the configuration file.
    pub name: String,
    /// The name on screen, if it is another one: that of a start with another user.
    #[serde(default)]
    pub label: String,
    /// The user name, shown until the server has sent the display name.
    pub user: String,
    /// The chat service. It is suggested for another profile; features look at the capabilities.
    #[serde(default)]
    pub backend: Backend,
    /// The server's address.
    pub url: String,
    /// Whether the server is a sandbox of this program.
    pub is_sandbox: bool,
    /// The id or title of the room to open first. Cleared once that room has been opened.
    pub room: Option<String>,
    /// Whether each start sets the user's display name: by `--name` or the configuration file.
    pub sets_name: bool,
    /// When others learn that the user has read a message.
    pub seen: SeenReceipts,
    /// Whether others do not learn that the user is typing.
    pub hides_typing: bool,
    /// The way in which the user is notified about new messages.
    pub notifications: NotificationRules,
    /// The program, with its arguments, that carries the audio and video of calls. The placeholders are `{room}`,
    /// `{call}`, `{url}`, `{name}`, `{video}` and `{channel}`. If empty, calls have no audio or video.
    pub call_command: Vec<String>,
}

impl Profile {
    /// Returns the name on screen.
    pub fn label(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }
}

/// A profile that is opened, and what is known of its account before anything is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OpenedProfile {
    /// The profile.
    pub profile: Profile,
    /// The features of the service, if the account has a store. Then stored messages can be edited before there is a
    /// connection.
    pub on_disk: Option<Capabilities>,
}

impl From<Profile> for OpenedProfile {
    fn from(profile: Profile) -> Self {
        Self { profile, on_disk: None }
    }
}
