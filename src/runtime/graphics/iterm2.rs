//! The pictures of iTerm2 ("Inline Images Protocol"): a file that is drawn at the cursor.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Raster;
use super::png_file;

/// Returns what draws one row of cells. `None` if it has no pixels.
pub(super) fn draw(row: &Raster, columns: usize) -> Option<Vec<u8>> {
    let file = png_file::encode(row)?;
    let keys = format!("inline=1;size={};width={columns};height=1;preserveAspectRatio=0;doNotMoveCursor=1", file.len());
    Some(format!("\x1b]1337;File={keys}:{}\x07", STANDARD.encode(file)).into_bytes())
}
