//! The members of the open room, as far as they were requested for the list beside its messages.

use crate::domain::{Member, RoomId};

/// Maximum number of members in the list. The room info shows all of them.
pub(in crate::app) const MAX_MEMBERS: usize = 500;

/// The members of the open room, on services that list them only on request.
#[derive(Debug, Clone, Default)]
pub struct MemberList {
    /// The room whose members these are.
    pub room: Option<RoomId>,
    /// The members, in the order of the server.
    pub members: Vec<Member>,
    /// The number of the last page that was requested.
    pub(in crate::app) page: u32,
    /// What is known about the members that are missing.
    pub state: MemberListState,
}

/// Whether all members are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberListState {
    /// A page was requested.
    Loading,
    /// All members are listed, or as many as the list takes.
    #[default]
    Complete,
    /// A page could not be loaded.
    Failed,
}

impl MemberList {
    /// Adds a page of members. Returns the number of the next page, if one is to be requested.
    pub(in crate::app) fn take(&mut self, page: u32, more: bool, members: Vec<Member>) -> Option<u32> {
        if page > self.page {
            return None;
        }
        if page == 1 {
            self.members.clear();
        }
        for member in members {
            if !self.members.iter().any(|known| known.person.id == member.person.id) {
                self.members.push(member);
            }
        }
        if more && self.members.len() < MAX_MEMBERS {
            (self.page, self.state) = (page + 1, MemberListState::Loading);
            return Some(self.page);
        }
        self.state = MemberListState::Complete;
        None
    }
}
