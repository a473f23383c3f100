//! What the user chose: options, environment, file and defaults, made into one [`Settings`].
//!
//! Everything that is wrong is told before the screen is touched, in sentences with file, line and column. The only
//! doors to the world are reading the files ([`load`]), asking a command for a secret (`secret.rs`) and finding the
//! folders (`paths.rs`). Knows nothing of the terminal, of clap or of the network.

mod account;
mod document;
mod file;
mod knob;
mod load;
mod lookup;
mod paths;
mod problem;
mod secret;
mod settings;
mod theme;
mod validate;

pub use file::{File, Section, Value, Written};
pub use knob::{KNOBS, Kind, Knob, Scope};
pub use load::{Loaded, load};
pub use lookup::{Given, InForce, Purpose, Source, Surroundings};
pub use paths::{DEFAULT_CONFIG, Paths};
pub use problem::{Place, Problem, Problems, suggestion};
pub use secret::{KeySource, Reach, Secret};
pub use settings::{Backend, Settings};
pub use theme::{BUILT_IN_THEMES, Color, Role, Style, Theme};
