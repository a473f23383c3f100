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
    let title = format!("Welcome to minchat-tui ({} of {})", wizard.step.number(), WizardStep::COUNT);
    let inside = draw_box(&mut canvas, glyphs, frame, &title);
    let mut page = Page { canvas: &mut canvas, rest: inside };
    page.line(&question(wizard), Role::Title);
    if wizard.step != WizardStep::Summary {
        page.text(&note(wizard), Role::Dim);
    }
    page.blank();
    let cursor = wizard.field().map(|field| page.field(glyphs, wizard, field));
    if wizard.step == WizardStep::Summary {
        page.summary(wizard, glyphs);
    }
    page.entries(wizard);
    if let Some(error) = &wizard.error {
        page.blank();
        page.text(error, Role::Error);
    }
    let hint = hint(wizard, options, glyphs);
    let style = canvas.style(Role::Dim);
    if area.height > 0 {
        canvas.put(1, area.height - 1, &hint, area.width.saturating_sub(1), style);
    }
    if options.ascii {
        canvas.replace_non_ascii();
    }
    cursor.flatten().filter(|cursor| area.contains(*cursor))
}

fn question(wizard: &Wizard) -> String {
    match wizard.step {
        WizardStep::Service => "Which service do you chat on?".to_owned(),
        WizardStep::Address => "What is its address?".to_owned(),
        WizardStep::Key => format!("What is the {}?", wizard.selected_service().credential().noun()),
        WizardStep::User => "What is your user name?".to_owned(),
        WizardStep::Summary => "Save and start?".to_owned(),
    }
}

fn note(wizard: &Wizard) -> String {
    let credential = wizard.selected_service().credential();
    match wizard.step {
        WizardStep::Service => "Nothing is written before you have confirmed all answers.".to_owned(),
        WizardStep::Address => {
            "Copy it from the dashboard of the service, or ask the person who runs the server. `minchat-tui serve` prints \
             its address and key."
                .to_owned()
        }
        WizardStep::Key if wizard.selected_place().is_secret() => {
            format!("Type or paste the {}; it stays hidden. Choose below where to keep it.", credential.noun())
        }
        WizardStep::Key => format!("Type where the {} comes from.", credential.noun()),
        WizardStep::User => "It is created if it does not exist.".to_owned(),
        WizardStep::Summary => String::new(),
    }
}

fn hint(wizard: &Wizard, options: &Options, glyphs: Glyphs) -> String {
    let key = |action| options.keymap.shown(action);
    let back = if wizard.step == WizardStep::Service { "leave" } else { "back" };
    let next = if wizard.step == WizardStep::Summary { "confirm" } else { "next" };
    let mut hints = vec![format!("{} {next}", key(Action::Confirm)), format!("{} {back}", key(Action::Cancel))];
    if wizard.entries().0.len() > 1 {
        hints.push(format!("{} {} choose", key(Action::Up), key(Action::Down)));
    }
    hints.join(&format!(" {} ", glyphs.dot()))
}

/// The rows of the box that are free yet.
struct Page<'a, 'b> {
    canvas: &'a mut Canvas<'b>,
    rest: Region,
}

impl Page<'_, '_> {
    fn line(&mut self, text: &str, role: Role) {
        if self.rest.height > 0 {
            let row = self.rest.take_top(1);
            let style = self.canvas.style(role);
            self.canvas.put(row.x, row.y, text, row.width, style);
        }
    }

    fn text(&mut self, text: &str, role: Role) {
        for row in wrap(text, usize::from(self.rest.width).max(1)) {
            self.line(&text[row.start as usize..row.end as usize], role);
        }
    }

    fn blank(&mut self) {
        self.line("", Role::Text);
    }

    fn field(&mut self, glyphs: Glyphs, wizard: &Wizard, field: &TextInput) -> Option<Position> {
        if self.rest.height == 0 {
            return None;
        }
        let row = self.rest.take_top(1);
        let is_hidden = wizard.step == WizardStep::Key && wizard.selected_place().is_secret();
        let cursor = if is_hidden {
            let style = self.canvas.style(Role::Text);
            let count = graphemes(&field.text).count();
            let stars = glyphs.hidden().repeat(count.min(usize::from(row.width.saturating_sub(3))));
            self.canvas.put(row.x, row.y, glyphs.prompt(), 1, style);
            let end = self.canvas.put(row.x + 2, row.y, &stars, row.width.saturating_sub(3), style);
            Position::new(end, row.y)
        } else {
            paint_field(self.canvas, glyphs, row, field)
        };
        self.blank();
        Some(cursor)
    }

    fn entries(&mut self, wizard: &Wizard) {
        let (entries, chosen) = wizard.entries();
        for (index, entry) in entries.into_iter().enumerate() {
            if self.rest.height == 0 {
                return;
            }
            let row = self.rest.take_top(1);
            let style = self.canvas.style(Role::Text);
            self.canvas.put(row.x, row.y, entry, row.width, style);
            if index == chosen {
                let style = self.canvas.style(Role::Selection);
                self.canvas.tint(row, style);
            }
        }
    }

    fn summary(&mut self, wizard: &Wizard, glyphs: Glyphs) {
        let place = wizard.selected_place();
        let (noun, files) = (wizard.selected_service().credential().noun(), &wizard.files);
        self.line(&format!("{} as {}", wizard.address.text.trim(), wizard.user.text.trim()), Role::Text);
        self.text(&format!("The account is added to {}.", files.config), Role::Dim);
        if place == KeyPlace::File {
            self.text(&format!("The {noun} is written to {} beside it, readable only by you.", files.key), Role::Dim);
        }
        self.blank();
        for (check, result) in &wizard.checks {
            let label = match check {
                Check::Key => "Key",
                Check::Server => "Server",
                Check::SignIn => "Sign-in",
                Check::Live => "Live connection",
            };
            match result {
                CheckResult::Running => self.line(&format!("{} {label}{}", glyphs.pending(), glyphs.dots()), Role::Dim),
                CheckResult::Passed => self.line(&format!("{} {label}", glyphs.passed()), Role::Success),
                CheckResult::Failed(reason) => {
                    self.text(&format!("{} {label}: {reason}", glyphs.failed()), Role::Error);
                }
            }
        }
        self.blank();
    }
}
