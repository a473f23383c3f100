//! Builds a V Chat that is ready to be served.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use socketioxide::{SocketIo, TransportType};
use tokio::sync::mpsc;

use crate::server::clock::now;
use crate::server::files::Files;
use crate::server::running::{Options, Stand};
use crate::server::sockets::WAITING_PACKETS;

use super::hub::{Hub, keep_time};
use super::world::World;
use super::{http, people, socket};

/// The largest frame: events are small, files travel over REST.
const LARGEST_FRAME: usize = 1 << 20;

/// What the scripted people may leave unheard before they miss something.
const CUES: usize = 1024;

/// A V Chat as `options` want it, reachable at `url`.
pub(crate) fn stand(options: &Options, url: &str) -> io::Result<Stand> {
    let Options { api_key, seed, guest, ring, rate, .. } = options;
    let ring = i64::try_from(ring.as_millis()).unwrap_or(i64::MAX);
    let mut world = World::new(*seed, api_key, url, ring);
    let mut files = Files::default();
    let mut ear = None;
    let mut cast = None;
    if options.people {
        let (cues, heard) = mpsc::channel(CUES);
        cast = Some((people::enter(&mut world, (&mut files, url), now(), *seed, guest)?, heard));
        ear = Some(cues);
    }
    // The intervals and the one transport are the sibling's (§3).
    let (interval, timeout) = options.ping.unwrap_or((Duration::from_secs(15), Duration::from_secs(5)));
    let (layer, io) = SocketIo::builder()
        .ping_interval(interval)
        .ping_timeout(timeout)
        .connect_timeout(Duration::from_secs(5))
        .transports([TransportType::Websocket])
        .max_buffer_size(WAITING_PACKETS)
        .max_payload(LARGEST_FRAME as u64)
        .ws_max_message_size(LARGEST_FRAME)
        .ws_max_frame_size(LARGEST_FRAME)
        .build_layer();
    let hub = Arc::new(Hub::new(world, files, io.clone(), url.to_owned(), ear, *rate));
    let weak = Arc::downgrade(&hub);
    socket::listen(&io, &weak);
    let mut tasks = vec![tokio::spawn(keep_time(weak.clone()))];
    tasks.extend(cast.map(|(stage, heard)| tokio::spawn(people::play(weak, stage, heard))));
    Ok(Stand { routes: http::routes(hub).layer(layer), io, tasks })
}
