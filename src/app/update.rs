//! The only writer of the state.

use crate::domain::{Request, Timestamp};

use super::effect::Effect;
use super::event::Event;
use super::on_key::Touched;
use super::state::{Damage, Focus, State};
use super::{
    actions, gone, keeping, on_drawn, on_key, on_mouse, on_server, on_store, on_tick, outbox, search, set_back,
};

/// Takes an event at the time `now`; returns what is to be done about it, in order.
pub fn update(state: &mut State, now: Timestamp, event: Event) -> Vec<Effect> {
    let went_back = std::mem::replace(&mut state.now, now) - now;
    if went_back > 0 {
        set_back::set_back(state, went_back);
    }
    let listed = match state.focus {
        Focus::Rooms(place) => state.rooms.at(place).map(|room| room.info.id.clone()),
        Focus::Composer | Focus::Message(_) => None,
    };
    let by_user = matches!(event, Event::Key(_) | Event::Mouse(_));
    let touched = keeping::touched_by(state, &event);
    let damage = std::mem::replace(&mut state.damage, Damage::Everything);
    let found = search::news_in(state, &event);
    let mut effects = Vec::new();
    let news = matches!(event, Event::Server(..) | Event::RequestRejected(..) | Event::Store(_) | Event::Tick);
    match event {
        Event::Key(key) => {
            if on_key::on_key(state, key, &mut effects) == Touched::Composer {
                state.damage = damage.max(Damage::Composer);
            }
        }
        Event::Paste(text) => on_key::on_paste(state, &text, &mut effects),
        Event::Mouse(mouse) => on_mouse::on_mouse(state, mouse, &mut effects),
        Event::Resize(size) => state.size = size,
        Event::Focus(focused) => state.focused = focused,
        Event::Server(account, event) if account == state.account.id => {
            on_server::on_server(state, event, &mut effects);
        }
        Event::RequestRejected(account, request) if account == state.account.id => {
            on_server::on_unsent(state, request, &mut effects);
        }
        Event::Server(..) | Event::RequestRejected(..) => {}
        Event::File(wish, found) => actions::files::inspected(state, &wish, found, &mut effects),
        Event::Notice(sentence) => state.say(sentence),
        Event::Store(answer) => on_store::on_store(state, answer, &mut effects),
        Event::FrameDrawn => {
            on_drawn::on_drawn(state, &mut effects);
            if effects.is_empty() {
                state.damage = Damage::Nothing;
            }
        }
        Event::Tick => on_tick::on_tick(state, &mut effects),
    }
    if let Some(found) = found {
        search::follow(state, &found);
    }
    if news {
        outbox::proceed(state, &mut effects);
    }
    if let Some(place) = listed.filter(|_| !by_user).and_then(|room| state.rooms.place(&room))
        && let Focus::Rooms(_) = state.focus
    {
        // News re-sorts the list; what is pointed to stays.
        state.focus = Focus::Rooms(place);
    }
    gone::follow(state, &mut effects);
    keep_focus(state);
    keeping::follow(state, touched, &mut effects);
    effects
}

/// A selection never outlives its message, nor the list's its rooms.
fn keep_focus(state: &mut State) {
    let holds = match state.focus {
        Focus::Composer => true,
        Focus::Message(slot) => state.open_room().is_some_and(|room| room.timeline.position(slot).is_some()),
        Focus::Rooms(place) => place < state.rooms.len().max(1),
    };
    if !holds {
        state.focus = Focus::Composer;
    }
}

impl State {
    /// The effect of asking the server for something.
    pub(super) fn ask(&self, request: Request) -> Effect {
        Effect::Request(self.account.id, request)
    }
}
