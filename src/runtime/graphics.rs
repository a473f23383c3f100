//! Pictures that the terminal draws itself: which protocol it understands, and how a picture is written in it.
//!
//! Most of these protocols have no query that is safe everywhere. They are therefore only used in terminals that identify
//! themselves and are known to support them, or if the user says so. kitty itself is asked for its version: those before
//! 0.28 (2023) would show characters instead of a picture.

mod iterm2;
mod kitty;
mod png_file;
mod raster;
mod sixel;

use crate::config::PictureProtocol;
use crate::domain::{Drawing, DrawingForm, PictureRequest};
use crate::text::stable_hash;

use super::multiplexer::Route;
pub(super) use raster::Raster;

/// Programs that set `TERM_PROGRAM`, and their protocol.
const PROGRAMS: &[(&str, Protocol)] = &[
    ("ghostty", Protocol::Kitty),
    ("WezTerm", Protocol::Iterm2),
    ("iTerm.app", Protocol::Iterm2),
    ("mintty", Protocol::Iterm2),
    ("rio", Protocol::Iterm2),
    ("Tabby", Protocol::Iterm2),
    ("contour", Protocol::Sixel),
];

/// Values of `TERM` that only certain terminals have, or their beginning.
const TERMS: &[(&str, Protocol)] = &[
    ("xterm-ghostty", Protocol::Kitty),
    ("wezterm", Protocol::Iterm2),
    ("foot", Protocol::Sixel),
    ("contour", Protocol::Sixel),
    ("mlterm", Protocol::Sixel),
    ("yaft", Protocol::Sixel),
];

/// Variable of a terminal with kitty's protocol, which programs within a multiplexer inherit. The other protocols draw at
/// the cursor of the terminal, which is not that of the multiplexer.
const INHERITED: &str = "GHOSTTY_RESOURCES_DIR";

/// First version of kitty with placeholders.
const KITTY: (u32, u32) = (0, 28);

/// First version of Konsole with the protocol of iTerm2, as in `KONSOLE_VERSION`.
const KONSOLE: u32 = 220_400;

/// Size of a cell in pixels, for terminals that scale pictures and do not tell it.
const USUAL_CELL: (u16, u16) = (10, 20);

/// Pixels above which a picture is not drawn by the terminal: about two times those of a usual screen.
const MAX_PIXELS: usize = 4 << 20;

/// A protocol for pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    /// kitty's, with placeholders.
    Kitty,
    /// iTerm2's.
    Iterm2,
    /// Sixels.
    Sixel,
}

/// The way to draw pictures in this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Graphics {
    protocol: Protocol,
    route: Route,
    /// Whether the terminal keeps pictures behind what is written over them. Konsole does, as versions 22.12 and 25.04
    /// show.
    pub(super) keeps_covered: bool,
}

impl Graphics {
    /// Removes all pictures from a terminal that keeps them. Konsole takes this sequence of kitty for pictures of the
    /// other protocols as well. (It counts rows differently, so that single ones cannot be removed.)
    pub(super) const REMOVE_ALL: &[u8] = b"\x1b_Ga=d,d=a,q=2\x1b\\";

    /// Returns the way for the setting and the terminal; `None` if pictures consist of half blocks.
    pub(super) fn choose(setting: PictureProtocol) -> Option<Self> {
        choose(setting, &|name| std::env::var(name).ok())
    }

    /// Whether the terminal may have a way that its version tells.
    pub(super) fn depend_on_version(setting: PictureProtocol) -> bool {
        let is_kitty = std::env::var("TERM").is_ok_and(|term| term == "xterm-kitty");
        setting == PictureProtocol::Auto && is_kitty && Self::choose(setting).is_none()
    }

    /// Returns the protocol of a terminal that was asked for its name and version.
    pub(super) fn protocol_of(name: &str) -> Option<PictureProtocol> {
        has_placeholders(name).then_some(PictureProtocol::Kitty)
    }

    /// Returns the size of a cell in pixels; `None` if it is unknown and matters.
    pub(super) fn cell_size(self) -> Option<(u16, u16)> {
        let size = crossterm::terminal::window_size().ok();
        let size = size.filter(|size| size.rows > 0 && size.columns > 0);
        let size = size.map(|size| (size.width / size.columns, size.height / size.rows));
        match size.filter(|(width, height)| *width > 1 && *height > 1) {
            None if self.protocol == Protocol::Sixel => None,
            size => Some(size.unwrap_or(USUAL_CELL)),
        }
    }

    /// Whether a picture of this width and height in pixels is drawn by the terminal.
    pub(super) fn can_draw(self, size: (usize, usize)) -> bool {
        size.0 * size.1 <= MAX_PIXELS
    }

    /// Returns what draws a picture, whose size is that of whole cells. `None` if it has no pixels.
    pub(super) fn draw(self, raster: &Raster, cell: (u16, u16), request: &PictureRequest) -> Option<Drawing> {
        let PictureRequest { url, columns, rows, is_enlarged } = request;
        let id = (stable_hash(&format!("{columns} {rows} {is_enlarged} {cell:?} {url}")) & 0xff_ffff).max(1);
        let columns = raster.width / usize::from(cell.0);
        let rows = || raster.rows(cell.1.into());
        let form = match self.protocol {
            Protocol::Kitty => {
                let rows = raster.height / usize::from(cell.1);
                DrawingForm::Stored(kitty::store(id, raster, (columns, rows), self.route)?.into())
            }
            Protocol::Iterm2 => {
                DrawingForm::Rows(rows().map(|row| iterm2::draw(&row, columns)).collect::<Option<_>>()?)
            }
            Protocol::Sixel => {
                let palette = sixel::Palette::new(raster);
                DrawingForm::Rows(rows().map(|row| palette.draw(&row, cell.0.into())).collect())
            }
        };
        Some(Drawing { id, columns: u16::try_from(columns).ok()?, form })
    }

    /// Returns what removes a stored picture from the terminal.
    pub(super) fn forget(self, id: u32) -> String {
        kitty::forget(id, self.route)
    }
}

/// Whether this is a kitty with placeholders, by its answer such as `kitty(0.41.1)`.
fn has_placeholders(name: &str) -> bool {
    let version = name.strip_prefix("kitty(").and_then(|rest| rest.strip_suffix(')'));
    let mut numbers = version.unwrap_or_default().split('.').map_while(|number| number.parse().ok());
    numbers.next().zip(numbers.next()).is_some_and(|version: (u32, u32)| version >= KITTY)
}

fn choose(setting: PictureProtocol, variable: &dyn Fn(&str) -> Option<String>) -> Option<Graphics> {
    let text = |name| variable(name).unwrap_or_default();
    let route = Route::choose(variable);
    let protocol = match setting {
        PictureProtocol::Kitty => Some(Protocol::Kitty),
        PictureProtocol::Iterm2 => Some(Protocol::Iterm2),
        PictureProtocol::Sixel => Some(Protocol::Sixel),
        PictureProtocol::Blocks => None,
        PictureProtocol::Auto if variable("ZELLIJ").is_some() || route == Route::Screen => None,
        PictureProtocol::Auto if route == Route::Tmux => variable(INHERITED).is_some().then_some(Protocol::Kitty),
        PictureProtocol::Auto => {
            let (term, program) = (text("TERM"), text("TERM_PROGRAM"));
            let by_program = PROGRAMS.iter().find(|(known, _)| *known == program).map(|(_, protocol)| *protocol);
            let by_term = || TERMS.iter().find(|(known, _)| term.starts_with(known)).map(|(_, protocol)| *protocol);
            let is_konsole = text("KONSOLE_VERSION").parse().is_ok_and(|version: u32| version >= KONSOLE);
            by_program.or_else(by_term).or(is_konsole.then_some(Protocol::Iterm2))
        }
    };
    // Placeholders tell the number of their picture by a color.
    let protocol = protocol.filter(|protocol| *protocol != Protocol::Kitty || variable("NO_COLOR").is_none());
    protocol.map(|protocol| {
        let keeps_covered = protocol != Protocol::Kitty && variable("KONSOLE_VERSION").is_some();
        Graphics { protocol, route, keeps_covered }
    })
}

#[cfg(test)]
mod tests;
