//! How the user has arranged the screen, kept between runs.

use serde::{Deserialize, Serialize};

/// How the user has arranged the screen. The default is the arrangement of a first start.
///
/// The field names are the stored format and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    /// Whether the room list is hidden unless it has the focus.
    pub rooms_hidden: bool,
    /// Width of the room list in columns; `None` follows the width of the screen.
    pub rooms_width: Option<u16>,
    /// Whether the members of the open room are listed where there is room.
    pub members_shown: bool,
    /// Width of the member list in columns; `None` is the usual one.
    pub members_width: Option<u16>,
}
