//! The display: what the event loop needs of a terminal.

use std::io;

use ratatui::buffer::Buffer;

use crate::app::{Notification, NotificationId, Size, State};
use crate::config::PictureProtocol;

/// The screen on which frames are drawn. What a display does not implement has no effect on it.
pub trait Display {
    /// Draws the state, which must be laid out. Returns whether anything changed on the screen.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn draw(&mut self, state: &State) -> io::Result<bool>;

    /// Returns the cells of the last frame, if cells are drawn.
    fn shown(&self) -> Option<&Buffer> {
        None
    }

    /// Returns the size of the screen.
    fn size(&self) -> Size;

    /// Makes the next frame draw every cell.
    fn invalidate(&mut self) {}

    /// Copies text to the clipboard.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }

    /// Turns the reports of the mouse on or off.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn set_mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }

    /// Asks the terminal for its background color. The answer arrives among the keys.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn ask_for_background(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Shows pictures by this protocol from the next frame on.
    fn set_pictures(&mut self, _protocol: PictureProtocol) {}

    /// Passes links to the terminal from now on, or no longer.
    fn set_hyperlinks(&mut self, _on: bool) {}

    /// Rings the bell.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn ring(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Sets the title of the window; with an empty one, it gets back that of the shell.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn set_title(&mut self, _title: &str) -> io::Result<()> {
        Ok(())
    }

    /// Shows a notification on the desktop, if the terminal can.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn notify(&mut self, _notification: &Notification) -> io::Result<()> {
        Ok(())
    }

    /// Withdraws a notification from the desktop, if the terminal can.
    ///
    /// # Errors
    /// The terminal cannot be written.
    fn withdraw(&mut self, _id: NotificationId) -> io::Result<()> {
        Ok(())
    }

    /// Whether the process can be suspended: whether there is a shell that can continue it.
    fn can_suspend(&self) -> bool {
        false
    }

    /// Gives the terminal back to the shell and stops the process. Returns when the process is continued.
    ///
    /// # Errors
    /// The terminal cannot be set up again.
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Gives the terminal to another program, while this one goes on.
    ///
    /// # Errors
    /// The terminal cannot be used.
    fn lend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Stops this process and the program that has the terminal. Returns when they are continued.
    ///
    /// # Errors
    /// The processes cannot be stopped.
    fn stop(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Sets the terminal up again after [`lend`](Self::lend).
    ///
    /// # Errors
    /// The terminal cannot be set up.
    fn take_back(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Sets the terminal up again after another process stopped and continued this one.
    ///
    /// # Errors
    /// The terminal cannot be set up.
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
}
