//! Saying something: the rules of protocol note §2.3.1.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::Timestamp;
use crate::server::vchat::model::{Kind, Me, Message, Sort, Stored};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::wire;

use super::caps;
use super::state::World;

/// What a send says, as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// `content`.
    pub(crate) content: String,
    /// `localId`.
    pub(crate) local: String,
    /// `isEncrypted`.
    pub(crate) encrypted: String,
    /// `messageType`.
    pub(crate) sort: String,
    /// `forwardLocalId`.
    pub(crate) forward_of: Option<String>,
    /// `replyToLocalId`.
    pub(crate) reply_to: Option<String>,
    /// `attachment`, a JSON text.
    pub(crate) attachment: Option<String>,
    /// `linkAtt`, a JSON text.
    pub(crate) link: Option<String>,
    /// The main file, and a video's thumbnail.
    pub(crate) files: Vec<Stored>,
}

impl World {
    /// Row 27. Everything is looked at before anything is done, in the order of the rules.
    pub(crate) fn send(&mut self, now: Timestamp, me: &Me, room: &str, draft: &Draft) -> Answer<Value> {
        let (sort, encrypted, attachment) = checked(draft)?;
        let place = self.room_of(&me.user, room)?;
        if place.peer(&me.user).is_some_and(|peer| self.is_banned(&me.user, peer)) {
            return Err(Refusal::no_access());
        }
        if self.locals.contains_key(&draft.local) {
            return Err(Refusal::forbidden(format!("Message already in database {}", draft.local)));
        }
        let copies = if place.kind == Kind::Broadcast { 1 + place.audience.len() } else { 1 };
        let mut said = self.blank(now, me, room, sort, draft.content.clone())?;
        said.local.clone_from(&draft.local);
        said.encrypted = encrypted;
        said.attachment = attachment;
        if let Some(link) = &draft.link {
            said.link = json_of(link, "linkAtt")?;
        }
        if let Some(source) = &draft.forward_of {
            let source = self.known(me, source).ok_or_else(|| Refusal::forbidden("The forwarded message not found"))?;
            (said.content, said.sort) = (source.content.clone(), source.sort);
            (said.attachment, said.forward_of) = (source.attachment.clone(), Some(source.local.clone()));
        } else if let Some(target) = &draft.reply_to {
            let target = self.known(me, target).filter(|target| target.room == room);
            let mut whole = wire::message(target.ok_or_else(|| Refusal::forbidden("The replied message not found"))?);
            // A reply to a reply to a reply would grow without end: what is embedded embeds nothing more.
            whole["rTo"] = Value::Null;
            said.reply = whole;
        }
        if said.sort == Sort::Text {
            said.mentions = object_ids(&said.content);
        }
        // Entered by what it will really cost; `store` adds each copy once it is there.
        let cost = (caps::cost(&said) + caps::of_files(&draft.files)).saturating_mul(copies);
        self.room_for(cost)?;
        self.quota.release(cost);
        if self.room_of(&me.user, room)?.kind == Kind::Broadcast {
            self.spread(now, me, room, &said)?;
        }
        self.store(said)
    }

    /// The message whose `lId` is `local`, if `me` is where it was said.
    fn known(&self, me: &Me, local: &str) -> Option<&Message> {
        let (room, id) = self.locals.get(local)?;
        self.room_of(&me.user, room).ok()?.message(id)
    }

    /// A broadcast goes to each of its audience in their single room with the sender (rule 6). With whom there is a
    /// ban, they are passed over.
    fn spread(&mut self, now: Timestamp, me: &Me, room: &str, said: &Message) -> Answer<()> {
        let audience: Vec<_> = self.room_of(&me.user, room)?.audience.iter().map(|(user, _)| user.clone()).collect();
        for user in audience.into_iter().filter(|user| *user != me.user) {
            if self.is_banned(&me.user, &user) {
                continue;
            }
            let single = self.direct(now, &me.user, &user)?;
            let peer = wire::user(self.user(&user)?);
            let copy = Message {
                id: self.ids.next(now),
                local: self.ids.local(),
                room: single,
                parent: Some(said.id.clone()),
                peer,
                statuses: Vec::new(),
                ..said.clone()
            };
            self.store(copy)?;
        }
        Ok(())
    }
}

fn json_of(text: &str, name: &str) -> Answer<Value> {
    serde_json::from_str(text).map_err(|_| Refusal::bad(format!("{name} must be a json string")))
}

/// The sort, whether it is encrypted, and the attachment of a draft that is not a forward.
fn checked(draft: &Draft) -> Answer<(Sort, bool, Value)> {
    if draft.content.is_empty() {
        return Err(Refusal::bad("content should not be empty"));
    }
    // Hyphenated, as clients write it: other spellings of one UUID would be other keys.
    let uuid = Uuid::try_parse(&draft.local).is_ok() && draft.local.len() == 36;
    if !uuid {
        return Err(Refusal::bad("localId must be a UUID"));
    }
    let sort = Sort::named(&draft.sort).filter(|sort| !matches!(sort, Sort::Call | Sort::Info));
    let sort = sort.ok_or_else(|| {
        Refusal::bad(
            "messageType must be one of the following values: text, image, file, video, voice, location, custom",
        )
    })?;
    let encrypted = match draft.encrypted.as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(Refusal::bad("isEncrypted must be a boolean string")),
    };
    let attachment = if draft.forward_of.is_some() { Value::Null } else { attachment(sort, draft)? };
    Ok((sort, encrypted, attachment))
}

/// `msgAtt` (§8.2), from the attachment and the files that came.
fn attachment(sort: Sort, draft: &Draft) -> Answer<Value> {
    let file = || draft.files.first().ok_or_else(|| Refusal::bad("file is required"));
    let given = || {
        let text = draft.attachment.as_deref().ok_or_else(|| Refusal::bad("attachment must be a json string"))?;
        let given = json_of(text, "attachment")?;
        if given.is_object() { Ok(given) } else { Err(Refusal::bad("attachment must be a json object")) }
    };
    Ok(match sort {
        Sort::Text | Sort::Call | Sort::Info => Value::Null,
        Sort::Image => wire::picture(file()?),
        Sort::File => wire::file(file()?),
        Sort::Voice => {
            let duration = given()?.get("duration").and_then(Value::as_i64);
            let duration = duration.ok_or_else(|| Refusal::bad("attachment.duration is required"))?;
            let mut voice = wire::file(file()?);
            voice["duration"] = duration.into();
            voice
        }
        Sort::Video => {
            let given = given()?;
            let mut video = wire::file(file()?);
            video["duration"] = given.get("duration").and_then(Value::as_i64).into();
            video["thumbImage"] = draft.files.get(1).map_or(Value::Null, wire::picture);
            video
        }
        Sort::Location => location(&given()?)?,
        Sort::Custom => {
            let given = given()?;
            // Clients read `{"data":{…}}` and nothing else; what came without is put there.
            if given.get("data").is_some_and(Value::is_object) { given } else { json!({ "data": given }) }
        }
    })
}

/// A location: the sibling asks for `description`, the SDK sends `desc`; either is taken and `desc` is what is told
/// (§12, question 2).
fn location(given: &Value) -> Answer<Value> {
    let text = |at: &Value, name: &str| match at.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let required = |name: &str| text(given, name).ok_or_else(|| Refusal::bad(format!("attachment.{name} is required")));
    let preview = given.get("linkPreviewData").filter(|preview| preview.is_object());
    let preview = preview.ok_or_else(|| Refusal::bad("attachment.linkPreviewData is required"))?;
    if text(preview, "title").is_none() {
        return Err(Refusal::bad("attachment.linkPreviewData.title is required"));
    }
    if preview.get("desc").is_none() && preview.get("description").is_none() {
        return Err(Refusal::bad("attachment.linkPreviewData.description is required"));
    }
    Ok(json!({
        "lat": required("lat")?,
        "long": required("long")?,
        "linkPreviewData": {
            "image": preview.get("image").filter(|image| image.is_object()),
            "title": text(preview, "title"),
            "desc": text(preview, "desc").or_else(|| text(preview, "description")),
            "link": text(preview, "link"),
        },
    }))
}

/// Every run of 24 hexadecimal digits in a text (rule 4).
fn object_ids(text: &str) -> Vec<String> {
    let runs = text.split(|letter: char| !letter.is_ascii_hexdigit());
    let mut ids = Vec::new();
    for run in runs {
        ids.extend(run.as_bytes().chunks_exact(24).filter_map(|id| String::from_utf8(id.to_vec()).ok()));
    }
    ids
}
