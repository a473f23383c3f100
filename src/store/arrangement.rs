//! How the user has arranged the screen, kept between runs.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::RoomOrder;

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
    /// The order of the room list; `None` is that of the configuration.
    #[serde(serialize_with = "write_order", deserialize_with = "read_order")]
    pub rooms_order: Option<RoomOrder>,
}

fn write_order<S: Serializer>(order: &Option<RoomOrder>, serializer: S) -> Result<S::Ok, S::Error> {
    order.map(RoomOrder::name).serialize(serializer)
}

/// Reads an order by its name. An unknown one is as good as none.
fn read_order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RoomOrder>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    Ok(name.as_deref().and_then(RoomOrder::by_name))
}
