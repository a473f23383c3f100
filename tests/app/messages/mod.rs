//! Messages on a service with V Chat's capabilities: keys and server events go in, effects and screens come out.

mod authorship;
mod calls;
mod date_jump;
mod deleted_while_away;
mod details;
mod files;
mod first_unread;
mod folding;
mod forwarding;
mod joining;
mod jump_back;
mod links;
mod look_alikes;
mod markup;
mod menu;
mod pictures;
mod quote_replies;
mod receipts;
mod replies;
mod saving;
mod stale_pages;
mod stars;
mod strangers;
mod tabs;
mod timeline;
