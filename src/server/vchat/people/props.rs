//! What people send besides words: drafts with files.

use serde_json::json;

use crate::server::files::Upload;
use crate::server::script::Book;
use crate::server::vchat::model::Stored;
use crate::server::vchat::world::Draft;

/// Samples of a second of voice.
const RATE: u32 = 8000;

/// Something to be sent: a draft without its `localId`, and the file that goes with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Prop {
    pub(super) draft: Draft,
    pub(super) upload: Option<Upload>,
}

impl Prop {
    fn new(sort: &str, content: &str) -> Self {
        let draft = Draft {
            content: content.to_owned(),
            encrypted: "false".to_owned(),
            sort: sort.to_owned(),
            ..Draft::default()
        };
        Self { draft, upload: None }
    }

    /// Words.
    pub(super) fn text(text: &str) -> Self {
        Self::new("text", text)
    }

    /// The file called `name` in the book: a picture as one, a film as one, anything else as a file.
    pub(super) fn file(book: &Book, name: &str) -> Option<Self> {
        let file = book.files.get(name)?;
        let (sort, content) = match file.mime.split('/').next() {
            Some("image") => ("image", "📷"),
            Some("video") => ("video", "🎥"),
            _ => ("file", "📁"),
        };
        let mut prop = Self::new(sort, content);
        if sort == "video" {
            prop.draft.attachment = Some(json!({ "name": name, "duration": 9000, "thumbImage": null }).to_string());
        }
        let (name, mime) = (Some(name.to_owned()), Some(file.mime.clone()));
        prop.upload = Some(Upload { name, mime, bytes: file.bytes().into() });
        Some(prop)
    }

    /// So many seconds of voice.
    pub(super) fn voice(seconds: u32) -> Self {
        let seconds = seconds.clamp(1, 30);
        let mut prop = Self::new("voice", &format!("🎤 00:{seconds:02}"));
        prop.draft.attachment = Some(json!({ "name": "voice.wav", "duration": seconds * 1000 }).to_string());
        let (name, mime) = (Some("voice.wav".to_owned()), Some("audio/wav".to_owned()));
        prop.upload = Some(Upload { name, mime, bytes: hum(seconds).into() });
        prop
    }

    /// A place.
    pub(super) fn place(lat: &str, long: &str, title: &str) -> Self {
        let mut prop = Self::new("location", "📍");
        let link = format!("https://www.openstreetmap.org/?mlat={lat}&mlon={long}");
        let preview = json!({ "image": null, "title": title, "desc": "", "link": link });
        prop.draft.attachment = Some(json!({ "lat": lat, "long": long, "linkPreviewData": preview }).to_string());
        prop
    }

    /// A message of the host app's own kind.
    pub(super) fn custom() -> Self {
        let mut prop = Self::new("custom", "The kettle is at 80 °C");
        prop.draft.attachment = Some(json!({ "data": { "sensor": "kettle", "celsius": 80 } }).to_string());
        prop
    }

    /// The draft with its file as `stored` describes it, as `local`.
    pub(super) fn finished(self, local: String, stored: Option<Stored>) -> Draft {
        Draft { local, files: stored.into_iter().collect(), ..self.draft }
    }
}

/// A quiet hum as a WAV file: eight bits, one channel.
fn hum(seconds: u32) -> Vec<u8> {
    let len = seconds * RATE;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + len).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend([1, 0, 8, 0]);
    wav.extend(b"data");
    wav.extend(len.to_le_bytes());
    // A triangle of 100 Hz around the middle.
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
    fn a_hum_is_as_long_as_it_says() {
        let wav = hum(2);
        assert_eq!((wav.len(), &wav[..4], &wav[40..44]), (44 + 16_000, &b"RIFF"[..], &16_000_u32.to_le_bytes()[..]));
    }
}
