//! A stage for the loop: a display that keeps every frame it is given, as a person would have seen it.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use minchat_tui::app::State;
use minchat_tui::runtime::{Display, Screen};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::story::screen_of;

/// A frame, and what the program knew when it drew it.
#[derive(Debug, Clone)]
pub struct Frame {
    /// When it was drawn.
    pub at: Instant,
    /// What it shows, a line a row.
    pub screen: String,
    /// How many messages the open room held.
    pub messages: usize,
}

/// What a test keeps of a display that has gone into the loop.
#[derive(Clone)]
pub struct Audience {
    frames: Arc<Mutex<Vec<Frame>>>,
    latest: watch::Receiver<String>,
    written: Arc<AtomicUsize>,
}

impl Audience {
    /// Every frame so far.
    pub fn frames(&self) -> Vec<Frame> {
        self.frames.lock().unwrap().clone()
    }

    /// The last frame.
    pub fn screen(&self) -> String {
        self.latest.borrow().clone()
    }

    /// The bytes a terminal would have got so far.
    pub fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }

    /// Is told of each frame.
    pub fn latest(&self) -> watch::Receiver<String> {
        self.latest.clone()
    }
}

type Hook = Box<dyn FnMut(usize) + Send>;

/// A display that keeps every frame.
pub struct Recorder {
    frames: Arc<Mutex<Vec<Frame>>>,
    latest: watch::Sender<String>,
    screen: Screen<Counter>,
    after: Hook,
}

struct Counter(Arc<AtomicUsize>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::SeqCst);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Recorder {
    /// A display, and those who watch it.
    pub fn new() -> (Self, Audience) {
        Self::with(Box::new(|_| {}))
    }

    /// A display that does something after each frame, whose number it gets, counted from 1.
    pub fn with(after: Hook) -> (Self, Audience) {
        let frames = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::new(AtomicUsize::new(0));
        let (sender, latest) = watch::channel(String::new());
        let audience = Audience { frames: Arc::clone(&frames), latest, written: Arc::clone(&written) };
        (Self { frames, latest: sender, screen: Screen::new(Counter(written)), after }, audience)
    }
}

impl Display for Recorder {
    fn draw(&mut self, state: &State) -> io::Result<bool> {
        let changed = self.screen.draw(state)?;
        let messages = state.open_room().map_or(0, |room| room.timeline.len());
        let screen = screen_of(state);
        let count = {
            let mut frames = self.frames.lock().unwrap();
            frames.push(Frame { at: Instant::now(), screen: screen.clone(), messages });
            frames.len()
        };
        self.latest.send_replace(screen);
        (self.after)(count);
        Ok(changed)
    }

    fn size(&self) -> minchat_tui::app::Size {
        minchat_tui::app::Size { width: 80, height: 24 }
    }

    fn invalidate(&mut self) {
        self.screen.invalidate();
    }

    fn copy(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        self.screen.invalidate();
        Ok(())
    }
}
