//! The questions of the wizard.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Check, CheckResult, KeyPlace, Options, Region, TextInput, Wizard, WizardStep};
use crate::config::Role;
use crate::input::Action;
use crate::text::{graphemes, wrap};

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::overlays::{draw_box, paint_field};
use super::status;

/// Largest size of the box.
const WIDTH: u16 = 76;
const HEIGHT: u16 = 18;

/// Paints the wizard; returns the cursor if there is a text field.
pub fn paint_wizard(wizard: &Wizard, options: &Options, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas::new(buffer, area, &options.theme);
    let glyphs = Glyphs::new(options.ascii);
    let (width, height) = (area.width.min(WIDTH), area.height.saturating_sub(1).min(HEIGHT));
    let x = (area.width - width) / 2;
    let frame = Region { x, y: area.height.saturating_sub(1).saturating_sub(height) / 2, width, height };
    let what =
        wizard.profile.as_ref().map_or("Welcome to minchat-tui".to_owned(), |name| format!("New profile {name}"));
    let title = format!("{what} ({} of {})", wizard.step.number(), WizardStep::COUNT);
    let inside = draw_box(&mut canvas, glyphs, frame, &title);
    let cursor = paint_page(&mut canvas, glyphs, inside, wizard);
    let style = canvas.style(Role::Dim);
    let hint = status::hint_line(&hints(wizard, options), glyphs, area.width.saturating_sub(2));
    if let Some(hint) = hint.filter(|_| area.height > 0) {
        canvas.put(1, area.height - 1, &hint.text, area.width.saturating_sub(1), style);
    }
    if options.ascii {
        canvas.replace_non_ascii();
    }
    cursor.filter(|cursor| area.contains(*cursor))
}

fn question(wizard: &Wizard) -> String {
    match wizard.step {
        WizardStep::Service => "Which service do you chat on?".to_owned(),
        WizardStep::Address => "What is its address?".to_owned(),
        WizardStep::Key => format!("What is the {}?", wizard.selected_service().credential().noun()),
        WizardStep::User => "What is your user name?".to_owned(),
        WizardStep::Summary if wizard.profile.is_some() => "Save the profile?".to_owned(),
        WizardStep::Summary => "Save and start?".to_owned(),
    }
}

fn note(wizard: &Wizard) -> String {
    let credential = wizard.selected_service().credential();
    match wizard.step {
        WizardStep::Service => "Nothing is saved on this computer before you have confirmed all answers.".to_owned(),
        WizardStep::Address => {
            "Copy it from the dashboard of the service, or ask the person who runs the server. `minchat-tui serve` prints \
             its address and key."
                .to_owned()
        }
        WizardStep::Key if wizard.selected_place().is_secret() => {
            format!("Type or paste the {}; it stays hidden. Choose below where to keep it.", credential.noun())
        }
        WizardStep::Key => format!("Type where the {} comes from.", credential.noun()),
        WizardStep::User => {
            "If it does not exist, it is created on the server when the connection is tested, which is the next step."
                .to_owned()
        },
        WizardStep::Summary => String::new(),
    }
}

/// The keys of the present question, the most useful first.
fn hints(wizard: &Wizard, options: &Options) -> Vec<(Action, String)> {
    let key = |action| options.keymap.shown(action);
    let back = if wizard.step == WizardStep::Service { "leave" } else { "back" };
    let next = if wizard.step == WizardStep::Summary { "confirm" } else { "next" };
    let mut hints = vec![
        (Action::Confirm, format!("{} {next}", key(Action::Confirm))),
        (Action::Cancel, format!("{} {back}", key(Action::Cancel))),
    ];
    if wizard.entries().0.len() > 1 {
        hints.push((Action::Up, format!("{} {} choose", key(Action::Up), key(Action::Down))));
    }
    if wizard.takes_secret() {
        let change = if wizard.shows_secret { "hide" } else { "show" };
        hints.push((Action::ShowSecret, format!("{} {change}", key(Action::ShowSecret))));
    }
    hints
}

/// Importance of a row, the most important first. Where the screen is too small, the others are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Question, answer or problem.
    Needed,
    /// Part of the test that works so far.
    Check,
    /// Advice.
    Note,
    /// Blank row.
    Blank,
}

/// A row above the list.
struct Row {
    rank: Rank,
    role: Role,
    /// The text; `None` is the text field.
    text: Option<String>,
}

/// The rows above the list.
struct Head {
    width: usize,
    rows: Vec<Row>,
}

impl Head {
    fn text(&mut self, rank: Rank, role: Role, text: &str) {
        let rows = wrap(text, self.width.max(1));
        let texts = rows.into_iter().map(|row| text[row.start as usize..row.end as usize].to_owned());
        self.rows.extend(texts.map(|text| Row { rank, role, text: Some(text) }));
    }

    fn blank(&mut self) {
        self.rows.push(Row { rank: Rank::Blank, role: Role::Text, text: Some(String::new()) });
    }

    fn error(&mut self, wizard: &Wizard) {
        if let Some(error) = &wizard.error {
            self.text(Rank::Needed, Role::Error, error);
        }
    }

    fn of(wizard: &Wizard, glyphs: Glyphs, width: u16) -> Self {
        let mut head = Self { width: width.into(), rows: Vec::new() };
        head.text(Rank::Needed, Role::Title, &question(wizard));
        match wizard.step {
            WizardStep::Summary => head.summary(wizard, glyphs),
            WizardStep::Service | WizardStep::Address | WizardStep::Key | WizardStep::User => {
                head.text(Rank::Note, Role::Dim, &note(wizard));
                head.blank();
            }
        }
        if wizard.field().is_some() {
            head.rows.push(Row { rank: Rank::Needed, role: Role::Text, text: None });
        }
        head.error(wizard);
        if wizard.field().is_some() || wizard.error.is_some() {
            head.blank();
        }
        head
    }

    fn summary(&mut self, wizard: &Wizard, glyphs: Glyphs) {
        let (noun, files) = (wizard.selected_service().credential().noun(), &wizard.files);
        let account = format!("{} as {}", wizard.address.text.trim(), wizard.user.text.trim());
        self.text(Rank::Needed, Role::Text, &account);
        self.text(Rank::Note, Role::Dim, &format!("The account is added to {}.", files.config));
        if wizard.selected_place() == KeyPlace::File {
            let sentence = format!("The {noun} is written to {} beside it, readable only by you.", files.key);
            self.text(Rank::Note, Role::Dim, &sentence);
        }
        self.blank();
        // That a typed key can be read says nothing, and would look as if it were the right one.
        let says_something = |check: Check, result: &CheckResult| {
            check != Check::Key || !wizard.selected_place().is_secret() || matches!(result, CheckResult::Failed(_))
        };
        for (check, result) in wizard.checks.iter().filter(|(check, result)| says_something(*check, result)) {
            let label = match check {
                Check::Key => format!("Reading the {noun}"),
                Check::Server => "Server".to_owned(),
                Check::SignIn => "Sign-in".to_owned(),
                Check::Live => "Live connection".to_owned(),
            };
            match result {
                CheckResult::Running => {
                    self.text(Rank::Check, Role::Dim, &format!("{} {label}{}", glyphs.pending(), glyphs.dots()));
                }
                CheckResult::Passed => {
                    self.text(Rank::Check, Role::Success, &format!("{} {label}", glyphs.passed()));
                }
                CheckResult::Failed(reason) => {
                    self.text(Rank::Needed, Role::Error, &format!("{} {label}: {reason}", glyphs.failed()));
                }
            }
        }
        self.blank();
    }

    /// Leaves out the least important rows until `count` are left, or only needed ones.
    fn shrink_to(&mut self, count: usize) {
        for rank in [Rank::Blank, Rank::Note, Rank::Check] {
            if self.rows.len() > count {
                self.rows.retain(|row| row.rank < rank);
            }
        }
    }
}

/// Paints the inside of the box; returns the cursor if there is a text field.
fn paint_page(canvas: &mut Canvas<'_>, glyphs: Glyphs, inside: Region, wizard: &Wizard) -> Option<Position> {
    let (entries, selected) = wizard.entries();
    let height = usize::from(inside.height);
    let mut head = Head::of(wizard, glyphs, inside.width);
    head.shrink_to(height.saturating_sub(entries.len()));
    // The list scrolls, but at least the selected entry is visible.
    let shown = entries.len().min(height.saturating_sub(head.rows.len()).max(1));
    head.rows.truncate(height.saturating_sub(shown));
    let first = (selected + 1).saturating_sub(shown);
    let mut rest = inside;
    let mut cursor = None;
    for row in &head.rows {
        let line = rest.take_top(1);
        match (&row.text, wizard.field()) {
            (None, Some(field)) if wizard.hides_field() => cursor = Some(paint_hidden(canvas, glyphs, line, field)),
            (None, Some(field)) => cursor = Some(paint_field(canvas, glyphs, line, field)),
            (text, _) => {
                let style = canvas.style(row.role);
                canvas.put(line.x, line.y, text.as_deref().unwrap_or_default(), line.width, style);
            }
        }
    }
    for (index, entry) in entries.into_iter().enumerate().skip(first).take(shown) {
        if rest.height == 0 {
            break;
        }
        let line = rest.take_top(1);
        let style = canvas.style(Role::Text);
        canvas.put(line.x, line.y, entry, line.width, style);
        if index == selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(line, style);
        }
    }
    cursor
}

/// Paints a text field that shows only how long its text is.
fn paint_hidden(canvas: &mut Canvas<'_>, glyphs: Glyphs, row: Region, field: &TextInput) -> Position {
    let style = canvas.style(Role::Text);
    let width = row.width.saturating_sub(3);
    let shown = |text: &str| u16::try_from(graphemes(text).count()).unwrap_or(u16::MAX).min(width);
    canvas.put(row.x, row.y, glyphs.prompt(), 1, style);
    canvas.put(row.x + 2, row.y, &glyphs.hidden().repeat(shown(&field.text).into()), width, style);
    Position::new(row.x + 2 + shown(field.before_cursor()), row.y)
}
