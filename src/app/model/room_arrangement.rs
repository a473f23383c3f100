//! Sorting and filtering of the room list, as the user wants it.

use crate::app::model::account::Account;
use crate::app::model::room_filter::RoomFilter;
use crate::app::model::state::State;
use crate::app::model::ui::Focus;
use crate::domain::{AccountId, Room, RoomId};

impl State {
    /// Sorts and filters the rooms of all accounts. While the list has the focus, they keep their places unless the user
    /// has changed something in it; then the highlight stays on its room.
    pub(in crate::app) fn arrange_rooms(&mut self) {
        let focused = match self.ui.focus {
            Focus::Rooms(number) => Some((number, self.scene().list_position(number))),
            Focus::Composer | Focus::Message(_) => None,
        };
        let (order, filter) = (self.scene().rooms_order(), self.terminal.room_filter);
        let is_frozen = focused.is_some() && !self.ui.rearranges;
        self.ui.rearranges = false;
        let parked: Vec<(AccountId, RoomId)> =
            self.parked().iter().filter_map(|ui| Some((ui.shown, ui.open.clone()?))).collect();
        let Self { accounts, ui, .. } = self;
        let is_apart = accounts.side_by_side;
        for account in accounts.iter_mut().filter(|account| !is_apart || account.id == ui.shown) {
            let is_shown = account.id == ui.shown;
            let open = ui.open.as_ref().filter(|_| is_shown);
            let of_parked = || parked.iter().find(|(id, _)| *id == account.id).map(|(_, room)| room);
            account.rooms.sort_by(order);
            account.rooms.freeze(is_frozen);
            account.rooms.settle(if is_shown { open } else { of_parked() });
            account.filter_rooms(filter, open);
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
    /// Filters the rooms. Does little unless a room has changed. The room `open` is shown in any case.
    fn filter_rooms(&mut self, filter: RoomFilter, open: Option<&RoomId>) {
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
