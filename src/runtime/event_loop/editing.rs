//! The event loop while the user edits a draft in an editor: the editor has the terminal, and events of the network
//! and the store are handled as always.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

use crate::app::{EditRequest, Event};
use crate::domain::AccountId;
use crate::runtime::clock::Clock;
use crate::runtime::editor::Editor;

use super::{Display, EventLoop, Flow, Server};

/// Time for which a signal to a program that had the terminal may be on its way after that program has ended.
pub(in crate::runtime) const LATE: Duration = Duration::from_millis(200);

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Stops this process together with the editor, which stops itself.
    pub(super) fn suspend_with_editor(&mut self) -> io::Result<Flow> {
        if !self.display.can_suspend() {
            return Ok(Flow::Continue);
        }
        let flow = self.perform_deferred()?;
        self.display.stop()?;
        Ok(flow)
    }

    /// Opens a text in the user's editor, which has the terminal until it ends.
    pub(super) fn edit(&mut self, account: AccountId, request: EditRequest) -> io::Result<Flow> {
        let mut editor = match Editor::prepare(account, request) {
            Ok(editor) => editor,
            Err(sentence) => return self.on_event(Event::Notice(sentence)),
        };
        self.display.lend()?;
        match editor.start(&self.secret_variables) {
            Ok(()) => {
                self.editor = Some(editor);
                Ok(Flow::Continue)
            }
            Err(sentence) => {
                self.display.take_back()?;
                self.on_event(Event::Notice(sentence))
            }
        }
    }

    /// Takes the terminal back from the editor, and the text.
    pub(super) fn on_editor_ended(&mut self) -> io::Result<Flow> {
        let Some(editor) = self.editor.take() else { return Ok(Flow::Continue) };
        self.editor_ended = Some(Instant::now());
        self.display.take_back()?;
        self.pacer.touch_now();
        let (account, request, text) = editor.finish();
        let flow = self.on_event(Event::TextEdited(account, request, text))?;
        Ok(flow.or(self.measure()?))
    }

    /// Whether an interrupt that arrives now may have been meant for an editor that has just ended. Signals and the end of
    /// a program arrive on different ways, in any order.
    pub(super) fn is_late_for_editor(&self) -> bool {
        self.editor_ended.is_some_and(|ended| ended.elapsed() < LATE)
    }

    /// Ends the editor together with the program, and saves what was written in it as a draft.
    pub(super) async fn end_editor(&mut self) -> io::Result<()> {
        let Some(editor) = self.editor.take() else { return Ok(()) };
        let (account, request, text) = editor.end().await;
        self.on_event(Event::TextEdited(account, request, text)).map(drop)
    }
}
