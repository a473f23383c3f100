//! Groups: roles, titles, leaving; and muting or putting away any room.

use crate::app::effect::Effect;
use crate::app::list::{List, ListKind, ListTarget};
use crate::app::state::State;
use crate::domain::{Access, MemberRole};
use crate::input::Action;

/// Gives a member of the open group a role.
pub(in crate::app) fn set_role(_state: &mut State, _username: &str, _role: &str, _effects: &mut Vec<Effect>) {}

/// Asks whether to leave the open group.
pub(in crate::app) fn leave(_state: &mut State) {}

/// Gives the open group another title.
pub(in crate::app) fn rename(_state: &mut State, _title: &str, _effects: &mut Vec<Effect>) {}

/// Mutes the open room, or not any more.
pub(in crate::app) fn mute(_state: &mut State, _on: bool, _effects: &mut Vec<Effect>) {}

/// Puts the open room away, or takes it back.
pub(in crate::app) fn archive(_state: &mut State, _on: bool, _effects: &mut Vec<Effect>) {}

/// What can be done with the member that a list points to, and a word for it.
pub fn members_offer<'a>(state: &'a State, list: &'a List) -> impl Iterator<Item = (Action, &'static str)> + 'a {
    let all = [(Action::MemberPromote, "promote"), (Action::MemberDemote, "demote"), (Action::MemberRemove, "remove")];
    all.into_iter().filter(|(action, _)| can_do(state, list, *action))
}

/// Whether the service, our role and the chosen member's allow it.
fn can_do(state: &State, list: &List, action: Action) -> bool {
    let ListKind::Members(room) = &list.kind else { return false };
    let Some(room) = state.rooms.get(room) else { return false };
    let Some(ListTarget::Member(member)) = list.chosen().map(|row| &row.target) else { return false };
    let (mine, theirs) = (room.standing.role, member.role);
    let may = mine.is_none_or(|role| role >= MemberRole::Admin) && room.standing.access != Access::Out;
    let other = !state.is_me(&member.person.id) && theirs != Some(MemberRole::Owner);
    let fits = match action {
        Action::MemberPromote => theirs == Some(MemberRole::Member),
        Action::MemberDemote => theirs == Some(MemberRole::Admin),
        Action::MemberRemove => true,
        _ => false,
    };
    may && other && fits && state.offers(action)
}

/// Does something with the member that the list points to.
pub(in crate::app) fn act_on_listed(_state: &mut State, _action: Action, _effects: &mut Vec<Effect>) {}
