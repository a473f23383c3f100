//! What the service reports in a room, in words (§8.2, `info`).

use serde_json::{Map, Value};

use crate::domain::PersonId;
use crate::protocol::caps;
use crate::protocol::fields::text;
use crate::text::SafeText;

/// A notice in words; `None` when it reports something that is not known here. `mine`: it was we who did it.
pub(super) fn words(map: &Map<String, Value>, mine: bool, me: Option<&PersonId>) -> Option<String> {
    let field = |key| text(map, key).unwrap_or_default();
    let (action, target, target_id, admin) =
        (field("action"), field("targetName"), field("targetId"), field("adminName"));
    let who = match (mine, &*admin) {
        (true, _) => "You",
        (false, "") => "Somebody",
        (false, admin) => admin,
    };
    let aimed = me.is_some_and(|me| me.as_str() == target_id);
    let whom = match (aimed, &*target) {
        (true, _) => "you",
        (false, "") => "somebody",
        (false, target) => target,
    };
    Some(match &*action {
        "updateTitle" => format!("{who} changed the title to {target}"),
        "updateImage" => format!("{who} changed the picture"),
        "addGroupMember" => format!("{who} added {whom}"),
        "upAdmin" => format!("{who} made {whom} an admin"),
        "downMember" => format!("{who} made {whom} a member again"),
        "leave" if aimed => "You left the group".to_owned(),
        "leave" if target.is_empty() => "Somebody left the group".to_owned(),
        "leave" => format!("{target} left the group"),
        "kick" => format!("{who} removed {whom}"),
        "createGroup" => format!("{who} created the group {target}"),
        "addToBroadcast" if mine => format!("You added somebody to the broadcast {target}"),
        "addToBroadcast" => format!("{who} added you to the broadcast {target}"),
        _ => return None,
    })
}

/// The title that a room was given, if that is what a message reports (§9.1, 10).
pub(super) fn new_title(message: &Value) -> Option<SafeText> {
    let object = message.as_object()?;
    let map = object.get("msgAtt")?.as_object()?;
    let renamed = text(object, "mT")? == "info" && text(map, "action")? == "updateTitle";
    let title = text(map, "targetName").filter(|_| renamed)?;
    Some(caps::line(&title))
}
