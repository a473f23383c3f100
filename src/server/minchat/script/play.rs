//! Gives the play its clock and its world.

use std::sync::Weak;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;

use crate::server::clock::{now, rfc3339};
use crate::server::minchat::hub::{Cue, Hub};
use crate::server::minchat::model::{Id, News, Refusal};
use crate::server::minchat::talk::{Change, Draft};
use crate::server::minchat::tenant::Tenant;

use super::stage::{Act, Stage};

/// Plays until the server is gone. While nobody is there it only listens.
pub(crate) async fn play(hub: Weak<Hub>, key: String, mut stage: Stage, mut heard: mpsc::Receiver<Cue>) {
    loop {
        let cue = match stage.next() {
            None => heard.recv().await.map(Some),
            Some(at) => {
                let wait = Duration::from_millis((at - now()).max(0).unsigned_abs());
                // A cue that is there already goes first, so that nobody answers a message that was taken back.
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
                let _ = hub.act(&key, None, |tenant, now| Ok(((), tenant.disconnect(now, who))));
            }
        }
        while let Some(act) = stage.due(now()) {
            if let Err(refusal) = perform(&hub, &key, &mut stage, act) {
                // The guest may have deleted the room or removed somebody from it.
                tracing::debug!(reason = refusal.message(), "somebody could not do what the script says");
            }
        }
    }
}

fn perform(hub: &Hub, key: &str, stage: &mut Stage, act: Act) -> Result<(), Refusal> {
    match act {
        Act::Come(who) => hub.act(key, None, |tenant, now| {
            tenant.connect(now, &who)?;
            Ok(((), vec![there(tenant, who)]))
        }),
        Act::Stay(who) => hub.act(key, None, |tenant, now| {
            tenant.stay(now, &who)?;
            Ok(((), vec![there(tenant, who)]))
        }),
        Act::Type { who, chat, started } => hub.act(key, None, |tenant, now| {
            let user = typist(tenant, &who)?;
            Ok(((), vec![tenant.typing(now, &chat, user, started)?]))
        }),
        Act::Say { who, chat, text, then } => {
            let draft = Draft { chat, author: who, text: Some(text), ..Draft::default() };
            let message = hub.act(key, None, |tenant, now| {
                let (id, news) = tenant.send(now, draft)?;
                Ok((id, vec![news]))
            })?;
            stage.said(now(), message, then);
            Ok(())
        }
        Act::Edit { message, text } => hub.act(key, None, |tenant, now| {
            let change = Change { text: Some(text), ..Change::default() };
            Ok(((), vec![tenant.edit(now, &message, change)?]))
        }),
        Act::Delete { message } => hub.act(key, None, |tenant, _| Ok(((), vec![tenant.delete_message(&message)?]))),
        Act::See { who, message } => {
            hub.act(key, None, |tenant, now| Ok(((), vec![tenant.see(now, &message, Some(&who))?])))
        }
        Act::Agent { who, chat, event } => hub.act(key, None, |tenant, _| {
            let username = tenant.user(&who)?.username.clone();
            Ok(((), vec![News::Agent { chat, username, event }]))
        }),
        Act::Chat => Ok(()),
    }
}

fn there(tenant: &Tenant, who: Id) -> News {
    News::Status { chats: tenant.chats_with(&who), user: who, online: true }
}

/// Somebody as a client describes itself when it types: the official SDK's user, whose dates are in camel case.
fn typist(tenant: &Tenant, who: &str) -> Result<serde_json::Value, Refusal> {
    let user = tenant.user(who)?;
    let mut object = json!({
        "id": user.id,
        "username": user.username,
        "name": user.shown(),
        "createdAt": rfc3339(user.created_at),
        "lastActive": rfc3339(user.last_active),
    });
    if let (Some(object), Some(metadata)) = (object.as_object_mut(), &user.metadata) {
        object.insert("metadata".to_owned(), metadata.clone().into());
    }
    Ok(object)
}
