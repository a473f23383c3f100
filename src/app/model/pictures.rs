//! The pictures of an account that are on screen or were recently, and the rules for showing pictures.

use crate::config;
use crate::domain::{Drawing, Message, Picture, PictureRequest};
use crate::text::{Link, SafeText};
use std::collections::HashMap;

/// Height of the screen in rows below which no pictures are shown: messages need the space.
const MIN_HEIGHT: u16 = 18;

/// Maximum height of a picture among the messages, in rows.
const MAX_ROWS: u16 = 14;

/// Maximum width of a picture among the messages, in columns.
const MAX_COLUMNS: u16 = 60;

/// Number of pictures above which the others are forgotten. The files stay on disk.
const MAX_PICTURES: usize = 64;

/// Number of pictures that are loaded at the same time.
const MAX_LOADING: usize = 4;

/// The pictures of an account: by their addresses, among the messages and enlarged.
#[derive(Debug, Default)]
pub struct Pictures {
    shown: HashMap<String, Entry>,
    enlarged: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    /// Width and height of the space for which the picture was requested.
    space: (u16, u16),
    is_loading: bool,
    /// The picture, perhaps for another space; or the reason why it cannot be shown.
    loaded: Option<Result<Picture, String>>,
}

impl Pictures {
    /// Returns a picture, or the reason why it cannot be shown. `None` while it is loading.
    pub fn get(&self, url: &str, is_enlarged: bool) -> Option<Result<&Picture, &str>> {
        let pictures = if is_enlarged { &self.enlarged } else { &self.shown };
        Some(pictures.get(url)?.loaded.as_ref()?.as_ref().map_err(String::as_str))
    }

    /// Returns the drawing with this number.
    pub fn drawing(&self, id: u32) -> Option<&Drawing> {
        let loaded = self.shown.values().chain(self.enlarged.values()).filter_map(|entry| entry.loaded.as_ref());
        loaded.filter_map(|loaded| loaded.as_ref().ok()?.drawing()).find(|drawing| drawing.id == id)
    }

    fn of(&mut self, request: &PictureRequest) -> &mut HashMap<String, Entry> {
        if request.is_enlarged { &mut self.enlarged } else { &mut self.shown }
    }

    /// Returns whether a picture has to be loaded for this space now, and remembers that it is.
    pub(in crate::app) fn begin(&mut self, request: &PictureRequest) -> bool {
        let space = (request.columns, request.rows);
        let pictures = self.of(request);
        let known = pictures.get(&request.url);
        let is_done = known.is_some_and(|entry| entry.is_loading || entry.space == space || is_failed(entry));
        if is_done || pictures.values().filter(|entry| entry.is_loading).count() >= MAX_LOADING {
            return false;
        }
        if pictures.len() >= MAX_PICTURES {
            pictures.retain(|url, entry| entry.is_loading || *url == request.url);
        }
        let loaded = pictures.remove(&request.url).and_then(|entry| entry.loaded);
        pictures.insert(request.url.clone(), Entry { space, is_loading: true, loaded });
        true
    }

    /// Adds a picture that was loaded, or the reason why it was not. A picture that was forgotten meanwhile is left out.
    pub(in crate::app) fn finish(&mut self, request: &PictureRequest, loaded: Result<Picture, String>) {
        if !self.of(request).get(&request.url).is_some_and(|entry| entry.is_loading) {
            return;
        }
        let space = (request.columns, request.rows);
        let entry = Entry { space, is_loading: false, loaded: Some(loaded) };
        self.of(request).insert(request.url.clone(), entry);
    }

    /// Forgets the picture at this address, because its message was deleted.
    pub(in crate::app) fn forget(&mut self, url: &str) {
        self.shown.remove(url);
        self.enlarged.remove(url);
    }

    /// Forgets failures, so that these pictures are requested again.
    pub(in crate::app) fn forget_failures(&mut self) {
        self.shown.retain(|_, entry| !is_failed(entry));
        self.enlarged.retain(|_, entry| !is_failed(entry));
    }

    /// Forgets the enlarged pictures, which are large, except the one at this address.
    pub(in crate::app) fn keep_enlarged(&mut self, url: Option<&str>) {
        self.enlarged.retain(|known, _| Some(known.as_str()) == url);
    }
}

fn is_failed(entry: &Entry) -> bool {
    matches!(entry.loaded, Some(Err(_)))
}

/// Reason why a message has no picture that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum NoPicture {
    /// The message has none.
    None,
    /// No pictures are shown at all.
    Off,
    /// It is a local file that has not been sent yet.
    NotSent,
    /// Its address is no web address.
    NoAddress,
    /// Its address has a user name or a password.
    Credentials,
    /// It is on this host, and only those on the host of the service are shown.
    OtherHost(SafeText),
    /// It is on the host of the service, which is encrypted, but the picture is not.
    Unencrypted,
}

/// Which pictures are shown, and how large.
#[derive(Debug, Clone, Copy)]
pub struct PictureRules<'a> {
    /// Whether pictures are shown at all.
    pub is_on: bool,
    /// Space for a picture among the messages: columns and rows. `None` if none are shown there.
    pub space: Option<(u16, u16)>,
    /// Address of the service, if only the pictures on its host are shown.
    pub host: Option<&'a str>,
}

impl<'a> PictureRules<'a> {
    /// Returns the rules for messages of `cells` columns on a screen of `height` rows. The size depends on nothing that
    /// changes while one reads, so that messages never move because of a picture.
    pub(in crate::app) fn new(pictures: config::Pictures, service: &'a str, cells: usize, height: u16) -> Self {
        let columns = u16::try_from(cells).unwrap_or(MAX_COLUMNS).min(MAX_COLUMNS);
        let space = (columns, (height / 3).min(MAX_ROWS));
        let is_on = pictures != config::Pictures::Off;
        let host = (pictures == config::Pictures::SameHost).then_some(service);
        Self { is_on, space: (is_on && height >= MIN_HEIGHT).then_some(space), host }
    }

    /// Returns the address of the picture of a message, if it is shown among the messages.
    pub fn address<'m>(&self, message: &'m Message) -> Option<&'m str> {
        self.space?;
        self.permitted(message)
    }

    /// Returns the address of the picture of a message, if it may be fetched.
    pub(in crate::app) fn permitted<'m>(&self, message: &'m Message) -> Option<&'m str> {
        self.check(message).ok()
    }

    /// Returns the address of the picture of a message, or the reason why it is not fetched.
    pub(in crate::app) fn check<'m>(&self, message: &'m Message) -> Result<&'m str, NoPicture> {
        let file = message.attachment.as_deref().filter(|_| !message.deleted).filter(|file| file.is_picture());
        let url = file.map(|file| file.url.as_str()).ok_or(NoPicture::None)?;
        if !self.is_on {
            return Err(NoPicture::Off);
        }
        let is_sent = message.id.is_some();
        let link = Link::read(url).ok_or(if is_sent { NoPicture::NoAddress } else { NoPicture::NotSent })?;
        if link.has_credentials {
            return Err(NoPicture::Credentials);
        }
        match self.host.map(Link::read) {
            Some(service) if !service.as_ref().is_some_and(|service| link.is_on_host_of(service)) => {
                let is_same = service.is_some_and(|service| link.has_host_of(&service));
                Err(if is_same { NoPicture::Unencrypted } else { NoPicture::OtherHost(link.display_host()) })
            }
            _ => Ok(url),
        }
    }
}
