//! The command line: arguments, `--help`, shell completions and the man page.
//!
//! The commands are clap types ([`Cli`]). The flags of options, with their help, are built from the table of options in
//! `config`, and the keys of the man page from the table of actions in `input`. Environment variables are not read
//! here: `config` does that, since it reports where each value comes from. This layer starts and prints nothing.

mod arguments;
mod headless;
mod help;
mod man;
mod option_flags;
mod option_scope;
mod parse;
mod rare_words;
mod report;
mod usage_error;

pub use arguments::{Cli, Command, ConfigCommand, ReplayFormat, ScenarioFormat};
pub use headless::{Common, DocumentFormat, HeadlessCommand, RecordFormat, TimeLimit};
pub use help::{command, completions, usage_lines};
pub use man::man;
pub use option_flags::OptionFlags;
pub use parse::parse;
pub use report::{effective_value, warning};
pub use usage_error::usage_error;
