//! Rooms and how we stand in them (§8.4), and their members (§2.4, §2.5).

use serde_json::{Map, Value};

use crate::domain::{Access, Member, MemberRole, Membership, PersonInfo, RoomInfo, RoomKind};
use crate::protocol::fields::{Unreadable, count, instant, text, truth};
use crate::protocol::recall::Authors;
use crate::protocol::{caps, fields};
use crate::text::SafeText;

use super::adapter::VChat;
use super::people::{self, Names};

/// A room. Its last message is left out when that has no id: an empty one stands for none (§2.2.2).
/// `authors` are told of it.
pub(super) fn room(value: &Value, vchat: &mut VChat, authors: Authors) -> Result<RoomInfo, Unreadable> {
    let object = value.as_object().ok_or("a room is not an object")?;
    let id = fields::id(object, "rId").ok_or("a room has no rId")?;
    let id = vchat.recall.room(&id);
    let kind = match text(object, "rT").as_deref() {
        Some("s") => RoomKind::Single,
        Some("g") => RoomKind::Group,
        Some("b") => RoomKind::Broadcast,
        Some("o") => RoomKind::Order,
        _ => RoomKind::Unknown,
    };
    let title = text(object, "t").or_else(|| text(object, "pIdentifier"));
    let peer = match kind {
        RoomKind::Group | RoomKind::Broadcast => None,
        RoomKind::Single | RoomKind::Order | RoomKind::Unknown => peer(object, kind, vchat),
    };
    let me = vchat.session.as_ref().map(|session| session.me.clone());
    let participants = match (me, &peer) {
        (Some(me), Some(peer)) => vec![me, peer.id.clone()],
        _ => Vec::new(),
    };
    let last = object.get("lastMessage").filter(|last| last.get("_id").is_some_and(|id| !id.is_null()));
    let mut reader = vchat.reader(authors);
    reader.room = Some(id.clone());
    let last_message = last.and_then(|last| reader.message(last).ok());
    let flag = |key| object.get(key).is_some_and(truth);
    Ok(RoomInfo {
        id,
        kind,
        title: title.map_or_else(|| SafeText::line("No name"), |title| caps::line(&title)),
        avatar: text(object, "img").map(|url| caps::address(&url)),
        participants,
        peer: peer.map(Box::new),
        unread: count(object, "uC"),
        muted: flag("isM"),
        archived: flag("isA"),
        last_message,
        created_at: object.get("createdAt").and_then(instant),
        metadata: None,
    })
}

/// The other side of a room of two. The title is their name, except that an order may be called after itself: there
/// it is believed only of strangers.
fn peer(object: &Map<String, Value>, kind: RoomKind, vchat: &mut VChat) -> Option<PersonInfo> {
    let id = fields::id(object, "pId")?;
    let identifier = text(object, "pIdentifier").unwrap_or_default();
    let known = kind == RoomKind::Order && vchat.recall.names(&id).is_some();
    let name = text(object, "t").filter(|_| !known).unwrap_or_default();
    let names = Names::of(&vchat.recall, &id, &identifier, &name);
    vchat.recall.note(&id, &names.identifier, &names.name);
    Some(names.info(&vchat.recall))
}

/// How we stand in a room of this kind, from the answer to where that is asked.
pub(super) fn membership(data: &Value, kind: RoomKind) -> Result<Membership, Unreadable> {
    let object = data.as_object().ok_or("it is not an object")?;
    let flag = |key| object.get(key).is_some_and(truth);
    let settings = |key: &str| object.get(key).and_then(Value::as_object);
    let line = |object: Option<&Map<String, Value>>, key| text(object?, key).map(|text| caps::said(&text));
    Ok(match kind {
        RoomKind::Single => {
            let access = match (flag("isMeBanner"), flag("isPeerBanner")) {
                // Both: what we can undo.
                (true, _) => Access::BlockedByMe,
                (false, true) => Access::BlockedByPeer,
                (false, false) => Access::Open,
            };
            Membership { access, ..Membership::default() }
        }
        RoomKind::Order => {
            let order = settings("orderSettings");
            let closed = order.and_then(|order| order.get("isClosed")).is_some_and(truth);
            let access = if closed { Access::Closed } else { Access::Open };
            Membership { access, description: line(order, "orderTitle"), ..Membership::default() }
        }
        RoomKind::Broadcast => Membership { members: count(object, "totalUsers"), ..Membership::default() },
        // Who is out is told nothing of the group (§8.4).
        RoomKind::Group | RoomKind::Unknown if flag("isMeOut") => {
            Membership { access: Access::NotMember, ..Membership::default() }
        }
        RoomKind::Group | RoomKind::Unknown => Membership {
            access: Access::Open,
            role: text(object, "myRole").and_then(|word| role(&word)),
            members: count(object, "membersCount"),
            online: count(object, "totalOnline"),
            description: line(settings("groupSettings"), "desc"),
        },
    })
}

/// A member of a group or broadcast.
pub(super) fn member(value: &Value, vchat: &mut VChat) -> Result<Member, Unreadable> {
    let person = people::user(value.get("userData").ok_or("a member has no userData")?, &mut vchat.recall)?;
    let role = value.get("gR").and_then(Value::as_str).and_then(role);
    Ok(Member { person, role })
}

fn role(word: &str) -> Option<MemberRole> {
    match word {
        "member" => Some(MemberRole::Member),
        "admin" => Some(MemberRole::Admin),
        "superAdmin" => Some(MemberRole::Owner),
        _ => None,
    }
}
