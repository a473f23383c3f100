//! Builds a MinChat that is ready to be served.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use socketioxide::{ParserConfig, SocketIo};
use tokio::sync::mpsc;

use crate::server::clock::now;
use crate::server::files::{Files, LARGEST};
use crate::server::running::Options;
use crate::server::sandbox::Stand;
use crate::server::sockets::{NO_ROOM, WAITING_PACKETS, paced};

use super::hub::{Ear, Hub};
use super::model::Refusal;
use super::world::World;
use super::{http, script, socket, wire};

/// What the scripted people may leave unheard before they miss something.
const CUES: usize = 1024;

/// A MinChat as `options` want it, reachable at `url`.
pub(crate) fn stand(options: &Options, url: &str) -> io::Result<Stand> {
    let Options { api_key, seed, guest, .. } = options;
    let told = |refusal: Refusal| io::Error::other(refusal.message().to_owned());
    let mut world = World::new(now(), *seed, api_key, &options.limits.kept).map_err(told)?;
    let mut files = Files::default();
    let mut ear = None;
    let mut cast = None;
    if options.people {
        let (cues, heard) = mpsc::channel(CUES);
        let tenant = world.tenant(api_key).map_err(told)?;
        cast = Some((script::enter(tenant, (&mut files, url), now(), *seed, guest)?, heard));
        ear = Some(Ear { key: api_key.clone(), cues });
    }

    // What Node's library does when it is told nothing, as MinChat's server was (§3).
    let sockets = SocketIo::builder().ping_interval(Duration::from_secs(25)).ping_timeout(Duration::from_secs(20));
    let (layer, io) = paced(sockets, &options.limits)
        .max_buffer_size(WAITING_PACKETS)
        .max_payload(LARGEST as u64)
        .ws_max_message_size(LARGEST + (1 << 20))
        .ws_max_frame_size(LARGEST + (1 << 20))
        .with_parser(ParserConfig::common().max_incoming_binary_buf_size(LARGEST).max_incoming_binaries(4))
        .build_layer();
    let hub = Arc::new(Hub::new(world, files, io.clone(), url.to_owned(), ear));
    socket::listen(&io, &Arc::downgrade(&hub));
    let people =
        cast.map(|(stage, heard)| tokio::spawn(script::play(Arc::downgrade(&hub), api_key.clone(), stage, heard)));
    let no_room = wire::error(NO_ROOM).to_string();
    Ok(Stand { routes: http::routes(hub).layer(layer), io, tasks: people.into_iter().collect(), no_room })
}
