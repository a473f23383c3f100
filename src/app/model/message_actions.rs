//! The actions available on a message, and the reasons why others are not.
//!
//! Keys, hints and error messages all use the functions of this module, so that they cannot disagree.

use crate::app::model::context::Scene;
use crate::app::model::links::links_of;
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::permissions::action_needs;
use crate::app::model::send_status::SendStatus;
use crate::domain::{Content, Feature, Message, MessageKind, Room, RoomKind};
use crate::input::{Action, Context};
use crate::store::OutboxPayload;
use crate::text::{self, Link};

impl Scene<'_> {
    /// Whether `action` is available on `message` of the open room, and therefore shown in the hints.
    pub fn offers_on(self, message: &Message, action: Action) -> bool {
        if action.context() != Context::Message {
            return action == Action::Cancel;
        }
        let status = self.account.send_status(message);
        let is_unsent = matches!(status, Some(SendStatus::Queued | SendStatus::Failed | SendStatus::NeedsUser));
        let is_sent = message.id.is_some() && !message.deleted;
        let is_room_deleted = self.open_room().is_some_and(Room::is_deleted);
        let is_own = !is_room_deleted && self.account.is_me(&message.author) && is_sent && !message.kind.is_system();
        let is_possible = match action {
            Action::MessageRetry => {
                !is_room_deleted && matches!(status, Some(SendStatus::Failed | SendStatus::NeedsUser))
            }
            Action::MessageCancel => {
                let is_uploading = || self.entry_of(message).is_some_and(OutboxEntry::is_uploading);
                let is_saved = || message.id.as_ref().is_some_and(|id| self.account.downloads.of_message(id).is_some());
                let is_pending = matches!(status, Some(SendStatus::Queued | SendStatus::Failed)) || is_uploading();
                (!is_room_deleted && is_pending) || is_saved()
            }
            Action::MessageEdit => {
                is_own
                    || (is_unsent
                        && !is_room_deleted
                        && status != Some(SendStatus::NeedsUser)
                        && is_text_send(self, message))
            }
            Action::MessageDelete => is_own || is_unsent,
            Action::MessageReply if self.account.can(Feature::Reply) => reference_error(message).is_none(),
            Action::MessageReply => is_sent && !message.kind.is_system() && !is_room_deleted,
            Action::MessageForward => reference_error(message).is_none(),
            Action::MessageQuoted => message.quote.is_some() && !message.deleted,
            Action::MessageUnread => !is_room_deleted,
            Action::MessageStar => is_sent,
            Action::FoundOlder => self.is_search_result(message) && self.has_match(1),
            Action::FoundNewer => self.is_search_result(message) && self.has_match(-1),
            Action::MessageSeenBy => is_own && self.open_room().is_some_and(|room| has_several_readers(room.info.kind)),
            Action::MessageDeleteForMe => message.id.is_some(),
            Action::MessageCopy | Action::MessageMark => !message.deleted,
            Action::MessageOpen | Action::MessageCopyLink => !links_of(message, self.text_format()).is_empty(),
            Action::MessageSave => {
                is_sent && message.attachment.as_ref().is_some_and(|file| Link::read(&file.url).is_some())
            }
            Action::MessageSource => self.has_markup(message),
            Action::MessageFold => self.ui.selected().is_some_and(|slot| self.ui.pane.is_foldable(slot)),
            Action::MessagePicture => self.picture_rules().permitted(message).is_some(),
            // The others are possible on every message.
            _ => true,
        };
        // A message that has not been sent is local, so no feature of the service is needed to change it.
        is_possible && (status.is_some() || action_needs(action).is_none_or(|feature| self.account.can(feature)))
    }
}

impl Scene<'_> {
    /// Whether the text of a message may look different from how it was written.
    pub(in crate::app) fn has_markup(self, message: &Message) -> bool {
        let is_text = message.kind == MessageKind::Text && !message.deleted;
        is_text && self.shows_markdown() && text::has_markup(&message.text, self.text_format())
    }

    /// Whether there is another search result so many places further, older ones being further.
    fn has_match(self, by: isize) -> bool {
        let Some(search) = &self.ui.searched else { return false };
        let next = search.selected.checked_add_signed(by);
        next.is_some_and(|next| next < search.results.len()) || (by > 0 && search.more)
    }

    /// The outbox entry of an own message that the server has not confirmed.
    fn entry_of(&self, message: &Message) -> Option<&OutboxEntry> {
        self.account.outbox.get(*message.local.as_deref().filter(|_| message.id.is_none())?)
    }

    /// Whether `message` is the search result that was opened last.
    pub(in crate::app) fn is_search_result(self, message: &Message) -> bool {
        let selected = self.ui.searched.as_ref().and_then(|search| search.results.get(search.selected));
        selected.is_some_and(|result| Some(&result.message) == message.id.as_ref())
    }
}

/// Whether messages in a room of this kind can have several readers, each with their own read receipt.
pub(in crate::app) fn has_several_readers(kind: RoomKind) -> bool {
    matches!(kind, RoomKind::Group | RoomKind::Broadcast)
}

/// Returns the reason why a message cannot be replied to or forwarded; `None` if it can.
///
/// Both requests refer to the message by the `LocalId` under which it was sent, so a message without one is excluded.
pub(in crate::app) fn reference_error(message: &Message) -> Option<&'static str> {
    if message.deleted {
        Some("Deleted messages cannot be replied to or forwarded.")
    } else if message.kind.is_system() || message.kind == MessageKind::Unreadable {
        Some("Only messages from people can be replied to or forwarded.")
    } else if message.id.is_none() {
        Some("This message has not been sent yet. Reply or forward once it is sent.")
    } else if message.local.is_none() {
        Some("The server did not identify this message, so it cannot be replied to or forwarded.")
    } else {
        None
    }
}

/// Whether an own message that is not sent yet is plain text, and can therefore be edited.
pub(in crate::app) fn is_text_send(scene: Scene<'_>, message: &Message) -> bool {
    let entry = message.local.as_deref().and_then(|local| scene.account.outbox.get(*local));
    entry.is_none_or(|entry| matches!(entry.payload(), OutboxPayload::Send(Content::Text { .. })))
}
