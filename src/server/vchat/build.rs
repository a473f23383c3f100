//! Builds a V Chat service.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use socketioxide::{ParserConfig, SocketIo, TransportType};
use tokio::sync::mpsc;

use crate::server::clock::{now, rfc3339};
use crate::server::demo::run;
use crate::server::files::FileStore;
use crate::server::options::Options;
use crate::server::service::BuiltService;
use crate::server::sockets::{MAX_QUEUED_PACKETS, with_timeouts};

use super::hash_key::HashKey;
use super::hub::{Hub, run_timer};
use super::rate_limit::RateLimiter;
use super::world::World;
use super::{demo, http, socket};

/// Bytes of a WebSocket message. Files are uploaded over REST, so events are small.
const MAX_FRAME_BYTES: usize = 1 << 20;
/// Events queued for the scripted people before they miss some.
const MAX_QUEUED_EVENTS: usize = 1024;

/// Builds the service that `options` describe, reachable at `url`.
pub(crate) fn build(options: &Options, url: &str) -> io::Result<BuiltService> {
    let Options { api_key, seed, ring_timeout, rate_limit, .. } = options;
    let ring_timeout = i64::try_from(ring_timeout.as_millis()).unwrap_or(i64::MAX);
    let mut world = World::new(*seed, api_key, url, ring_timeout).with_limits(&options.limits.storage);
    let mut files = FileStore::default();
    let mut sender = None;
    let mut people = None;
    if options.populated {
        let (events, receiver) = mpsc::channel(MAX_QUEUED_EVENTS);
        people = Some((demo::seed_history(&mut world, (&mut files, url), now(), *seed, &options.guests())?, receiver));
        sender = Some(events);
    }
    // The intervals and the transport of the sibling (§3).
    let sockets = SocketIo::builder()
        .ping_interval(Duration::from_secs(15))
        .ping_timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_secs(5));
    let (layer, io) = with_timeouts(sockets, &options.limits)
        .transports([TransportType::Websocket])
        .max_buffer_size(MAX_QUEUED_PACKETS)
        .max_payload(MAX_FRAME_BYTES as u64)
        .ws_max_message_size(MAX_FRAME_BYTES)
        .ws_max_frame_size(MAX_FRAME_BYTES)
        // No event has attachments. A client could otherwise have 10 MB of them stored before it has shown a token.
        .with_parser(ParserConfig::common().max_incoming_binary_buf_size(0).max_incoming_binaries(0))
        .build_layer();
    let rate_limiter = RateLimiter::new(*rate_limit);
    let hub = Hub::new(world, files, io.clone(), url.to_owned(), sender, rate_limiter);
    let hub = Arc::new(if options.test_routes { hub.with_test_routes(HashKey::new(api_key)) } else { hub });
    let weak = Arc::downgrade(&hub);
    socket::listen(&io, &weak);
    let mut tasks = vec![tokio::spawn(run_timer(weak.clone()))];
    tasks.extend(people.map(|(scheduler, events)| {
        let host = move || Some(demo::VChatHost(weak.upgrade()?));
        tokio::spawn(run(host, scheduler, events))
    }));
    let router = http::routes(hub, &options.cors).layer(layer);
    let error_body = |status: u16, message: &str| {
        json!({ "statusCode": status, "timestamp": rfc3339(now()), "data": message }).to_string()
    };
    Ok(BuiltService { router, io, tasks, error_body })
}
