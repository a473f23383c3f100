//! The parts that an event loop is connected to.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::State;
use crate::config::{PictureProtocol, Settings};
use crate::domain::AccountId;
use crate::runtime::account_files::AccountFiles;
use crate::runtime::configuration::Configuration;
use crate::runtime::control::Control;
use crate::runtime::recorder::Recorder;
use crate::runtime::sandbox_faults::SandboxFaults;
use crate::runtime::stores::Stores;
use crate::text::Pseudonyms;
use crate::wire::Ring;

/// The parts of an event loop, besides its display and its server. They are handed over together, so that their order
/// cannot matter and none is forgotten.
pub struct Parts {
    /// The stores of the accounts.
    pub stores: Stores,
    /// The ring in which connections and downloads record what goes over the wire.
    pub wire: Option<Arc<Ring>>,
    /// The files and folders of the accounts.
    pub files: Vec<(AccountId, AccountFiles)>,
    /// The setting for pictures.
    pub picture_protocol: PictureProtocol,
    /// Environment variables that programs started by the loop do not inherit.
    pub secret_variables: Vec<String>,
    /// The configuration, which can be loaded again. Its files are watched as long as the loop runs.
    pub configuration: Option<Configuration>,
    /// The profiles of the demo, which can be opened again. Others come from the configuration.
    pub demo_profiles: Vec<Settings>,
    /// The faults that `/fault` changes.
    pub sandbox_faults: SandboxFaults,
    /// Folder in which the names of the open profiles are kept; `None` if they are not.
    pub data_dir: Option<PathBuf>,
    /// Whether the open profiles are written down from the start. Otherwise, this begins when one is opened or closed.
    pub remembers_profiles: bool,
    /// Replaces names in recordings and saved screens.
    pub pseudonyms: Pseudonyms,
    /// Records everything that happens.
    pub(in crate::runtime) recorder: Option<Recorder>,
    /// Lets other programs drive and observe this one.
    pub(in crate::runtime) control: Option<Control>,
}

impl Parts {
    /// Returns the parts of a loop that uses nothing but its display and its server, for the accounts of `state`.
    pub fn unconnected(state: &State) -> Self {
        let mut stores = Stores::default();
        state.accounts.ids().into_iter().for_each(|account| stores.open(account, None, Arc::default()));
        Self {
            stores,
            wire: None,
            files: Vec::new(),
            picture_protocol: PictureProtocol::Blocks,
            secret_variables: Vec::new(),
            configuration: None,
            demo_profiles: Vec::new(),
            sandbox_faults: SandboxFaults::default(),
            data_dir: None,
            remembers_profiles: false,
            pseudonyms: Pseudonyms::new(0),
            recorder: None,
            control: None,
        }
    }
}
