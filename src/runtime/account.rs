//! One profile as the client opens it: its account in the state, its store, and its connection.

use std::sync::Arc;

use crate::app::{OpenedProfile, Profile};
use crate::config::{Backend, Settings};
use crate::domain::{AccountId, Capabilities};
use crate::net::{Connection, FeedReceiver, Target, feed};
use crate::protocol::Protocol;
use crate::protocol::minchat::MinChat;
use crate::protocol::vchat::{Credentials, VChat};
use crate::store::StoreLocation;
use crate::wire::Ring;

use super::account_files::AccountFiles;
use super::session_secrets::SessionSecrets;
use super::stores::location_of;

/// Capacity of the queue of server events. A larger burst is dropped and fetched again as a gap. The loop handles this
/// many messages within a few milliseconds.
const FEED_CAPACITY: usize = 16_384;

/// Returns what the state has to know of a profile that is opened.
pub(super) fn opened_profile(settings: &Settings) -> OpenedProfile {
    let profile = Profile {
        name: settings.profile.clone(),
        // Nobody must write as the wrong person.
        label: if settings.is_other_user {
            format!("{} as {}", settings.profile, settings.user)
        } else {
            String::new()
        },
        user: settings.user.clone(),
        backend: settings.backend,
        url: settings.url.clone(),
        is_sandbox: settings.is_sandbox,
        room: settings.room.clone(),
        sets_name: settings.name.is_some(),
        call_command: settings.call_command.clone(),
        seen: settings.seen,
        hides_typing: !settings.typing,
        notifications: settings.notifications.clone(),
    };
    // Stored messages can be edited before there is a connection; the change is queued.
    let on_disk = location_of(settings).map(|_| capabilities(settings.backend));
    OpenedProfile { profile, on_disk }
}

/// Returns the location of the store of a profile, and the files of its account.
pub(super) fn places(settings: &Settings) -> (Option<StoreLocation>, AccountFiles) {
    let location = location_of(settings);
    let files = AccountFiles::beside(location.as_ref(), settings.ca_file.clone());
    (location, files)
}

/// Starts to connect an account, and returns the connection and its events. What goes over the wire is recorded into
/// `ring`. May access the disk.
///
/// # Errors
/// No thread could be started.
pub(super) fn connect(
    settings: &Settings,
    account: AccountId,
    location: Option<&StoreLocation>,
    seed: u64,
    ring: Option<Arc<Ring>>,
) -> anyhow::Result<(Connection, FeedReceiver)> {
    connect_with(settings, account, location, seed, ring, |protocol| protocol)
}

/// Starts to connect an account with an adapter that wraps the one of the back end; see [`connect`].
///
/// # Errors
/// No thread could be started.
pub(super) fn connect_with(
    settings: &Settings,
    account: AccountId,
    location: Option<&StoreLocation>,
    seed: u64,
    ring: Option<Arc<Ring>>,
    wrap: impl FnOnce(Box<dyn Protocol>) -> Box<dyn Protocol>,
) -> anyhow::Result<(Connection, FeedReceiver)> {
    // Two accounts must not make the same random decisions.
    let seed = seed.wrapping_add(account.0.into());
    let protocol = SessionSecrets::register(account, wrap(protocol(settings, location, seed)));
    let (sender, receiver) = feed(account, FEED_CAPACITY);
    let sender = match ring {
        Some(ring) => sender.recording_into(ring),
        None => sender,
    };
    let target = Target {
        url: settings.url.clone(),
        username: settings.user.clone(),
        name: settings.name.clone(),
        ca_file: settings.ca_file.clone(),
        seed,
    };
    Ok((Connection::open(target, Box::new(protocol), sender)?, receiver))
}

/// Returns the capabilities of a back end, which are known before its adapter exists.
pub(super) fn capabilities(backend: Backend) -> Capabilities {
    match backend {
        Backend::MinChat => MinChat::CAPABILITIES,
        Backend::VChat => VChat::CAPABILITIES,
    }
}

/// Creates the adapter for the back end. Only this function and [`capabilities`] distinguish the back ends.
fn protocol(settings: &Settings, location: Option<&StoreLocation>, seed: u64) -> Box<dyn Protocol> {
    match settings.backend {
        Backend::MinChat => Box::new(MinChat::new(settings.api_key.reveal())),
        Backend::VChat => {
            let credentials = match &settings.token {
                Some(token) => Credentials::Token(token.reveal().to_owned()),
                None => Credentials::HashKey(settings.api_key.reveal().to_owned()),
            };
            Box::new(VChat::new(credentials, device_id(location, seed)))
        }
    }
}

/// Returns the id by which the server knows this device: the same at every start, or a new one if nothing is stored.
fn device_id(location: Option<&StoreLocation>, seed: u64) -> String {
    let bits = fastrand::Rng::with_seed(seed).u128(..);
    let new = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string();
    let Some(location) = location else { return new };
    location.device_id(&new).unwrap_or_else(|error| {
        tracing::warn!(%error, "the id of this device cannot be stored");
        new
    })
}
