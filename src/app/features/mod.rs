//! Features: one module or folder per capability of the program.
//!
//! A feature changes the state and pushes the effects that follow; most functions take a [`Context`], which is one
//! account with the screen and the list of effects. Handlers decide which feature an event concerns. A feature imports
//! the model, the overlays and other features, but no handler, and the features do not import each other in a circle.
//!
//! [`Context`]: crate::app::model::context::Context

pub(in crate::app) mod arrangement;
pub(in crate::app) mod bundle;
pub(in crate::app) mod calls;
pub(in crate::app) mod clipboard;
pub(in crate::app) mod completion;
pub(in crate::app) mod control;
pub(in crate::app) mod date_jump;
pub(in crate::app) mod deleted_rooms;
pub(in crate::app) mod details;
pub(in crate::app) mod directory;
pub(in crate::app) mod downloads;
pub(in crate::app) mod drafts;
pub(in crate::app) mod dropped_paths;
pub(in crate::app) mod edited_text;
pub(in crate::app) mod edits;
pub(in crate::app) mod eviction;
pub(in crate::app) mod export;
pub(in crate::app) mod external_editor;
pub(in crate::app) mod files;
pub(in crate::app) mod forwarding;
pub(in crate::app) mod help;
pub(in crate::app) mod hints;
pub(in crate::app) mod history;
pub(in crate::app) mod inspector;
pub(in crate::app) mod jump;
pub(in crate::app) mod key_test;
pub(in crate::app) mod latency;
pub(in crate::app) mod links;
pub(in crate::app) mod list_targets;
pub(in crate::app) mod lists;
pub(in crate::app) mod marked;
pub(in crate::app) mod member_list;
pub(in crate::app) mod membership;
pub(in crate::app) mod message_menu;
pub(in crate::app) mod missing_rooms;
pub(in crate::app) mod nobody_known;
pub(in crate::app) mod notes;
pub(in crate::app) mod notices;
pub(in crate::app) mod notifications;
pub(in crate::app) mod outbox;
pub(in crate::app) mod overlay_hints;
pub(in crate::app) mod pastes;
pub(in crate::app) mod people;
pub(in crate::app) mod persistence;
pub(in crate::app) mod pictures;
pub(in crate::app) mod presence;
pub(in crate::app) mod profiles;
pub(in crate::app) mod question_text;
pub(in crate::app) mod quit;
pub(in crate::app) mod quote_reply;
pub(in crate::app) mod quotes;
pub(in crate::app) mod recall;
pub(in crate::app) mod receipts;
pub(in crate::app) mod recent_emoji;
pub(in crate::app) mod refused_command;
pub(in crate::app) mod reload;
pub(in crate::app) mod replies;
pub(in crate::app) mod room_info;
pub(in crate::app) mod room_labels;
pub(in crate::app) mod rooms;
pub(in crate::app) mod screen_dump;
pub(in crate::app) mod search;
pub(in crate::app) mod search_navigation;
pub(in crate::app) mod search_query;
pub(in crate::app) mod seen_by;
pub(in crate::app) mod selection;
pub(in crate::app) mod sending;
pub(in crate::app) mod settings;
pub(in crate::app) mod shared_files;
pub(in crate::app) mod stars;
pub(in crate::app) mod switcher_entries;
pub(in crate::app) mod typed_text;
pub(in crate::app) mod typing;
pub(in crate::app) mod unread;
pub(in crate::app) mod user_names;
