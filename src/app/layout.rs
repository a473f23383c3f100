//! Layout of the screen: the regions of its parts, and the rows of messages that are visible.
//!
//! This module computes positions only; it draws nothing.

use crate::app::features::{help, member_list, notices, question_text, room_info};
use crate::app::model::account::Account;
use crate::app::model::context::Scene;
use crate::app::model::message_rows::{PaneInputs, Spacing};
use crate::app::model::pane::Pane;
use crate::app::model::pane_row::PaneRow;
use crate::app::model::pictures::PictureRules;
use crate::app::model::search_reach::SearchReach;
use crate::app::model::state::State;
use crate::app::model::terminal::Damage;
use crate::app::model::tiles::Bottom;
use crate::app::model::ui::Focus;
use crate::app::overlays::help::Help;
use crate::app::overlays::info::{Info, InfoSubject};
use crate::app::overlays::inspector::window::Inspector;
use crate::app::overlays::key_test::KeyTest;
use crate::app::overlays::list::List;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::picture::PictureView;
use crate::app::overlays::question::Question;
use crate::app::overlays::save::SavePrompt;
use crate::app::overlays::search::window::Search;
use crate::app::overlays::switcher::Switcher;
use crate::app::overlays::{frame, rows};
use crate::app::regions::{
    GUTTER, INDENT, MIN_CHAT_WIDTH, MIN_LIST_WIDTH, MIN_WIDTH_TWO_PANES, PROMPT, ROOM_HEIGHT, Region, Regions,
};
use crate::config::{Density, Theme};
use crate::domain::{PersonId, Room};
use crate::text::wrap;

/// Width of the member list in columns, unless the user has changed it.
const MEMBERS_WIDTH: u16 = 24;

/// Maximum width of the messages with their times, in columns. Longer lines are hard to read.
const MAX_MESSAGES_WIDTH: u16 = INDENT + 100 + GUTTER;

/// Screen height, in rows, below which the lines between the regions are omitted.
const MIN_HEIGHT_RULES: u16 = 18;

/// Screen height, in rows, below which no blank row separates the messages of different authors.
const MIN_HEIGHT_SPACIOUS: u16 = 20;

/// Number of rows above the status line below which a call gets no row of its own.
const MIN_HEIGHT_CALL: u16 = 3;

/// Computes the regions of the screen and the visible rows of messages. Idempotent.
pub fn layout(state: &mut State) {
    state.arrange_tiles();
    state.link_tiles();
    layout_account(state);
    for index in 0..state.parked().len() {
        if state.parked()[index].tile().is_some() {
            state.with_tile(index, layout_account);
        }
    }
}

/// Computes the regions and the messages of the account on screen.
fn layout_account(state: &mut State) {
    state.arrange_rooms();
    if state.ui.scrolled_from.is_some() && state.scene().revealed_position() != state.ui.scrolled_from {
        state.ui.scrolled_from = None;
    }
    state.ui.composer.wrap(state.ui.regions.composer_cells());
    update_list_facts(state);
    let scene = state.scene();
    let mut regions = split_screen(scene);
    let cells = regions.composer_cells();
    scroll_composer(scene, &mut regions);
    regions.first_room = first_room(scene, &regions);
    let members = if regions.members.width > 0 { member_list::member_count(scene) } else { 0 };
    let last_member = members.saturating_sub(regions.member_rows().height.into());
    regions.first_member = scene.ui.regions.first_member.min(last_member);
    regions.overlay = overlay_region(scene, &regions).unwrap_or_default();
    regions.completion = completion_region(scene, &regions).unwrap_or_default();
    if regions != state.ui.regions {
        state.terminal.damage = Damage::Everything;
    }
    state.ui.regions = regions;
    // The width may have changed; view reads these rows.
    state.ui.composer.wrap(cells);
    settle_overlay(state);
    if let Some(popup) = &mut state.ui.completion.popup {
        popup.settle(regions.completion);
    }
    layout_messages(state);
}

/// Brings the facts above the rows of the open list up to date.
fn update_list_facts(state: &mut State) {
    let Some(Overlay::List(list)) = &state.ui.overlay else { return };
    let screen = state.scene().overlay_area().size();
    let facts = room_info::list_facts(state.scene(), &list.kind, List::text_cells(screen));
    if let Some(Overlay::List(list)) = &mut state.ui.overlay {
        list.set_facts(facts, List::max_rows(screen));
    }
}

/// Scrolls the composer as little as possible to show the cursor.
fn scroll_composer(scene: Scene<'_>, regions: &mut Regions) {
    let cells = regions.composer_cells();
    let (count, shown) = (scene.ui.composer.rows(cells).len(), usize::from(regions.composer.height).max(1));
    let cursor = scene.ui.composer.cursor(cells).0;
    regions.first_composer_row = rows::reveal(scene.ui.regions.first_composer_row, cursor, count, shown);
    regions.composer_rows_below = count.saturating_sub(regions.first_composer_row + shown);
}

/// Returns the box of the open overlay.
fn overlay_region(scene: Scene<'_>, regions: &Regions) -> Option<Region> {
    let area = scene.overlay_area();
    let screen = area.size();
    let wanted = match scene.ui.overlay.as_ref()? {
        Overlay::Switcher(_) => Switcher::SIZE,
        // While lines are filtered, the box stays as large as the screen allows, so that it does not move.
        Overlay::Help(Help { filter: Some(_), .. }, _) => Help::size(screen.height.into()),
        Overlay::Help(..) => Help::size(help::help_lines(scene).len()),
        Overlay::Info(info) => Info::size(info_lines(scene, info.subject, Info::text_cells(screen))?),
        Overlay::List(list) => list.size(),
        Overlay::Search(_) => Search::size(screen),
        Overlay::Menu(menu) => menu.size(),
        Overlay::Paste(menu) => menu.size(),
        Overlay::Picture(_) => PictureView::size(),
        Overlay::Save(_) => SavePrompt::size(),
        Overlay::Inspector(_) => Inspector::size(screen),
        Overlay::KeyTest(_) => KeyTest::size(),
        Overlay::Settings(page) => page.size(),
        Overlay::Question(question) => Question::size(screen, &question_text::question_text(scene, question).1),
    };
    let mut free = area;
    free.take_top(regions.call.height);
    Some(frame::centred(free, wanted))
}

/// Returns the region of the completion popup.
fn completion_region(scene: Scene<'_>, regions: &Regions) -> Option<Region> {
    let popup = scene.ui.completion.popup.as_ref()?;
    match scene.ui.overlay {
        None => (regions.composer.height > 0).then(|| popup.region(regions)),
        Some(Overlay::Save(_)) => Some(popup.region_below(regions.overlay, regions.status)),
        Some(_) => None,
    }
}

/// Scrolls the open overlay so that its selection is visible.
fn settle_overlay(state: &mut State) {
    let inside = frame::inside(state.ui.regions.overlay);
    let help = matches!(state.ui.overlay, Some(Overlay::Help(..))).then(|| help::help_lines(state.scene()).len());
    let lines = match &state.ui.overlay {
        Some(Overlay::Info(info)) => info_lines(state.scene(), info.subject, inside.width.into()),
        _ => None,
    };
    let has_problem = matches!(&state.ui.overlay, Some(Overlay::Search(search)) if search.problem.is_some());
    let has_note = has_problem || state.account().search_reach() != SearchReach::Disk;
    let screen = state.scene().overlay_area().size();
    match &mut state.ui.overlay {
        Some(Overlay::Switcher(switcher)) => switcher.settle(inside),
        Some(Overlay::Help(page, _)) => page.settle(inside, help.unwrap_or_default()),
        Some(Overlay::Info(info)) => info.settle(inside, lines.unwrap_or_default()),
        Some(Overlay::List(list)) => list.settle(inside),
        Some(Overlay::Menu(menu)) => menu.settle(inside),
        Some(Overlay::Settings(page)) => page.settle(inside),
        Some(Overlay::Inspector(inspector)) => inspector.settle(inside),
        Some(Overlay::Search(search)) => search.settle(screen, inside, has_note),
        Some(
            Overlay::Question(_) | Overlay::Paste(_) | Overlay::Picture(_) | Overlay::Save(_) | Overlay::KeyTest(_),
        )
        | None => {}
    }
}

/// Returns the number of lines of a text, in rows of `cells` cells.
fn info_lines(scene: Scene<'_>, subject: InfoSubject, cells: usize) -> Option<usize> {
    match subject {
        InfoSubject::Room => Some(room_info::room_facts(scene, cells)?.lines(cells)),
        InfoSubject::Notices => Some(notices::notice_lines(scene, cells).len()),
    }
}

fn layout_messages(state: &mut State) {
    let State { accounts, terminal, ui, options, now, .. } = state;
    accounts.split_mut(ui.shown).0.refresh_mentions(&options.mention_words);
    let (account, others) = accounts.split(ui.shown);
    let Some(room) = ui.open.as_ref().and_then(|open| account.rooms.get(open)) else {
        ui.pane.rows.clear();
        return;
    };
    let scene = Scene { account, others, terminal, ui, screens: [&[]; 3], options, now: *now };
    let (queue_marks, format, density) = (scene.queue_marks(room), scene.text_format(), scene.density());
    let height = scene.area().height;
    let scrolled = ui.pane.scroll_by != 0;
    let spacing = match density {
        Density::Roomy => Spacing::Messages,
        Density::Auto if height >= MIN_HEIGHT_SPACIOUS => Spacing::Authors,
        Density::Compact | Density::Auto => Spacing::None,
    };
    let (cells, url) = (ui.regions.body_cells(), &account.profile.url);
    let pictures = PictureRules::new(options.pictures, url, cells, height);
    let is_changed = ui.pane.update_rows(PaneInputs {
        room,
        queue_marks: &queue_marks,
        cells,
        height: ui.regions.messages.height.into(),
        zone: &options.times.zone,
        spacing,
        format,
        source_of: ui.pane.source_of,
        unfolded: &ui.pane.unfolded.clone(),
        selected: ui.selected(),
        pictures,
        mentions: &account.mentions.words,
    });
    if is_changed {
        give_name_colors(&mut ui.pane, account, room, &options.theme);
    }
    // Message keys act on the selected message, so it has to be one that the user sees.
    if scrolled
        && let Some(selected) = ui.selected()
        && let Some(visible) = ui.pane.nearest_visible(&room.timeline, selected)
    {
        ui.focus = Focus::Message(visible);
    }
}

/// Gives a color to each name on screen.
fn give_name_colors(pane: &mut Pane, account: &Account, room: &Room, theme: &Theme) {
    let authors = pane.rows.iter().filter_map(|row| match row {
        PaneRow::Author(slot) => Some(&room.timeline.get(*slot).author),
        _ => None,
    });
    let others = authors.filter(|author| !account.is_me(author));
    let preferred = |author: &PersonId| {
        let known = account.people.get(author);
        theme.peer_color(known.map_or(author.as_str(), |known| &known.info.username))
    };
    let others: Vec<_> = others.map(|author| (author, preferred(author))).collect();
    pane.name_colors.give(&others, theme.peer_colors());
}

fn split_screen(scene: Scene<'_>) -> Regions {
    let mut regions = Regions { time_width: scene.options.times.time_width(), ..Regions::default() };
    let Bottom { status, latency, mut rest } = scene.terminal.split_bottom();
    if scene.ui.has_keys() {
        (regions.status, regions.latency) = (status, latency);
    }
    if let Some(tile) = scene.ui.tile() {
        rest = tile.area;
        regions.title = rest.take_top(1);
    }
    regions.room_height = if scene.density() == Density::Compact { 1 } else { ROOM_HEIGHT };
    // The call is above everything, so that it is visible in every room. If no row can be spared, the composer has
    // priority.
    if scene.with_call().is_some() && rest.height >= MIN_HEIGHT_CALL {
        regions.call = rest.take_top(1);
    }
    if rest.width < MIN_WIDTH_TWO_PANES {
        if matches!(scene.ui.focus, Focus::Rooms(_)) {
            regions.rooms = rest;
            return regions;
        }
    } else {
        if !scene.terminal.arrangement.rooms_hidden || matches!(scene.ui.focus, Focus::Rooms(_)) {
            regions.rooms = rest.take_left(rooms_width(scene));
            regions.divider = rest.take_left(1);
        }
        if let Some(width) = members_width(scene, rest.width) {
            regions.members = rest.take_right(width);
            regions.members_divider = rest.take_right(1);
        }
    }
    let rules = u16::from(scene.area().height >= MIN_HEIGHT_RULES);
    regions.composer.width = rest.width;
    let wanted = match scene.closed_reason().filter(|_| scene.ui.composer.is_empty()) {
        Some(reason) => wrap(&reason, usize::from(regions.composer.width.saturating_sub(PROMPT)).max(1)).len(),
        None => scene.ui.composer.rows(regions.composer_cells()).len(),
    };
    let most = (rest.height / 3).max(1);
    let composer = u16::try_from(wanted).unwrap_or(most).clamp(1, most);
    regions.header = rest.take_top(1);
    regions.header_rule = rest.take_top(rules);
    regions.composer = rest.take_bottom(composer);
    regions.composer_rule = rest.take_bottom(rules);
    regions.typing = rest.take_bottom(1);
    regions.messages = Region { width: rest.width.min(MAX_MESSAGES_WIDTH), ..rest };
    regions
}

/// Returns the width of the room list.
fn rooms_width(scene: Scene<'_>) -> u16 {
    let width = scene.area().width;
    let usual = (width * 3 / 10).clamp(24, 38);
    let most = width - (MIN_CHAT_WIDTH + 1);
    scene.terminal.arrangement.rooms_width.unwrap_or(usual).clamp(MIN_LIST_WIDTH, most)
}

/// Returns the width of the member list, if it is to be shown and fits beside the messages in `free` columns.
fn members_width(scene: Scene<'_>, free: u16) -> Option<u16> {
    let most = free.saturating_sub(MIN_CHAT_WIDTH + 1);
    let is_shown = scene.terminal.arrangement.members_shown && scene.ui.open.is_some() && most >= MIN_LIST_WIDTH;
    is_shown.then(|| scene.terminal.arrangement.members_width.unwrap_or(MEMBERS_WIDTH).clamp(MIN_LIST_WIDTH, most))
}

/// Returns the first row shown in the room list. It changes only if the highlighted or open room would be off screen.
fn first_room(scene: Scene<'_>, regions: &Regions) -> usize {
    // A list that the user has scrolled stays where it is.
    let revealed = scene.revealed_position().filter(|_| scene.ui.scrolled_from.is_none());
    scene.first_list_row(regions, revealed.and_then(|position| scene.list_number(&position)))
}
