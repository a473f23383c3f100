//! The pictures of an account that are on screen or were recently, and the rules for showing pictures.

use crate::config;
use crate::domain::{Attachment, AttachmentKind, Message, Picture, PictureRequest};
use crate::text::Link;
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

/// The pictures of an account, by their addresses.
#[derive(Debug, Default)]
pub struct Pictures(HashMap<String, Entry>);

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
    pub fn get(&self, url: &str) -> Option<Result<&Picture, &str>> {
        Some(self.0.get(url)?.loaded.as_ref()?.as_ref().map_err(String::as_str))
    }

    /// Returns whether a picture has to be loaded for this space now, and remembers that it is.
    pub(in crate::app) fn begin(&mut self, request: &PictureRequest) -> bool {
        let space = (request.columns, request.rows);
        let known = self.0.get(&request.url);
        let is_done = known.is_some_and(|entry| entry.is_loading || entry.space == space || is_failed(entry));
        if is_done || self.0.values().filter(|entry| entry.is_loading).count() >= MAX_LOADING {
            return false;
        }
        if self.0.len() >= MAX_PICTURES {
            self.0.retain(|url, entry| entry.is_loading || *url == request.url);
        }
        let loaded = self.0.remove(&request.url).and_then(|entry| entry.loaded);
        self.0.insert(request.url.clone(), Entry { space, is_loading: true, loaded });
        true
    }

    /// Adds a picture that was loaded, or the reason why it was not.
    pub(in crate::app) fn finish(&mut self, request: &PictureRequest, loaded: Result<Picture, String>) {
        let space = (request.columns, request.rows);
        self.0.insert(request.url.clone(), Entry { space, is_loading: false, loaded: Some(loaded) });
    }

    /// Forgets failures, so that these pictures are requested again.
    pub(in crate::app) fn forget_failures(&mut self) {
        self.0.retain(|_, entry| !is_failed(entry));
    }
}

fn is_failed(entry: &Entry) -> bool {
    matches!(entry.loaded, Some(Err(_)))
}

/// Which pictures are shown, and how large.
#[derive(Debug, Clone, Copy)]
pub struct PictureRules<'a> {
    /// Space for a picture: columns and rows. `None` if none are shown.
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
        let is_shown = pictures != config::Pictures::Off && height >= MIN_HEIGHT;
        let host = (pictures == config::Pictures::SameHost).then_some(service);
        Self { space: is_shown.then_some(space), host }
    }

    /// Returns the address of the picture of a message, if it is shown.
    pub fn address<'m>(&self, message: &'m Message) -> Option<&'m str> {
        self.space?;
        let file = message.attachment.as_deref().filter(|_| !message.deleted).filter(|file| is_picture(file))?;
        let link = Link::read(&file.url)?;
        let is_permitted = match self.host {
            Some(service) => Link::read(service).is_some_and(|service| link.is_on_host_of(&service)),
            None => true,
        };
        is_permitted.then_some(file.url.as_str())
    }
}

fn is_picture(file: &Attachment) -> bool {
    matches!(file.kind, AttachmentKind::Image | AttachmentKind::Gif)
}
