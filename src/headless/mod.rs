//! The commands for scripts, without their input and output: what the command line asks for ([`Job`]), the records
//! that are printed ([`Record`]), and the rooms and people that names stand for ([`Directory`]).
//!
//! Every record is one line of JSON with a version, described by the files in `assets/schema/`, or one or several lines
//! of text for a terminal. Pure: `runtime/headless/` connects it with a server and with standard output.

mod answer;
mod check;
mod copy_search;
mod directory;
mod event;
mod job;
mod line;
mod pattern;
mod record;
mod report;
mod scenario;
mod since;

pub use answer::is_answer;
pub use check::{Check, CheckStage, Observed};
pub use copy_search::{CopySearch, CopySearchResult};
pub use directory::Directory;
pub use event::describe_event;
pub use job::{Format, Job, Outgoing, Task};
pub use line::write_text;
pub use record::{MessageRecord, PersonRecord, Record, RoomRecord, VERSION, to_json, write_record};
pub use report::{Failed, Outcome, ReportFormat, ScenarioResult, StepResult, write_report};
pub use scenario::{Action, PersonSpec, Scenario, Step, has_fields};
pub use since::Since;
