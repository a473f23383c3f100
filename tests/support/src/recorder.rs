//! [`Recorder`]: a display for the event loop that keeps every frame, so that a test can look at all of them.

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
    /// When the frame was drawn.
    pub at: Instant,
    /// The frame as text, one line per row.
    pub screen: String,
    /// Number of messages that the open room held.
    pub messages: usize,
}

/// Frames recorded so far, readable while the [`Recorder`] itself belongs to the event loop.
#[derive(Clone)]
pub struct Frames {
    frames: Arc<Mutex<Vec<Frame>>>,
    latest: watch::Receiver<String>,
    written: Arc<AtomicUsize>,
}

impl Frames {
    /// Every frame so far.
    pub fn all(&self) -> Vec<Frame> {
        self.frames.lock().unwrap().clone()
    }

    /// Text of the last frame.
    pub fn latest(&self) -> String {
        self.latest.borrow().clone()
    }

    /// Number of bytes that a terminal would have received so far.
    pub fn bytes_written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }

    /// Receives the text of each new frame.
    pub fn subscribe(&self) -> watch::Receiver<String> {
        self.latest.clone()
    }
}

type Hook = Box<dyn FnMut(usize) + Send>;

/// A display that records every frame.
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
    /// A recorder, and the frames that it will record.
    pub fn new() -> (Self, Frames) {
        Self::with(Box::new(|_| {}))
    }

    /// A recorder that calls `after` with the number of each frame, counted from 1.
    pub fn with(after: Hook) -> (Self, Frames) {
        let frames = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::new(AtomicUsize::new(0));
        let (sender, latest) = watch::channel(String::new());
        let recorded = Frames { frames: Arc::clone(&frames), latest, written: Arc::clone(&written) };
        (Self { frames, latest: sender, screen: Screen::new(Counter(written)), after }, recorded)
    }
}

impl Display for Recorder {
    fn draw(&mut self, state: &State) -> io::Result<bool> {
        let changed = self.screen.draw(state)?;
        let messages = state.scene().open_room().map_or(0, |room| room.timeline.len());
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

    fn set_hyperlinks(&mut self, on: bool) {
        self.screen.set_hyperlinks(on);
    }

    fn can_suspend(&self) -> bool {
        true
    }

    fn take_back(&mut self) -> io::Result<()> {
        self.screen.invalidate();
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        self.screen.invalidate();
        Ok(())
    }
}
