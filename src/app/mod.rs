//! The application as a pure state machine, whose state has a single writer.
//!
//! [`update`] takes an event and the time and returns effects; [`layout()`] computes the rows on screen; `view` paints
//! them. Nothing here performs I/O, reads a clock or knows a terminal. The tiers, of which each imports only those
//! after it: `update → handlers → features → model → overlays`; `tests/meta/layers.rs` holds the table.

mod deadline;
mod effect;
mod event;
mod features;
mod handlers;
mod layout;
mod limits;
mod model;
mod overlays;
mod regions;
mod update;
mod window_title;
mod wizard;

pub use deadline::deadline;
pub use effect::{
    BundleContents, ConfigTrigger, ControlCommand, Download, DownloadReply, EditRequest, Effect, ExportReply,
    ExportStep, ExportTarget, FilePurpose, FileRequest, FolderEntry, FolderListing, FolderRequest, LogLevel, NewValue,
    Notification, NotificationFacts, NotificationId, OpenedProfile, Profile, ScreenDump, WireOutcome,
};
pub use event::Event;
pub use features::control::{control_problem, is_credible, newest_entry};
pub use features::directory::rooms_text;
pub use features::help::{HelpLine, help_column, help_lines, help_text};
pub use features::hints::{Hint, hints, key_list};
pub use features::inspector::hide_wire;
pub use features::member_list::{MemberRow, member_rows};
pub use features::nobody_known::nobody_known;
pub use features::notices::notice_lines;
pub use features::outbox::restore::restore as restore_outbox;
pub use features::persistence::flush::final_writes;
pub use features::question_text::question_text;
pub use features::quote_reply::begun_quotation;
pub use features::room_info::{MEMBERS_OF, RoomFacts, fact_lines, member_counts, room_facts};
pub use features::room_labels::room_labels;
pub use features::typed_text::typed_after;
pub use layout::layout;
pub use model::account::{Account, ConnectionState, Join, Resync};
pub use model::accounts::{Accounts, Others};
pub use model::call::{Call, CallStage};
pub use model::completion::{Candidate, CompletedWord, Completion, CompletionRow, CompletionState, WordKind};
pub use model::composer::kill_ring::KillRing;
pub use model::composer::{Composer, MAX_TEXT, Reply};
pub use model::context::{Context, Scene};
pub use model::downloads::{Downloads, RunningDownload};
pub use model::export::{Export, ExportStage};
pub use model::jump::{JumpGoal, JumpOrigin, JumpTarget, Period};
pub use model::label::Label;
pub use model::links::links_of;
pub use model::member_list::{MemberList, MemberListState};
pub use model::mentions::Mentions;
pub use model::message_rows::{body_text, load_error_text, own_text_range};
pub use model::name_colors::NameColors;
pub use model::notices::Notices;
pub use model::notifications::Notifications;
pub use model::options::Options;
pub use model::outbox::entry::OutboxEntry;
pub use model::outbox::queue::Outbox;
pub use model::outbox::stage::{OutboxStage, Uncertain, failure_text};
pub use model::pane::{Anchor, Pane};
pub use model::pane_row::PaneRow;
pub use model::people::People;
pub use model::permissions::command_needs;
pub use model::persistence::PersistenceState;
pub use model::pictures::{PictureRules, Pictures};
pub use model::room_filter::RoomFilter;
pub use model::room_list::{Attention, RoomList};
pub use model::room_list_sync::RoomListSync;
pub use model::room_sections::SectionRow;
pub use model::room_title::room_title;
pub use model::search_reach::SearchReach;
pub use model::send_status::{PendingChange, QueueMarks, SendStatus};
pub use model::sent_lines::{Recall, SentLine, SentLines};
pub use model::start::Start;
pub use model::state::State;
pub use model::terminal::{Damage, Notice, Readout, Terminal};
pub use model::transfer::Transfer;
pub use model::ui::{Divider, Focus, ListPosition, Ui};
pub use overlays::frame::{has_border, inside};
pub use overlays::help::Help;
pub use overlays::info::{Info, InfoSubject};
pub use overlays::inspector::choice::{Found, InspectorField};
pub use overlays::inspector::details::Details;
pub use overlays::inspector::geometry::InspectorParts;
pub use overlays::inspector::records::{Entry, Records, duration};
pub use overlays::inspector::window::Inspector;
pub use overlays::key_test::{KeyTest, shown_bytes};
pub use overlays::list::{List, ListKind, ListRow, ListTarget};
pub use overlays::menu::Menu;
pub use overlays::overlay::Overlay;
pub use overlays::paste::PasteMenu;
pub use overlays::picture::PictureView;
pub use overlays::question::{Answer, Question, Replacement};
pub use overlays::save::SavePrompt;
pub use overlays::search::result::SearchResult;
pub use overlays::search::window::{RESULT_ROWS, Search, SearchRegions};
pub use overlays::settings::{SettingEditor, SettingRow, SettingsPage};
pub use overlays::switcher::{Switcher, SwitcherEntry, SwitcherPurpose, SwitcherResult, Target};
pub use overlays::text_input::TextInput;
pub use regions::{GUTTER, INDENT, PROMPT, Placement, Region, Regions, Size, Tile};
pub use update::update;
pub use wizard::{
    Check, CheckResult, Decision, KeyPlace, Service, SuggestedService, Wizard, WizardEffect, WizardFiles, WizardStep,
    stored,
};
