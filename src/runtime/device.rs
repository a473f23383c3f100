//! The terminal as a device: where keys are read from, and its settings.

use std::io;

#[cfg(unix)]
pub(super) use unix::{Modes, modes, set_modes, set_nonblocking_reads, terminal};

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::IsTerminal;
    use std::os::fd::{AsFd, OwnedFd};

    use rustix::termios::{OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

    use super::io;

    /// Settings of the terminal.
    pub(in crate::runtime) type Modes = Termios;

    /// Returns the settings of the terminal.
    pub(in crate::runtime) fn modes() -> io::Result<Modes> {
        Ok(tcgetattr(terminal()?)?)
    }

    /// Changes the settings of the terminal.
    pub(in crate::runtime) fn set_modes(modes: &Modes) -> io::Result<()> {
        Ok(tcsetattr(terminal()?, OptionalActions::Now, modes)?)
    }

    /// Opens the terminal that keys are read from: standard input, or else the controlling terminal.
    pub(in crate::runtime) fn terminal() -> io::Result<OwnedFd> {
        let input = io::stdin();
        if input.is_terminal() {
            return input.as_fd().try_clone_to_owned();
        }
        File::open("/dev/tty").map(OwnedFd::from)
    }

    /// Makes reads from the terminal return immediately with the available bytes. Leaving raw mode undoes this.
    pub(in crate::runtime) fn set_nonblocking_reads() -> io::Result<()> {
        let mut modes = modes()?;
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        set_modes(&modes)
    }
}

/// Other platforms have no settings that another program could leave behind.
#[cfg(not(unix))]
pub(super) type Modes = ();

#[cfg(not(unix))]
pub(super) fn modes() -> io::Result<Modes> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn set_modes(_modes: &Modes) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn set_nonblocking_reads() -> io::Result<()> {
    Ok(())
}
