//! Questions that need a yes or a no before something is lost.

use crate::app::{Question, Scene, question_text};
use crate::config::Role;
use crate::input::Action;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, question: &Question) {
    let (title, text) = question_text(scene, question);
    let profile = scene.profile_label().filter(|_| !matches!(question, Question::MarkAllRead | Question::Quit));
    let title = profile.map_or_else(|| title.to_owned(), |profile| format!("{title} {} {profile}", glyphs.dot()));
    let inside = frame::draw(scene, canvas, glyphs, &title);
    let (plain, accent) = (canvas.style(Role::Text), canvas.style(Role::Accent));
    let rows = Question::text_rows(scene.overlay_area().size(), &text);
    for (row, y) in rows.iter().zip(inside.y..inside.y + inside.height.saturating_sub(1)) {
        canvas.put_centred(inside, y, &text[row.start as usize..row.end as usize], plain);
    }
    let answers = question.answers(inside, &scene.options.keymap);
    for answer in answers.iter().filter(|answer| answer.action != Action::Yes || scene.accepts_yes()) {
        canvas.put(answer.region.x, answer.region.y, &answer.label, answer.region.width, accent);
    }
}
