//! Builds a MinChat service.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use socketioxide::{ParserConfig, SocketIo};
use tokio::sync::mpsc;

use crate::server::clock::now;
use crate::server::demo::run;
use crate::server::files::FileStore;
use crate::server::options::Options;
use crate::server::service::BuiltService;
use crate::server::sockets::{MAX_QUEUED_PACKETS, with_timeouts};

use super::hub::{DemoFeed, Hub};
use super::model::ApiError;
use super::world::World;
use super::{demo, http, socket, wire};

/// Events queued for the scripted people before they miss some.
const MAX_QUEUED_EVENTS: usize = 1024;
/// Maximum size of a WebSocket message in bytes, and of a file that is sent through a socket. The default of Node's
/// socket.io; what MinChat's server has is unknown (§3). It applies before a client has shown a key.
const MAX_FRAME_BYTES: usize = 1_000_000;

/// Builds the service that `options` describe, reachable at `url`.
pub(crate) fn build(options: &Options, url: &str) -> io::Result<BuiltService> {
    let Options { api_key, seed, .. } = options;
    let to_io = |error: ApiError| io::Error::other(error.message().to_owned());
    let mut world = World::new(now(), *seed, api_key, &options.limits.storage).map_err(to_io)?;
    let mut files = FileStore::default();
    let mut feed = None;
    let mut people = None;
    if options.populated {
        let (events, receiver) = mpsc::channel(MAX_QUEUED_EVENTS);
        let tenant = world.tenant(api_key).map_err(to_io)?;
        people = Some((demo::seed_history(tenant, (&mut files, url), now(), *seed, &options.guests())?, receiver));
        feed = Some(DemoFeed { key: api_key.clone(), events });
    }

    // The defaults of Node's socket.io, which MinChat's server uses (§3).
    let sockets = SocketIo::builder().ping_interval(Duration::from_secs(25)).ping_timeout(Duration::from_secs(20));
    let (layer, io) = with_timeouts(sockets, &options.limits)
        .max_buffer_size(MAX_QUEUED_PACKETS)
        .max_payload(MAX_FRAME_BYTES as u64)
        .ws_max_message_size(MAX_FRAME_BYTES)
        .ws_max_frame_size(MAX_FRAME_BYTES)
        .with_parser(ParserConfig::common().max_incoming_binary_buf_size(MAX_FRAME_BYTES).max_incoming_binaries(4))
        .build_layer();
    let hub = Arc::new(Hub::new(world, files, io.clone(), url.to_owned(), feed));
    socket::listen(&io, &Arc::downgrade(&hub));
    let people = people.map(|(scheduler, events)| {
        let (hub, key) = (Arc::downgrade(&hub), api_key.clone());
        let host = move || Some(demo::MinChatHost { hub: hub.upgrade()?, key: key.clone() });
        tokio::spawn(run(host, scheduler, events))
    });
    let router = http::routes(hub, &options.cors, options.test_routes).layer(layer);
    let error_body = |_, message: &str| wire::error(message).to_string();
    Ok(BuiltService { router, io, tasks: people.into_iter().collect(), error_body })
}
