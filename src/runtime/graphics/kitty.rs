//! The graphics protocol of kitty ("Terminal graphics protocol", "Unicode placeholders"): the terminal stores a picture
//! under a number, and shows it in cells that refer to it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Raster;
use super::png_file;
use crate::runtime::multiplexer::Route;

/// Characters of data in one sequence, the limit of the protocol.
const CHUNK: usize = 4_096;

/// Returns what stores a picture of `cells` columns and rows. With `q=2`, the terminal does not answer.
pub(super) fn store(id: u32, raster: &Raster, cells: (usize, usize), route: Route) -> Option<Vec<u8>> {
    let data = STANDARD.encode(png_file::encode(raster)?);
    let (columns, rows) = cells;
    let mut out = String::new();
    let mut keys = format!("a=T,U=1,f=100,t=d,i={id},c={columns},r={rows},q=2,");
    let mut rest = data.as_str();
    while !rest.is_empty() {
        let (chunk, others) = rest.split_at(rest.len().min(CHUNK));
        let is_continued = u8::from(!others.is_empty());
        out.push_str(&route.wrap(&format!("\x1b_G{keys}m={is_continued};{chunk}\x1b\\")));
        keys = "q=2,".to_owned();
        rest = others;
    }
    Some(out.into_bytes())
}

/// Returns what removes a stored picture.
pub(super) fn forget(id: u32, route: Route) -> String {
    route.wrap(&format!("\x1b_Ga=d,d=I,i={id},q=2\x1b\\"))
}
