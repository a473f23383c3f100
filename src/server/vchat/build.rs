//! Builds a V Chat that is ready to be served.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use socketioxide::{SocketIo, TransportType};
use tokio::sync::mpsc;

use crate::server::clock::{now, rfc3339};
use crate::server::demo::run;
use crate::server::files::FileStore;
use crate::server::options::Options;
use crate::server::service::BuiltService;
use crate::server::sockets::{BUSY_MESSAGE, MAX_QUEUED_PACKETS, with_timeouts};

use super::hub::{Hub, keep_time};
use super::world::World;
use super::{demo, http, socket};

/// The largest frame: events are small, files travel over REST.
const LARGEST_FRAME: usize = 1 << 20;

/// What the scripted people may leave unheard before they miss something.
const CUES: usize = 1024;

/// A V Chat as `options` want it, reachable at `url`.
pub(crate) fn build(options: &Options, url: &str) -> io::Result<BuiltService> {
    let Options { api_key, seed, guest, ring_timeout, rate_limit, .. } = options;
    let ring = i64::try_from(ring_timeout.as_millis()).unwrap_or(i64::MAX);
    let mut world = World::new(*seed, api_key, url, ring).keeping(&options.limits.storage);
    let mut files = FileStore::default();
    let mut ear = None;
    let mut cast = None;
    if options.populated {
        let (cues, heard) = mpsc::channel(CUES);
        cast = Some((demo::seed_history(&mut world, (&mut files, url), now(), *seed, guest)?, heard));
        ear = Some(cues);
    }
    // The intervals and the one transport are the sibling's (§3).
    let sockets = SocketIo::builder()
        .ping_interval(Duration::from_secs(15))
        .ping_timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_secs(5));
    let (layer, io) = with_timeouts(sockets, &options.limits)
        .transports([TransportType::Websocket])
        .max_buffer_size(MAX_QUEUED_PACKETS)
        .max_payload(LARGEST_FRAME as u64)
        .ws_max_message_size(LARGEST_FRAME)
        .ws_max_frame_size(LARGEST_FRAME)
        .build_layer();
    let hub = Arc::new(Hub::new(world, files, io.clone(), url.to_owned(), ear, *rate_limit));
    let weak = Arc::downgrade(&hub);
    socket::listen(&io, &weak);
    let mut tasks = vec![tokio::spawn(keep_time(weak.clone()))];
    tasks.extend(cast.map(|(scheduler, heard)| {
        let host = move || Some(demo::VChatHost(weak.upgrade()?));
        tokio::spawn(run(host, scheduler, heard))
    }));
    let busy_body = json!({ "statusCode": 503, "timestamp": rfc3339(now()), "data": BUSY_MESSAGE }).to_string();
    Ok(BuiltService { router: http::routes(hub).layer(layer), io, tasks, busy_body })
}
