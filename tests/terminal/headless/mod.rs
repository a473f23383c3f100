//! The commands for scripts, as a script runs them: exit codes, records, and what happens around them.

mod doctor;
mod doctor_tls;
mod following;
mod program;
mod raw;
mod reading;
mod scenarios;
mod schema;
mod sending;
mod tls_server;
