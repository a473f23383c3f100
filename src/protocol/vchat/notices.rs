//! Describes changes of a room, which arrive as messages of type `info` (`docs/protocol/vchat.md` §8.2).

use serde_json::{Map, Value};

use crate::domain::PersonId;
use crate::protocol::fields::text;
use crate::protocol::limits;
use crate::text::SafeText;

/// Returns a sentence for the change, or `None` if its `action` is unknown. `mine` says that the user made the change,
/// `me` is the user's id.
pub(super) fn sentence(map: &Map<String, Value>, mine: bool, me: Option<&PersonId>) -> Option<String> {
    let field = |key| text(map, key).unwrap_or_default();
    let name = |key| limits::name(&field(key));
    let (action, target, target_id, admin) =
        (field("action"), name("targetName"), field("targetId"), name("adminName"));
    let actor = match (mine, &*admin) {
        (true, _) => "You",
        (false, "") => "Somebody",
        (false, admin) => admin,
    };
    let is_me = me.is_some_and(|me| me.as_str() == target_id);
    let member = match (is_me, &*target) {
        (true, _) => "you",
        (false, "") => "somebody",
        (false, target) => target,
    };
    Some(match &*action {
        "updateTitle" => format!("{actor} changed the title to {}", limits::title(Some(&target))),
        "updateImage" => format!("{actor} changed the picture"),
        "addGroupMember" => format!("{actor} added {member}"),
        "upAdmin" => format!("{actor} made {member} an admin"),
        "downMember" => format!("{actor} made {member} a member again"),
        "leave" if is_me => "You left the group".to_owned(),
        "leave" if target.is_empty() => "Somebody left the group".to_owned(),
        "leave" => format!("{target} left the group"),
        "kick" => format!("{actor} removed {member}"),
        "createGroup" => format!("{actor} created the group {target}"),
        // In this message the target is the broadcast and not the member.
        "addToBroadcast" if mine => format!("You added somebody to the broadcast {target}"),
        "addToBroadcast" => format!("{actor} added you to the broadcast {target}"),
        _ => return None,
    })
}

/// Returns the room's new title if that is what a message reports (`docs/protocol/vchat.md` §9.1, item 10).
pub(super) fn new_title(message: &Value) -> Option<SafeText> {
    let object = message.as_object()?;
    let map = object.get("msgAtt")?.as_object()?;
    let renamed = text(object, "mT")? == "info" && text(map, "action")? == "updateTitle";
    let title = text(map, "targetName").filter(|_| renamed)?;
    Some(limits::title(Some(&title)))
}
