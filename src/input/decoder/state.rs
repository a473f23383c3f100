//! The states of the parser.

/// What the parser is in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Ground,
    /// Within a character of several bytes; `alt` if ESC preceded it.
    Utf8 {
        alt: bool,
    },
    Escape,
    Csi,
    Ss3,
    Linux,
    Mouse,
    /// In a control sequence of an 8-bit terminal within pasted text, which means nothing, not even the end of the paste.
    Discard,
    /// In the content of an OSC, DCS, APC, PM or SOS sequence.
    Text {
        introducer: u8,
        empty: bool,
    },
    /// After an ESC in such a content.
    TextEscape {
        introducer: u8,
        empty: bool,
    },
}
