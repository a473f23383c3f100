//! The commands for scripts, as a script runs them: exit codes, records, and what happens around them.

mod following;
mod program;
mod reading;
mod schema;
mod sending;
