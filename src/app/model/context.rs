//! The part of the state that a feature works on.
//!
//! `update` lends each handler one account, the screen, the settings, the time and the list of effects as a `Context`;
//! code that only reads gets a `Scene`. A feature therefore cannot reach another account, and it needs no id to find
//! its own.

use crate::app::effect::Effect;
use crate::app::model::account::Account;
use crate::app::model::accounts::Others;
use crate::app::model::call::Call;
use crate::app::model::composer::{Composer, Edited};
use crate::app::model::confirmation::confirmation;
use crate::app::model::options::Options;
use crate::app::model::pictures::PictureRules;
use crate::app::model::terminal::{Notice, Terminal};
use crate::app::model::timers::{TerminalTimer, UiTimer};
use crate::app::model::ui::Ui;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::Question;
use crate::config::Density;
use crate::domain::{AccountId, Message, Pause, Request, Room, RoomId, RoomOrder, Slot, Timestamp};
use crate::input::Action;
use crate::store::{Query, Write};
use crate::text::{SafeText, SearchTerms, TextFormat, clip};

/// Milliseconds for which a notice stays on the status line: long enough to read a sentence.
const NOTICE_DURATION: i64 = 6_000;

/// Milliseconds after which a question accepts a yes. Within them, the key belongs to a word that is being typed, or to
/// a second click, and whoever pressed it has not read the question.
const TIME_TO_READ: i64 = 400;

/// Maximum width of a title in a sentence, in cells.
const TITLE_CELLS: usize = 24;

/// One account, the screen and the settings, lent to the code that handles an event.
#[derive(Debug)]
pub struct Context<'a> {
    /// The account the event concerns.
    pub account: &'a mut Account,
    /// The other accounts, to be read only.
    pub others: Others<'a>,
    /// The terminal, and the settings of the whole screen.
    pub terminal: &'a mut Terminal,
    /// The screen; while another account is shown, the one that waits until this account is shown again.
    pub ui: &'a mut Ui,
    /// The screens of the other accounts.
    pub(in crate::app) screens: [&'a [Ui]; 3],
    /// The program's settings.
    pub options: &'a Options,
    /// The time of the event.
    pub now: Timestamp,
    /// The only source of randomness.
    pub rng: &'a mut fastrand::Rng,
    /// The effects of the event so far, in the order in which they are carried out.
    pub effects: &'a mut Vec<Effect>,
}

/// Read-only counterpart of `Context`.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The account.
    pub account: &'a Account,
    /// The other accounts.
    pub others: Others<'a>,
    /// The terminal, and the settings of the whole screen.
    pub terminal: &'a Terminal,
    /// The screen.
    pub ui: &'a Ui,
    /// The screens of the other accounts.
    pub(in crate::app) screens: [&'a [Ui]; 3],
    /// The program's settings.
    pub options: &'a Options,
    /// The time of the last event.
    pub now: Timestamp,
}

impl Context<'_> {
    /// Returns a read-only view of the same account and screen.
    pub fn scene(&self) -> Scene<'_> {
        let Self { account, others, terminal, ui, screens, options, now, .. } = self;
        Scene { account, others: *others, terminal, ui, screens: *screens, options, now: *now }
    }

    /// Returns the room on screen.
    pub fn open_room(&self) -> Option<&Room> {
        self.account.rooms.get(self.ui.open.as_ref()?)
    }

    /// Returns the room on screen for modification.
    pub fn open_room_mut(&mut self) -> Option<&mut Room> {
        self.account.rooms.get_mut(self.ui.open.as_ref()?)
    }

    /// Returns the current time by the server's clock, as far as it is known.
    pub(in crate::app) fn server_time(&self) -> Timestamp {
        self.account.server_time(self.now)
    }

    /// Sends `request` to the account's server, after all earlier effects. Opens a question instead if the request must
    /// be confirmed.
    pub(in crate::app) fn request(&mut self, request: Request) {
        if confirmation(&request).is_some() {
            self.ask(Question::Request(Box::new(request)));
        } else {
            self.request_confirmed(request);
        }
    }

    /// Sends a `request` that the user has confirmed, or that needs no confirmation.
    pub(in crate::app) fn request_confirmed(&mut self, request: Request) {
        self.effects.push(Effect::Request(self.account.id, request));
    }

    /// Writes to the account's store.
    pub(in crate::app) fn persist(&mut self, write: Write) {
        self.effects.push(Effect::Persist(self.account.id, write));
    }

    /// Sends `query` to the account's store.
    pub(in crate::app) fn query(&mut self, query: Query) {
        self.effects.push(Effect::Query(self.account.id, query));
    }

    /// Shows a sentence on the status line, with the name of an account that does not have the keys. Control characters
    /// are removed here once more, because the sentence may quote a file name or a system error.
    pub fn notify(&mut self, text: impl AsRef<str>) {
        let text = self.note(text.as_ref(), false);
        self.show_notice(text);
    }

    /// Shows a sentence again that is in the list of notices.
    pub(in crate::app) fn notify_again(&mut self, text: &str) {
        let text = self.attributed(text);
        self.show_notice(text);
    }

    fn show_notice(&mut self, text: String) {
        self.terminal.notice = Some(Notice { text, from_server: false, pause_of: None, is_refusal: false });
        self.terminal.timers.set(TerminalTimer::NoticeExpires, self.now + NOTICE_DURATION);
    }

    /// Adds a sentence to the list of notices, and returns it without control characters.
    fn note(&mut self, text: &str, from_server: bool) -> String {
        let text = self.attributed(text);
        self.terminal.notices.add(self.now, &text, from_server);
        text
    }

    /// Returns a sentence without control characters, with the name of an account that does not have the keys.
    fn attributed(&self, text: &str) -> String {
        let text = SafeText::line(text);
        if self.ui.has_keys() { text.to_string() } else { format!("{}: {text}", self.account.profile.label()) }
    }

    /// Removes the notice, because the user goes on to something else. An account without the keys does not.
    pub(in crate::app) fn dismiss_notice(&mut self) {
        if self.ui.has_keys() {
            self.terminal.notice = None;
        }
    }

    /// Shows a sentence that says why what the user asked for is not done, and what to do instead. A command stays in the
    /// composer.
    pub fn refuse(&mut self, text: impl AsRef<str>) {
        self.notify(text);
        self.terminal.notice.iter_mut().for_each(|notice| notice.is_refusal = true);
    }

    /// Asks a question, which accepts a yes after [`TIME_TO_READ`]. Lines are typed as a whole, so none of them answers
    /// by accident.
    pub(in crate::app) fn ask(&mut self, question: Question) {
        self.ui.overlay = Some(Overlay::Question(question));
        if !self.options.linear {
            self.ui.timers.set(UiTimer::QuestionReady, self.now + TIME_TO_READ);
        }
    }

    /// Tells the user that no room is open, and how to open one.
    pub(in crate::app) fn notify_no_room(&mut self) {
        let press = self.options.press(Action::Switcher);
        let has_text = !self.ui.composer.is_empty() && !self.ui.composer.is_command();
        let advice = match self.account.rooms.known_len() {
            0 => "Type /dm USER to message someone.".to_owned(),
            _ if self.options.linear => "Type /dm USER or /go ROOM; /rooms lists the rooms.".to_owned(),
            _ if has_text => format!("{press} to choose one."),
            _ => format!("{press} to find one, or type /dm USER."),
        };
        let kept = match (has_text, self.options.linear) {
            (false, _) => "",
            (true, false) => " Your text is kept.",
            (true, true) => " What you have typed is kept for that room.",
        };
        self.refuse(format!("No room is open. {advice}{kept}"));
    }

    /// Tells the user that there is no room with this title, and how to search.
    pub(in crate::app) fn notify_unknown_room(&mut self, title: &str) {
        let press = self.options.press(Action::Switcher);
        let what = if self.options.linear { "list all" } else { "search" };
        let title = clip(&SafeText::line(title), TITLE_CELLS);
        self.refuse(format!("There is no room called {title}. {press} to {what}."));
    }

    /// Shows a sentence before any room is open. Opening a room clears the status line, so the sentence is repeated
    /// then.
    pub fn notify_at_start(&mut self, text: String) {
        self.notify(&text);
        self.account.persistence.notice_to_repeat = Some(text);
    }

    /// Shows a sentence that the server sent without being asked, unless a notice about the user's own action is
    /// visible; then it is only listed. A server that removes the user from a room, for example, also reports an error
    /// about the receipt that was on its way to that room.
    pub(in crate::app) fn notify_from_server(&mut self, text: &str) {
        let text = self.note(text, true);
        if self.terminal.notice.as_ref().is_none_or(|notice| notice.from_server) {
            self.show_notice(text);
            self.terminal.notice.iter_mut().for_each(|notice| notice.from_server = true);
        }
    }

    /// Shows that changes wait because the server asked to slow down, as
    /// [`notify_from_server`](Self::notify_from_server) does. The sentence disappears when the pause ends, or some
    /// seconds later if that is not reported.
    pub(in crate::app) fn notify_pause(&mut self, pause: &Pause) {
        self.notify_from_server(&pause.sentence);
        let account = self.account.id;
        if let Some(notice) = self.terminal.notice.as_mut().filter(|notice| notice.from_server) {
            notice.pause_of = Some(account);
            self.terminal
                .timers
                .set(TerminalTimer::NoticeExpires, self.now + pause.millis.saturating_add(NOTICE_DURATION));
        }
    }
}

impl<'a> Scene<'a> {
    /// Whether Markdown and HTML are shown as formatted text.
    pub(in crate::app) fn shows_markdown(self) -> bool {
        self.terminal.markdown.unwrap_or(self.options.markdown)
    }

    /// Whether the open question accepts a yes.
    pub fn accepts_yes(self) -> bool {
        self.ui.timers.get(UiTimer::QuestionReady).is_none_or(|ready_at| ready_at <= self.now)
    }

    /// Returns the order of the room list.
    pub(in crate::app) fn rooms_order(self) -> RoomOrder {
        self.terminal.arrangement.rooms_order.unwrap_or(self.options.rooms_order)
    }

    /// Returns how much space there is between messages and between rooms.
    pub fn density(self) -> Density {
        self.terminal.density.unwrap_or(self.options.density)
    }

    /// Returns what the markup of texts means on this service, unless the user has turned it off.
    pub fn text_format(self) -> TextFormat {
        let sends_html = self.account.capabilities.as_ref().is_some_and(|capabilities| capabilities.sends_html);
        match (self.shows_markdown(), sends_html) {
            (false, _) => TextFormat::Plain,
            (true, false) => TextFormat::Markdown,
            (true, true) => TextFormat::MarkdownOrHtml,
        }
    }

    /// Returns the words to emphasise in the messages: those of the last search, while the user walks through the
    /// messages of a room that was searched.
    pub fn marked_terms(self) -> Option<&'a SearchTerms> {
        let search = self.ui.searched.as_ref().filter(|_| self.ui.selected().is_some())?;
        let is_searched = search.room.is_none() || search.room == self.ui.open;
        search.terms.as_ref().filter(|_| is_searched)
    }

    /// Returns which pictures are shown, and how large.
    pub fn picture_rules(self) -> PictureRules<'a> {
        let cells = self.ui.regions.body_cells();
        PictureRules::new(self.options.pictures, &self.account.profile.url, cells, self.area().height)
    }

    /// Returns this account and those that are listed beside it, in the order in which they were opened.
    pub fn accounts(self) -> impl Iterator<Item = &'a Account> {
        self.others.before().chain([self.account]).chain(self.others.after())
    }

    /// Returns all accounts, also those with a tile of their own, in the order in which they were opened.
    pub fn all_accounts(self) -> impl Iterator<Item = &'a Account> {
        self.others.all_before().chain([self.account]).chain(self.others.all_after())
    }

    /// Whether the composer of an account has text.
    pub(in crate::app) fn is_written(self, account: AccountId) -> bool {
        let mut screens = self.screens.into_iter().flatten().chain([self.ui]);
        screens.any(|ui| ui.shown == account && !ui.composer.is_empty())
    }

    /// Returns the view of another account. It has no others.
    pub fn of(self, account: &'a Account) -> Self {
        Self { account, others: Others::default(), ..self }
    }

    /// Returns the message to highlight: the selected one. In a tile without the keys it is the one that is selected in the
    /// tile with them.
    pub fn highlighted(self) -> Option<Slot> {
        if self.ui.has_keys() { self.ui.selected() } else { self.ui.pane.linked() }
    }

    /// Returns the name of the profile where it tells this account from others: if there are several.
    pub fn profile_label(self) -> Option<&'a str> {
        (!self.others.is_empty()).then_some(self.account.profile.label())
    }

    /// Returns the view of the account whose call is shown: this one, or else another one with a call.
    pub fn with_call(self) -> Option<Self> {
        let has_call = |account: &&Account| account.call.as_ref().is_some_and(Call::is_shown);
        if has_call(&self.account) {
            return Some(self);
        }
        self.others.iter().find(has_call).map(|account| self.of(account))
    }

    /// Whether a room of this account is the one on screen.
    pub fn is_open(self, room: &RoomId) -> bool {
        self.ui.shown == self.account.id && self.ui.open.as_ref() == Some(room)
    }

    /// Returns the draft of a room. In the room that an account had on screen last, that is what is in its composer.
    pub fn draft(self, room: &RoomId) -> Option<&'a Composer> {
        let is_of_room = |ui: &&Ui| ui.shown == self.account.id && ui.open.as_ref() == Some(room);
        let screens = self.screens.into_iter().flatten().chain([self.ui]).filter(is_of_room);
        let written = screens.map(|ui| &ui.composer).filter(|composer| !composer.is_command());
        self.account.drafts.get(room).into_iter().chain(written).find(|draft| !draft.is_empty())
    }

    /// Returns the room on screen.
    pub fn open_room(self) -> Option<&'a Room> {
        self.account.rooms.get(self.ui.open.as_ref()?)
    }

    /// Returns the message of the open room that is being edited.
    pub fn edited_message(self) -> Option<(Slot, &'a Message)> {
        let room = self.open_room()?;
        let slot = match self.ui.composer.editing.as_ref()? {
            Edited::Sent(message) => room.timeline.find(message)?,
            Edited::Unsent(local) => room.timeline.find_own_send(*local)?,
        };
        Some((slot, room.timeline.get(slot)))
    }

    /// Returns the current time by the server's clock, as far as it is known.
    pub(in crate::app) fn server_time(self) -> Timestamp {
        self.account.server_time(self.now)
    }
}
