//! Who does not want to hear whom (protocol note §2.1 rows 10 to 12).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::vchat::model::{Id, Me};
use crate::server::vchat::news::To;
use crate::server::vchat::refusal::{Answer, Refusal};

use super::state::World;

impl World {
    /// Whether one of two has banned the other.
    pub(crate) fn is_banned(&self, one: &str, other: &str) -> bool {
        self.has_banned(one, other) || self.has_banned(other, one)
    }

    pub(super) fn has_banned(&self, by: &str, whom: &str) -> bool {
        self.bans.contains(&(by.to_owned(), whom.to_owned()))
    }

    fn view(&self, me: &Id, peer: &Id) -> Value {
        let mut view = json!({ "isMeBanner": self.has_banned(me, peer), "isPeerBanner": self.has_banned(peer, me) });
        if let (Some(view), Some(room)) = (view.as_object_mut(), self.pairs.get(&pair(me, peer))) {
            view.insert("roomId".to_owned(), room.clone().into());
        }
        view
    }

    /// Rows 10 and 11. The single room hears of it, both in the same words: those of the one who did it (§5). A pair
    /// without a room gets one, hidden as any new one, because the event needs its id.
    pub(crate) fn ban(&mut self, now: Timestamp, me: &Me, identifier: &str, on: bool) -> Answer<Value> {
        let peer = self.named(identifier)?.id.clone();
        if peer == me.user {
            return Err(Refusal::bad("You can not ban yourself"));
        }
        // First, since a full server opens no room.
        let room = self.direct(now, &me.user, &peer)?;
        let both = (me.user.clone(), peer.clone());
        if on {
            self.bans.insert(both);
        } else {
            self.bans.remove(&both);
        }
        let view = self.view(&me.user, &peer);
        self.tell(To::Room(room), "v1OnBanUserChat", view);
        Ok(if on { "User banned" } else { "User un banned" }.into())
    }

    /// Row 12.
    pub(crate) fn ban_view(&self, me: &Me, identifier: &str) -> Answer<Value> {
        let peer = &self.named(identifier)?.id;
        Ok(self.view(&me.user, peer))
    }
}

/// Two users, the smaller id first.
pub(super) fn pair(one: &str, other: &str) -> (Id, Id) {
    if one < other { (one.to_owned(), other.to_owned()) } else { (other.to_owned(), one.to_owned()) }
}
