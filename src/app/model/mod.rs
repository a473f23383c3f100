//! The data of the program and its accessors.
//!
//! Features, handlers and `update` import this tier and decide what happens next; it imports only the overlays.
//! Functions in here make no such decisions.

pub(in crate::app) mod access;
pub(in crate::app) mod account;
pub(in crate::app) mod accounts;
pub(in crate::app) mod call;
pub(in crate::app) mod completion;
pub(in crate::app) mod composer;
pub(in crate::app) mod confirmation;
pub(in crate::app) mod context;
pub(in crate::app) mod credibility;
pub(in crate::app) mod delivery;
pub(in crate::app) mod downloads;
pub(in crate::app) mod export;
pub(in crate::app) mod history_page;
pub(in crate::app) mod jump;
pub(in crate::app) mod key_names;
pub(in crate::app) mod label;
pub(in crate::app) mod links;
pub(in crate::app) mod look_alikes;
pub(in crate::app) mod member_list;
pub(in crate::app) mod mentions;
pub(in crate::app) mod message_actions;
pub(in crate::app) mod message_rows;
pub(in crate::app) mod name_colors;
pub(in crate::app) mod notices;
pub(in crate::app) mod notifications;
pub(in crate::app) mod options;
pub(in crate::app) mod outbox;
pub(in crate::app) mod page_requests;
pub(in crate::app) mod pane;
pub(in crate::app) mod people;
pub(in crate::app) mod permissions;
pub(in crate::app) mod persistence;
pub(in crate::app) mod pictures;
pub(in crate::app) mod recent_emoji;
pub(in crate::app) mod room_arrangement;
pub(in crate::app) mod room_filter;
pub(in crate::app) mod room_list;
pub(in crate::app) mod room_list_sync;
pub(in crate::app) mod room_sections;
pub(in crate::app) mod room_title;
pub(in crate::app) mod search_reach;
pub(in crate::app) mod send_status;
pub(in crate::app) mod sent_lines;
pub(in crate::app) mod sent_receipts;
pub(in crate::app) mod start;
pub(in crate::app) mod state;
pub(in crate::app) mod terminal;
pub(in crate::app) mod tiles;
pub(in crate::app) mod timers;
pub(in crate::app) mod transfer;
pub(in crate::app) mod ui;
pub(in crate::app) mod unread_above;
pub(in crate::app) mod visits;
