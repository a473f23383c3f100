//! Copies of what happens and of what is on the screen: the recording, saved screens, and what goes over the wire.

use ratatui::buffer::Buffer;

use crate::app::{Effect, Event, ScreenDump, hide_wire, layout, update};
use crate::dump::hide_names;
use crate::runtime::about::about;
use crate::runtime::bundle::BundleSources;
use crate::runtime::clock::Clock;
use crate::runtime::picture_cells;
use crate::runtime::recorder::Recorder;
use crate::runtime::replay::painted;

use super::{Display, EventLoop, Server};

/// Whether an event is part of recordings, see [`Event::Wire`].
fn is_recorded(event: &Event) -> bool {
    !matches!(event, Event::Wire(_))
}

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Applies an event to the state. No other code does.
    pub(super) fn apply(&mut self, event: Event) -> Vec<Effect> {
        let now = self.clock.now();
        if let Some(control) = &mut self.control {
            control.publish(&self.state, &event);
        }
        let recorded = self.recorder.as_ref().filter(|_| is_recorded(&event));
        let recorded = recorded.map(|recorder| recorder.record(&self.state, now, &event));
        let mut effects = update(&mut self.state, now, event);
        if let Some(Err(sentence)) = recorded {
            // The thread writes the rest of its queue.
            self.recorder = None;
            effects.extend(update(&mut self.state, now, Event::Notice(sentence)));
        }
        effects
    }

    /// Saves the screen on another thread.
    pub(super) fn save_screen(&mut self, dump: ScreenDump) {
        let mut screen = self.screen();
        hide_names(&mut screen, dump.names.iter().map(String::as_str), &self.pseudonyms);
        self.background.save_screen(screen, dump, self.clock.now());
    }

    /// Collects a bundle for a bug report on another thread.
    pub(super) fn prepare_bundle(&mut self, dump: ScreenDump) {
        let mut screen = self.screen();
        hide_names(&mut screen, dump.names.iter().map(String::as_str), &self.pseudonyms);
        let line = dump.command_line("bundle");
        let sources = BundleSources {
            path: dump.path,
            names: dump.names,
            pseudonyms: self.pseudonyms.clone(),
            screen,
            about: about(&self.state),
            configuration: String::new(),
            log: None,
            recording: self.recorder.as_ref().map(Recorder::file),
        };
        self.background.prepare_bundle(sources, line);
    }

    /// Returns the last frame. Where nothing is drawn, that is what would be.
    pub(super) fn screen(&self) -> Buffer {
        if let Some(shown) = self.display.shown() {
            let mut shown = shown.clone();
            picture_cells::clear(&mut shown);
            return shown;
        }
        painted(&self.state).0
    }

    /// Ends the recording with the last screen.
    pub(super) fn finish_recording(&mut self) {
        let Some(recorder) = self.recorder.take() else { return };
        if hide_wire(&mut self.state) {
            layout(&mut self.state);
            recorder.finish(Some(&painted(&self.state).0));
        } else {
            recorder.finish(self.display.shown());
        }
    }
}
