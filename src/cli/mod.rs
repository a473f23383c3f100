//! The command line: arguments, `--help`, shell completions and the man page.
//!
//! The arguments are clap types ([`Cli`]); their help, defaults and environment variables come from the table of options
//! in `config`, and the keys of the man page from the table of actions in `input`. Environment variables are not read
//! here: `config` does that, since it reports where each value comes from. This layer starts and prints nothing.

mod arguments;
mod help;
mod man;
mod option_scope;
mod parse;
mod report;

pub use arguments::{Cli, Command, ConfigCommand, Options};
pub use help::{command, completions, usage_lines};
pub use man::man;
pub use parse::parse;
pub use report::{in_force, warning};
