//! A generation: one socket on a thread and a runtime of its own.
//!
//! No part of a generation is ever reused. Shutting down its runtime is the only reliable way to end the tasks of
//! `rust_socketio`, whatever state the library is in. A panic in the library ends the generation too, see
//! [`note_panic`].

use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use super::error::NetError;
use super::heartbeat::{Heartbeat, Listener};
use super::socket::{self, Callbacks, Command, Emit, Endpoint, FrameSink, StreamEvent};

/// Name prefix of generation threads, by which the panic hook recognises them.
const THREAD_PREFIX: &str = "socket-";

/// Capacity of the queue of commands. There is one emit per joined room and a few while typing. Only receipts can be many;
/// a full queue that refuses anything else means a dead socket.
const COMMAND_QUEUE: usize = 1024;

/// A [`SocketEvent`] and the generation that it belongs to.
#[derive(Debug)]
pub(super) struct GenerationEvent {
    /// Number of the generation. Events of an old generation are ignored.
    pub(super) generation: u64,
    /// The event.
    pub(super) event: SocketEvent,
}

/// A change of a socket's state.
#[derive(Debug)]
pub(super) enum SocketEvent {
    /// The server has accepted the connection, and emits may go out.
    Connected,
    /// The generation has ended. Always the last event.
    Ended(NetError),
}

/// A running generation. Dropping it ends it.
pub(super) struct Generation {
    /// Its number.
    pub(super) number: u64,
    /// Records when the server last sent a frame.
    pub(super) heartbeat: Arc<Heartbeat>,
    commands: mpsc::Sender<Command>,
    /// Whether frames are still delivered.
    live: Arc<AtomicBool>,
}

impl Generation {
    /// Opens a socket on a new thread. Frames go to `sink`; `events` receives the changes, the last of which is
    /// `Ended`.
    pub(super) fn start(
        account: u16,
        number: u64,
        endpoint: Endpoint,
        sink: Arc<dyn FrameSink>,
        events: mpsc::UnboundedSender<GenerationEvent>,
    ) -> io::Result<Self> {
        let (commands, command_receiver) = mpsc::channel(COMMAND_QUEUE);
        let live = Arc::new(AtomicBool::new(true));
        let heartbeat = Arc::new(Heartbeat::new(endpoint.timing.max_silence));
        let name = format!("{THREAD_PREFIX}{account}-{number}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_name(&name).build()?;
        let (live_flag, thread_heartbeat) = (Arc::clone(&live), Arc::clone(&heartbeat));
        std::thread::Builder::new().name(name).spawn(move || {
            let _span = tracing::error_span!("account", id = account).entered();
            let (stream_sender, stream_events) = mpsc::unbounded_channel();
            PANIC_REPORT.set(Some(stream_sender.clone()));
            let (refused, tap) = (stream_sender.clone(), sink.tap());
            let callbacks = Callbacks::new(Arc::clone(&sink), Arc::clone(&live_flag), stream_sender);
            thread_heartbeat.record_this_thread(Listener {
                tap: tap.clone(),
                delivery: callbacks.delivery(),
                on_refused: Box::new(move |refusal| drop(refused.send(StreamEvent::MessageRefused(refusal)))),
                on_lost: Box::new(move || sink.lose()),
            });
            let report = |event| {
                // The receiver is gone when the whole connection is being closed.
                let _ = events.send(GenerationEvent { generation: number, event });
            };
            let on_connected = || report(SocketEvent::Connected);
            let socket = socket::run(&endpoint, callbacks, stream_events, command_receiver, &on_connected);
            // While connecting, the library reads on this task. If it panics there, the generation ends like any other.
            let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(socket)));
            let error = ended.unwrap_or_else(|_| NetError::transient(socket::UNREADABLE));
            tap.not_understood(&error.reason);
            live_flag.store(false, Ordering::Release);
            PANIC_REPORT.set(None);
            runtime.shutdown_background();
            report(SocketEvent::Ended(error));
        })?;
        Ok(Self { number, heartbeat, commands, live })
    }

    /// Queues an event for the server. Returns `false` if the generation has ended or the queue is full, because the
    /// socket has sent nothing for a long time.
    pub(super) fn emit(&self, emit: Emit) -> bool {
        self.commands.try_send(Command::Emit(emit)).is_ok()
    }

    /// Disconnects after the queued events have been sent. `Ended` follows.
    pub(super) fn disconnect(&self) {
        let _ = self.commands.try_send(Command::Disconnect);
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        self.live.store(false, Ordering::Release);
    }
}

thread_local! {
    /// Sender for reporting a panic on this thread. The panic hook runs on the thread that panics, so a panic ends only
    /// the generation of that thread.
    static PANIC_REPORT: RefCell<Option<mpsc::UnboundedSender<StreamEvent>>> = const { RefCell::new(None) };
}

/// Reports a panic to the generation on whose thread it occurred, which then ends. For the panic hook.
///
/// Returns whether the thread belongs to a generation. In that case only the connection is lost and will be replaced,
/// so the hook should leave the screen alone.
pub fn note_panic(thread_name: &str) -> bool {
    if !thread_name.starts_with(THREAD_PREFIX) {
        return false;
    }
    PANIC_REPORT.with_borrow(|report| {
        if let Some(report) = report {
            let _ = report.send(StreamEvent::Panicked);
        }
    });
    true
}
