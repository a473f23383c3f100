//! Reads rooms, memberships and members (`docs/protocol/vchat.md` §8.4, §2.4, §2.5).

use serde_json::{Map, Value};

use crate::domain::{Member, MemberRole, Membership, PersonInfo, RoomAccess, RoomInfo, RoomKind, RoomSettings};
use crate::protocol::fields::{Malformed, count, flag_value, text, time_value};
use crate::protocol::person_cache::ReportAuthors;
use crate::protocol::{fields, limits};
use crate::text::has_ink;

use super::people::{self, PersonNames};
use super::state::VChatState;

/// Reads a room. A last message without an id is left out: an empty object stands for "no message"
/// (`docs/protocol/vchat.md` §2.2.2). The last message reports its author according to `report`.
pub(super) fn room(value: &Value, state: &mut VChatState, report: ReportAuthors) -> Result<RoomInfo, Malformed> {
    let object = value.as_object().ok_or("a room is not an object")?;
    let id = fields::id(object, "rId").ok_or("a room has no rId")?;
    let id = state.people.room_id(&id);
    let kind = match text(object, "rT").as_deref() {
        Some("s") => RoomKind::Direct,
        Some("g") => RoomKind::Group,
        Some("b") => RoomKind::Broadcast,
        Some("o") => RoomKind::Order,
        _ => RoomKind::Unknown,
    };
    let title = text(object, "t").filter(|title| has_ink(title)).or_else(|| text(object, "pIdentifier"));
    let peer = match kind {
        RoomKind::Group | RoomKind::Broadcast => None,
        RoomKind::Direct | RoomKind::Order | RoomKind::Unknown => peer(object, kind, state),
    };
    let me = state.session.as_ref().map(|session| session.me.clone());
    let participants = match (me, &peer) {
        (Some(me), Some(peer)) => vec![me, peer.id.clone()],
        _ => Vec::new(),
    };
    let last = object.get("lastMessage").filter(|last| last.get("_id").is_some_and(|id| !id.is_null()));
    let mut reader = state.message_reader(report);
    reader.room = Some(id.clone());
    let last_message = last.and_then(|last| fields::ok_or_log(reader.message(last), "a last message"));
    let flag = |key| object.get(key).is_some_and(flag_value);
    Ok(RoomInfo {
        id,
        kind,
        title: Some(limits::title(title.as_deref())),
        nickname: text(object, "nTitle").map(|name| limits::name(&name)).filter(|name| !name.is_empty()),
        avatar: text(object, "img").map(|url| limits::url(&url)),
        participants,
        peer: peer.map(Box::new),
        unread: count(object, "uC"),
        muted: flag("isM"),
        archived: flag("isA"),
        last_message,
        created_at: object.get("createdAt").and_then(time_value),
        metadata: None,
        settings: RoomSettings::default(),
    })
}

/// Reads the other person of a direct message or order. The title of a direct message is that person's name. The title
/// of an order may be its own, so it is only used if the person's name is unknown.
fn peer(object: &Map<String, Value>, kind: RoomKind, state: &mut VChatState) -> Option<PersonInfo> {
    let id = fields::id(object, "pId")?;
    let identifier = text(object, "pIdentifier").unwrap_or_default();
    let is_known = kind == RoomKind::Order && state.people.names(&id).is_some();
    let name = text(object, "t").filter(|_| !is_known).unwrap_or_default();
    let names = PersonNames::resolve(&state.people, &id, &identifier, &name);
    state.people.remember(&id, &names.identifier, &names.name);
    Some(names.info(&state.people))
}

/// Reads the user's membership in a room of this kind.
pub(super) fn membership(data: &Value, kind: RoomKind) -> Result<Membership, Malformed> {
    let object = data.as_object().ok_or("not an object")?;
    let flag = |key| object.get(key).is_some_and(flag_value);
    let settings = |key: &str| object.get(key).and_then(Value::as_object);
    let description = |object: Option<&Map<String, Value>>, key| {
        let text = text(object?, key)?;
        Some(limits::message_text(&text))
    };
    Ok(match kind {
        RoomKind::Direct => {
            let access = match (flag("isMeBanner"), flag("isPeerBanner")) {
                // If both blocked each other, report the block that the user can undo.
                (true, _) => RoomAccess::BlockedByMe,
                (false, true) => RoomAccess::BlockedByPeer,
                (false, false) => RoomAccess::Open,
            };
            Membership { access, ..Membership::default() }
        }
        RoomKind::Order => {
            let order = settings("orderSettings");
            let closed = order.and_then(|order| order.get("isClosed")).is_some_and(flag_value);
            let access = if closed { RoomAccess::Closed } else { RoomAccess::Open };
            Membership { access, description: description(order, "orderTitle"), ..Membership::default() }
        }
        RoomKind::Broadcast => Membership { members: count(object, "totalUsers"), ..Membership::default() },
        // The server tells a former member nothing else about the group (`docs/protocol/vchat.md` §8.4).
        RoomKind::Group | RoomKind::Unknown if flag("isMeOut") => {
            Membership { access: RoomAccess::NotMember, ..Membership::default() }
        }
        RoomKind::Group | RoomKind::Unknown => Membership {
            access: RoomAccess::Open,
            role: text(object, "myRole").and_then(|name| role(&name)),
            members: count(object, "membersCount"),
            online: count(object, "totalOnline"),
            description: description(settings("groupSettings"), "desc"),
            created_at: settings("groupSettings").and_then(|group| group.get("createdAt")).and_then(time_value),
        },
    })
}

/// Reads a member of a group or broadcast.
pub(super) fn member(value: &Value, state: &mut VChatState) -> Result<Member, Malformed> {
    let person = people::user(value.get("userData").ok_or("a member has no userData")?, &mut state.people)?;
    let role = value.get("gR").and_then(Value::as_str).and_then(role);
    Ok(Member { person, role })
}

fn role(name: &str) -> Option<MemberRole> {
    match name {
        "member" => Some(MemberRole::Member),
        "admin" => Some(MemberRole::Admin),
        "superAdmin" => Some(MemberRole::Owner),
        _ => None,
    }
}
