//! Mouse reports in the three encodings that terminals use.

use crate::input::key::{Mouse, MouseKind};

/// Bit of the button code that marks a movement.
const MOTION: u32 = 32;
/// Bits of the button code that hold Shift, Alt and Ctrl.
const MODIFIERS: u32 = 4 | 8 | 16;

/// Reads a report of the SGR encoding: `CSI < button ; column ; row M`, with `m` for a release.
pub(super) fn read_sgr(parameters: &str, is_press: bool) -> Option<Mouse> {
    let [button, column, row] = numbers(parameters)?;
    mouse(button, column, row, is_press)
}

/// Reads a report of the encoding of rxvt: `CSI button ; column ; row M`.
pub(super) fn read_rxvt(parameters: &str) -> Option<Mouse> {
    let [button, column, row] = numbers(parameters)?;
    mouse(button.checked_sub(32)?, column, row, true)
}

/// Reads a report of the oldest encoding: three bytes, each with 32 added.
pub(super) fn read_bytes(report: [u8; 3]) -> Option<Mouse> {
    let [button, column, row] = report.map(|byte| u32::from(byte).checked_sub(32));
    mouse(button?, column?, row?, true)
}

fn numbers(parameters: &str) -> Option<[u32; 3]> {
    let mut fields = parameters.split(';').map(|field| field.parse().ok());
    let numbers = [fields.next()??, fields.next()??, fields.next()??];
    fields.next().is_none().then_some(numbers)
}

fn mouse(button: u32, column: u32, row: u32, is_press: bool) -> Option<Mouse> {
    let kind = match button & !MODIFIERS {
        MOTION => MouseKind::Drag,
        button if button & MOTION != 0 => return None,
        0 if is_press => MouseKind::Click,
        64 => MouseKind::WheelUp,
        65 => MouseKind::WheelDown,
        _ => return None,
    };
    let cell = |number: u32| u16::try_from(number.checked_sub(1)?).ok();
    Some(Mouse { kind, column: cell(column)?, row: cell(row)? })
}
