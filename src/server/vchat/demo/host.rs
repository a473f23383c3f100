//! Performs the actions of the scripted people in the world.

use std::sync::Arc;

use serde_json::Value;

use crate::domain::Timestamp;
use crate::server::demo::{Host, Id};
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hub::Hub;
use crate::server::vchat::world::World;

use super::actions::{VChatAction, VChatDemo};
use super::attachments::{Outgoing, Relation};
use super::seed_history::actor;

/// The server that the scripted people live on.
pub(crate) struct VChatHost(pub(crate) Arc<Hub>);

impl VChatHost {
    fn with_world<T>(&self, operation: impl FnOnce(&mut World, Timestamp) -> ApiResult<T>) -> Result<(), String> {
        self.0.with_world(operation).map(drop).map_err(|error| error.message)
    }
}

impl Host<VChatDemo> for VChatHost {
    fn connect(&self, person: &Id) -> Result<(), String> {
        self.0.with_world(|world, now| {
            if !world.is_online(person) {
                world.on_connected(now, &actor(person));
            }
        });
        Ok(())
    }

    fn disconnect(&self, person: &Id) {
        self.0.with_world(|world, now| {
            if world.is_online(person) {
                world.on_disconnected(now, &actor(person), None);
            }
        });
    }

    fn set_typing(&self, person: &Id, room: &Id, started: bool) -> Result<(), String> {
        let status = if started { "typing" } else { "stop" };
        self.with_world(|world, _| world.set_room_status(&actor(person), room, status))
    }

    fn send(&self, person: &Id, room: &Id, content: Outgoing) -> Result<Id, String> {
        send(&self.0, person, room, content).map_err(|error| error.message)
    }

    fn perform(&self, action: VChatAction) -> Result<(), String> {
        self.with_world(|world, now| match action {
            VChatAction::Recording { person, room, started } => {
                let status = if started { "recording" } else { "stop" };
                world.set_room_status(&actor(&person), &room, status)
            }
            VChatAction::Delete { person, room, message } => {
                world.delete_for_all(now, &actor(&person), &room, &message).map(drop)
            }
            VChatAction::MarkDelivered { person, room } => world.mark_delivered(now, &actor(&person), &room),
            VChatAction::MarkSeen { person, room } => world.mark_seen(now, &actor(&person), &room),
            VChatAction::Ban { person, user, banned } => {
                let identifier = world.user(&user)?.identifier.clone();
                world.set_ban(now, &actor(&person), &identifier, banned).map(drop)
            }
            VChatAction::AddMember { person, room, user } => {
                let identifier = world.user(&user)?.identifier.clone();
                world.add_members(now, &actor(&person), &room, &[identifier]).map(drop)
            }
            VChatAction::RemoveMember { person, room, user } => {
                let identifier = world.user(&user)?.identifier.clone();
                world.kick(now, &actor(&person), &room, &identifier).map(drop)
            }
            VChatAction::Call { person, room, video } => {
                world.start_call(now, &actor(&person), &room, video, Value::Null, "agora").map(drop)
            }
            VChatAction::AcceptCall { person, call } => {
                world.accept_call(now, &actor(&person), &call, &Value::Null).map(drop)
            }
            VChatAction::EndCall { person, call } => world.end_call(now, &actor(&person), &call).map(drop),
        })
    }
}

/// Sends a message and returns its `_id`. A file is stored only after the world has accepted the message.
fn send(hub: &Hub, person: &Id, room: &Id, mut content: Outgoing) -> ApiResult<Id> {
    let upload = content.upload.take().map(|upload| (hub.describe_upload(&upload), upload));
    let file = upload.as_ref().map(|(file, _)| file.clone());
    let sent = hub.with_world(|world, now| {
        let actor = actor(person);
        let local_id = |message: &Id| {
            let room = world.member_room(&actor.user, room)?;
            Ok::<_, ApiError>(room.message(message).map(|message| message.local_id.clone()))
        };
        match content.relation.take() {
            Some(Relation::ReplyTo(message)) => content.message.reply_to = local_id(&message)?,
            Some(Relation::ForwardOf(message)) => content.message.forward_of = local_id(&message)?,
            None => {}
        }
        let message = content.into_message(world.new_local_id(), file);
        world.send_message(now, &actor, room, &message)
    })?;
    if let Some((file, upload)) = upload {
        hub.store_file(&file, upload);
    }
    let id = sent.get("_id").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| ApiError::bad_request("a message without an id"))
}
