//! Gives the play its clock and its world.

use std::sync::Weak;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;

use crate::server::clock::now;
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Id;
use crate::server::vchat::news::Cue;
use crate::server::vchat::refusal::{Answer, Refusal};

use super::past::actor;
use super::props::Prop;
use super::stage::{Act, How, Stage, Then};

/// Plays until the server is gone. While nobody is there it only listens.
pub(crate) async fn play(hub: Weak<Hub>, mut stage: Stage, mut heard: mpsc::Receiver<Cue>) {
    loop {
        let cue = match stage.next() {
            None => heard.recv().await.map(Some),
            Some(at) => {
                let wait = Duration::from_millis((at - now()).max(0).unsigned_abs());
                // A cue that is there already goes first, so that nobody hangs up a call that is over.
                tokio::select! {
                    biased;
                    cue = heard.recv() => cue.map(Some),
                    () = tokio::time::sleep(wait) => Some(None),
                }
            }
        };
        let (Some(cue), Some(hub)) = (cue, hub.upgrade()) else { return };
        if let Some(cue) = cue
            && stage.hear(now(), cue)
        {
            for who in stage.everybody() {
                hub.act(|world, now| {
                    if world.is_online(who) {
                        world.left(now, &actor(who), None);
                    }
                });
            }
        }
        while let Some(act) = stage.due(now()) {
            if let Err(refusal) = perform(&hub, &mut stage, act) {
                // The guest may have left the group, or somebody may be banned.
                tracing::debug!(reason = refusal.why, "somebody could not do what the script says");
            }
        }
    }
}

fn perform(hub: &Hub, stage: &mut Stage, act: Act) -> Answer<()> {
    match act {
        Act::Come(who) => hub.act(|world, now| {
            if !world.is_online(&who) {
                world.came(now, &actor(&who));
            }
        }),
        Act::Status { who, room, status } => hub.act(|world, _| world.typing(&actor(&who), &room, status))?,
        Act::Say { who, room, prop, to, then } => {
            let message = say(hub, &who, &room, *prop, to)?;
            if then == Then::TakeBack {
                stage.regret(now(), who, room, message);
            }
        }
        Act::TakeBack { who, room, message } => {
            hub.act(|world, now| world.delete_for_all(now, &actor(&who), &room, &message)).map(drop)?;
        }
        Act::Deliver { who, room } => hub.act(|world, now| world.deliver(now, &actor(&who), &room))?,
        Act::Read { who, room } => hub.act(|world, now| world.enter(now, &actor(&who), &room))?,
        Act::Ban { who, whom, on } => {
            hub.act(|world, now| {
                let whom = world.user(&whom)?.identifier.clone();
                world.ban(now, &actor(&who), &whom, on)
            })?;
        }
        Act::Member { who, room, whom, on } => {
            hub.act(|world, now| {
                let whom = world.user(&whom)?.identifier.clone();
                if on {
                    world.add_members(now, &actor(&who), &room, &[whom])
                } else {
                    world.kick(now, &actor(&who), &room, &whom)
                }
            })?;
        }
        Act::Ring { who, room, video } => {
            hub.act(|world, now| world.call(now, &actor(&who), &room, video, Value::Null, "agora"))?;
        }
        Act::PickUp { who, meet } => {
            hub.act(|world, now| world.accept_call(now, &actor(&who), &meet, &Value::Null))?;
        }
        Act::HangUp { who, meet } => {
            hub.act(|world, now| world.end_call(now, &actor(&who), &meet))?;
        }
        Act::Chat => {}
    }
    Ok(())
}

/// Says something; answers with its `_id`.
fn say(hub: &Hub, who: &Id, room: &Id, mut prop: Prop, to: Option<(Id, How)>) -> Answer<Id> {
    let upload = prop.upload.take().map(|upload| (hub.describe(&upload), upload));
    let stored = upload.as_ref().map(|(stored, _)| stored.clone());
    let said = hub.act(|world, now| {
        let me = actor(who);
        if let Some((message, how)) = to {
            let target = world.room_of(&me.user, room)?.message(&message).map(|message| message.local.clone());
            match how {
                How::Reply => prop.draft.reply_to = target,
                How::Forward => prop.draft.forward_of = target,
            }
        }
        let draft = prop.finished(world.local(), stored);
        world.send(now, &me, room, &draft)
    })?;
    if let Some((stored, upload)) = upload {
        hub.keep(&stored, upload);
    }
    let id = said.get("_id").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| Refusal::bad("a message without an id"))
}
