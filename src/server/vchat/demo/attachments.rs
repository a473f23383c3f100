//! Messages that the scripted people send: texts, files, voice messages, locations and custom data.

use serde_json::json;

use crate::server::demo::{Id, Script};
use crate::server::files::Upload;
use crate::server::vchat::model::FileInfo;
use crate::server::vchat::world::NewMessage;

/// Samples per second of a voice message.
const SAMPLE_RATE: u32 = 8000;

/// A message that is not sent yet: it has no `localId`, and its file is not uploaded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outgoing {
    /// The message.
    pub(super) message: NewMessage,
    /// File to upload.
    pub(super) upload: Option<Upload>,
    /// Earlier message it replies to or forwards.
    pub(super) relation: Option<Relation>,
}

/// Relation to an earlier message, given by its `_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Relation {
    /// Replies to it.
    ReplyTo(Id),
    /// Forwards it.
    ForwardOf(Id),
}

impl Outgoing {
    fn new(kind: &str, content: &str) -> Self {
        let message = NewMessage {
            content: content.to_owned(),
            is_encrypted: "false".to_owned(),
            kind: kind.to_owned(),
            ..NewMessage::default()
        };
        Self { message, ..Self::default() }
    }

    /// A text message.
    pub(super) fn text(text: &str) -> Self {
        Self::new("text", text)
    }

    /// A text message that replies to or forwards another one.
    pub(super) fn related(text: &str, relation: Relation) -> Self {
        Self { relation: Some(relation), ..Self::text(text) }
    }

    /// The file `name` of the script, sent as an image, a video or a plain file depending on its type.
    pub(super) fn file(script: &Script, name: &str) -> Option<Self> {
        let file = script.files.get(name)?;
        let (kind, content) = match file.mime.split('/').next() {
            Some("image") => ("image", "📷"),
            Some("video") => ("video", "🎥"),
            _ => ("file", "📁"),
        };
        let mut outgoing = Self::new(kind, content);
        if kind == "video" {
            outgoing.message.attachment =
                Some(json!({ "name": name, "duration": 9000, "thumbImage": null }).to_string());
        }
        let (name, mime) = (Some(name.to_owned()), Some(file.mime.clone()));
        outgoing.upload = Some(Upload { name, mime, bytes: file.bytes().into() });
        Some(outgoing)
    }

    /// A voice message of the given length, at most 30 seconds.
    pub(super) fn voice(seconds: u32) -> Self {
        let seconds = seconds.clamp(1, 30);
        let mut outgoing = Self::new("voice", &format!("🎤 00:{seconds:02}"));
        outgoing.message.attachment = Some(json!({ "name": "voice.wav", "duration": seconds * 1000 }).to_string());
        let (name, mime) = (Some("voice.wav".to_owned()), Some("audio/wav".to_owned()));
        outgoing.upload = Some(Upload { name, mime, bytes: wav_tone(seconds).into() });
        outgoing
    }

    /// A location, with a link to a map.
    pub(super) fn location(lat: &str, long: &str, title: &str) -> Self {
        let mut outgoing = Self::new("location", "📍");
        let link = format!("https://www.openstreetmap.org/?mlat={lat}&mlon={long}");
        let preview = json!({ "image": null, "title": title, "desc": "", "link": link });
        outgoing.message.attachment = Some(json!({ "lat": lat, "long": long, "linkPreviewData": preview }).to_string());
        outgoing
    }

    /// A message with data that only the host app understands.
    pub(super) fn custom() -> Self {
        let mut outgoing = Self::new("custom", "The kettle is at 80 °C");
        outgoing.message.attachment = Some(json!({ "data": { "sensor": "kettle", "celsius": 80 } }).to_string());
        outgoing
    }

    /// Completes the message with its `localId` and the description of its file.
    pub(super) fn into_message(self, local_id: String, file: Option<FileInfo>) -> NewMessage {
        NewMessage { local_id, files: file.into_iter().collect(), ..self.message }
    }
}

/// A quiet tone of 100 Hz as a WAV file with 8 bits and one channel.
fn wav_tone(seconds: u32) -> Vec<u8> {
    let len = seconds * SAMPLE_RATE;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + len).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(SAMPLE_RATE.to_le_bytes());
    wav.extend(SAMPLE_RATE.to_le_bytes());
    wav.extend([1, 0, 8, 0]);
    wav.extend(b"data");
    wav.extend(len.to_le_bytes());
    // A triangle wave around the middle of the 8-bit range.
    wav.extend((0..len).map(|sample| {
        let phase = sample % 80;
        let height = if phase < 40 { phase } else { 80 - phase };
        u8::try_from(118 + height / 2).unwrap_or(128)
    }));
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wav_header_states_the_length() {
        let wav = wav_tone(2);
        assert_eq!((wav.len(), &wav[..4], &wav[40..44]), (44 + 16_000, &b"RIFF"[..], &16_000_u32.to_le_bytes()[..]));
    }
}
