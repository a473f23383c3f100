//! Builds a MinChat that is ready to be served.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use socketioxide::{ParserConfig, SocketIo};
use tokio::sync::mpsc;

use crate::server::clock::now;
use crate::server::demo::run;
use crate::server::files::{FileStore, MAX_FILE_BYTES};
use crate::server::options::Options;
use crate::server::service::BuiltService;
use crate::server::sockets::{BUSY_MESSAGE, MAX_QUEUED_PACKETS, with_timeouts};

use super::hub::{Ear, Hub};
use super::model::Refusal;
use super::world::World;
use super::{demo, http, socket, wire};

/// What the scripted people may leave unheard before they miss something.
const CUES: usize = 1024;

/// A MinChat as `options` want it, reachable at `url`.
pub(crate) fn build(options: &Options, url: &str) -> io::Result<BuiltService> {
    let Options { api_key, seed, guest, .. } = options;
    let told = |refusal: Refusal| io::Error::other(refusal.message().to_owned());
    let mut world = World::new(now(), *seed, api_key, &options.limits.storage).map_err(told)?;
    let mut files = FileStore::default();
    let mut ear = None;
    let mut cast = None;
    if options.populated {
        let (cues, heard) = mpsc::channel(CUES);
        let tenant = world.tenant(api_key).map_err(told)?;
        cast = Some((demo::seed_history(tenant, (&mut files, url), now(), *seed, guest)?, heard));
        ear = Some(Ear { key: api_key.clone(), cues });
    }

    // What Node's library does when it is told nothing, as MinChat's server was (§3).
    let sockets = SocketIo::builder().ping_interval(Duration::from_secs(25)).ping_timeout(Duration::from_secs(20));
    let (layer, io) = with_timeouts(sockets, &options.limits)
        .max_buffer_size(MAX_QUEUED_PACKETS)
        .max_payload(MAX_FILE_BYTES as u64)
        .ws_max_message_size(MAX_FILE_BYTES + (1 << 20))
        .ws_max_frame_size(MAX_FILE_BYTES + (1 << 20))
        .with_parser(ParserConfig::common().max_incoming_binary_buf_size(MAX_FILE_BYTES).max_incoming_binaries(4))
        .build_layer();
    let hub = Arc::new(Hub::new(world, files, io.clone(), url.to_owned(), ear));
    socket::listen(&io, &Arc::downgrade(&hub));
    let people = cast.map(|(scheduler, heard)| {
        let (hub, key) = (Arc::downgrade(&hub), api_key.clone());
        let host = move || Some(demo::MinChatHost { hub: hub.upgrade()?, key: key.clone() });
        tokio::spawn(run(host, scheduler, heard))
    });
    let busy_body = wire::error(BUSY_MESSAGE).to_string();
    Ok(BuiltService { router: http::routes(hub).layer(layer), io, tasks: people.into_iter().collect(), busy_body })
}
