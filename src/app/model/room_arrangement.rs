//! Sorting and filtering of the room list, as the user wants it.

use crate::app::model::account::Account;
use crate::app::model::room_filter::RoomFilter;
use crate::app::model::state::State;
use crate::app::model::ui::Focus;
use crate::domain::{Room, RoomId, RoomOrder};

/// How the rooms of every account are listed.
#[derive(Debug, Clone, Copy)]
struct RoomArrangement {
    /// Their order.
    order: RoomOrder,
    /// Which of them are in the list.
    filter: RoomFilter,
    /// Whether they keep their places, because the user is in the list.
    is_frozen: bool,
}

impl State {
    /// Sorts and filters the rooms of all accounts. While the list has the focus, they keep their places unless the user
    /// has changed something in it; then the highlight stays on its room.
    pub(in crate::app) fn arrange_rooms(&mut self) {
        let focused = match self.ui.focus {
            Focus::Rooms(number) => Some((number, self.scene().list_position(number))),
            Focus::Composer | Focus::Message(_) => None,
        };
        let arrangement = RoomArrangement {
            order: self.scene().rooms_order(),
            filter: self.terminal.room_filter,
            is_frozen: focused.is_some() && !self.ui.rearranges,
        };
        self.ui.rearranges = false;
        let Self { accounts, ui, .. } = self;
        let is_apart = accounts.side_by_side;
        for account in accounts.iter_mut().filter(|account| !is_apart || account.id == ui.shown) {
            let open = ui.open.as_ref().filter(|_| account.id == ui.shown);
            account.arrange_rooms(arrangement, open);
        }
        if let Some((number, position)) = focused {
            let scene = self.scene();
            let moved = position.and_then(|position| scene.list_number(&position));
            // Where a room has left the list, the next one follows.
            let last = scene.list_len().saturating_sub(1);
            self.ui.focus = Focus::Rooms(moved.unwrap_or(number.min(last)));
        }
    }
}

impl Account {
    /// Sorts and filters the rooms. Called before each frame, and does little unless a room has changed. The room
    /// `open` is shown in any case.
    fn arrange_rooms(&mut self, arrangement: RoomArrangement, open: Option<&RoomId>) {
        let RoomArrangement { order, filter, is_frozen } = arrangement;
        self.rooms.sort_by(order);
        self.rooms.freeze(is_frozen);
        self.rooms.settle();
        if filter == RoomFilter::All {
            self.rooms.show_all();
        } else if !self.rooms.is_filtered_by(filter, open) {
            let shown = self.rooms.iter().filter(|room| Some(&room.info.id) == open || self.matches(filter, room));
            let shown = shown.map(|room| room.info.id.clone()).collect();
            self.rooms.show_only(filter, open, shown);
        }
    }

    fn matches(&self, filter: RoomFilter, room: &Room) -> bool {
        match filter {
            RoomFilter::All => true,
            RoomFilter::Unread => room.needs_attention(),
            RoomFilter::Direct => self.is_shown_as_direct(room),
            RoomFilter::Groups => !self.is_shown_as_direct(room),
        }
    }
}
