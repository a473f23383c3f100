//! Configuration: command line, environment, file and defaults, merged into one [`Settings`] value.
//!
//! [`load`] finds the value of every option in [`OPTIONS`], and reports all problems with file, line and column before
//! the chat opens. The module accesses the outside world in five places only: `loader.rs` reads the files,
//! `permissions.rs` examines who else can read or change them, `secret.rs` fetches secrets from commands, files and the
//! keyring, and `paths.rs` finds the folders of the platform. It knows nothing about the terminal, the network or clap.

mod account;
mod bidi;
mod changes;
mod document;
mod edit;
mod file;
mod key_address;
mod loader;
mod locale;
mod marks;
mod new_account;
mod notifications;
mod open_profiles;
mod option_key;
mod options;
mod paths;
mod permissions;
mod problem;
mod profiles;
mod quotable;
mod resolver;
mod secret;
mod settings;
mod theme;
mod theme_choice;
mod validation;

pub use bidi::Bidi;
pub use changes::{Changes, Reloaded};
pub use edit::{command_words, with_option};
pub use file::{File, Located, Section, Value};
pub use loader::{Loaded, check, load, load_profile, reload};
pub use locale::locale_without_utf8;
pub use marks::{MARKS, Mark, MarkSpec};
pub use new_account::{Credential, MINCHAT_URL, NewAccount};
pub use notifications::{DesktopNotifications, NotificationRules, NotifyContent, QuietHours};
pub use open_profiles::remember_open_profiles;
pub use option_key::option_by_key;
pub use options::{Flag, Group, Kind, OPTIONS, OptionSpec, Scope, secret_variables};
pub use paths::{DEFAULT_CONFIG, Paths};
pub use problem::{Location, Problem, Problems};
pub use profiles::profile_flag;
pub use quotable::{HIDDEN, is_plain_word, quotable, quotable_name, quotable_path};
pub use resolver::{CliValues, EffectiveValue, Environment, Running, SettingsPurpose, Source};
pub use secret::{HAS_KEYRING, LOGIN_VARIABLE, Secret, SecretContext, SecretSource, store_in_keyring};
pub use settings::{Backend, Density, Hyperlinks, NO_PROFILE, PictureProtocol, Pictures, SeenReceipts, Settings};
pub use theme::{BUILT_IN_THEMES, Background, Color, ColorDepth, Role, Style, Theme, nearest_of_palette};
