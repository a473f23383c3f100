//! Finds the WebSocket frames in the bytes that the server writes, and the events in them.

/// The longest header of a frame that is not masked. A server never masks.
const MAX_HEADER: usize = 10;
/// First byte of a text message in one frame.
const TEXT: u8 = 0x81;

/// The position in a stream of frames.
#[derive(Debug, Default)]
pub(super) struct FrameCursor {
    header: [u8; MAX_HEADER],
    /// Bytes of the header that have passed.
    header_length: usize,
    /// Bytes of the payload that have not passed yet, once the header is complete.
    left: Option<u64>,
}

impl FrameCursor {
    /// Whether the next byte begins a frame.
    pub(super) fn is_between_frames(&self) -> bool {
        self.header_length == 0
    }

    /// Moves on by at most the rest of the current frame. Returns the number of bytes that belong to it, and whether it
    /// is complete.
    pub(super) fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut taken = 0;
        while self.left.is_none() {
            let Some(byte) = bytes.get(taken) else { return (taken, false) };
            self.header[self.header_length] = *byte;
            self.header_length += 1;
            taken += 1;
            self.left = payload_length(&self.header[..self.header_length]);
        }
        let left = self.left.unwrap_or_default();
        let rest = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - taken);
        let left = left - rest as u64;
        if left == 0 {
            *self = Self::default();
        } else {
            self.left = Some(left);
        }
        (taken + rest, left == 0)
    }
}

/// Returns the length of the payload, if the header is complete.
fn payload_length(header: &[u8]) -> Option<u64> {
    let long = |bytes: &[u8]| bytes.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
    match (header.get(1)? & 0x7f, header.len()) {
        (126, 4) | (127, 10) => Some(long(&header[2..])),
        (126 | 127, _) => None,
        (length, _) => Some(u64::from(length)),
    }
}

/// An event in a frame, or an acknowledgement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FrameEvent<'a> {
    /// The name of the event, or `ack`.
    pub(super) name: &'a str,
    /// Whether it is an acknowledgement.
    pub(super) is_ack: bool,
}

/// Returns the event in a complete frame. Events with attachments are left alone, as their frames belong together.
pub(super) fn event(frame: &[u8]) -> Option<FrameEvent<'_>> {
    if *frame.first()? != TEXT {
        return None;
    }
    let header = match frame.get(1)? {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    let text = std::str::from_utf8(frame.get(header..)?).ok()?;
    if text.starts_with("43") {
        return Some(FrameEvent { name: "ack", is_ack: true });
    }
    let (prefix, arguments) = text.strip_prefix("42")?.split_once("[\"")?;
    // A namespace and the id of the acknowledgement that the server asks for.
    if prefix.contains(['[', '"']) {
        return None;
    }
    let (name, _) = arguments.split_once('"')?;
    Some(FrameEvent { name, is_ack: false })
}

/// Returns the frame of a packet that disconnects the client from the default namespace.
pub(super) fn disconnect_packet() -> Vec<u8> {
    vec![TEXT, 2, b'4', b'1']
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn framed(text: &str) -> Vec<u8> {
        let mut frame = vec![TEXT];
        match text.len() {
            length @ ..126 => frame.push(length as u8),
            length @ 126..65_536 => {
                frame.push(126);
                frame.extend((length as u16).to_be_bytes());
            }
            length => {
                frame.push(127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend(text.bytes());
        frame
    }

    #[test]
    fn events_are_recognised() {
        let name = |text: &str| {
            let frame = framed(text);
            event(&frame).map(|event| (event.name.to_owned(), event.is_ack))
        };
        let named = |name: &str, is_ack| Some((name.to_owned(), is_ack));
        assert_eq!(name(r#"42["message",{"text":"[\"x\"]"}]"#), named("message", false));
        assert_eq!(name(r#"4217["message"]"#), named("message", false));
        assert_eq!(name(r#"42/admin,["v1OnNewMessage","{}"]"#), named("v1OnNewMessage", false));
        assert_eq!(name(r#"433[{"success":true}]"#), named("ack", true));
        assert_eq!(name(&format!(r#"42["message","{}"]"#, "x".repeat(70_000))), named("message", false));
        for other in ["2", "40{\"sid\":\"x\"}", "41", "451-[\"file\",{\"_placeholder\":true}]", "", "42", "42[1]"] {
            assert_eq!(name(other), None, "{other}");
        }
        assert_eq!((event(&[]), event(&[0x82, 1, 0])), (None, None));
    }

    proptest! {
        /// Frames are found however the bytes are split.
        #[test]
        fn frames_are_found_in_any_pieces(sizes in prop::collection::vec(0..70_000_usize, 1..6), piece in 1..5_000_usize) {
            let frames: Vec<Vec<u8>> = sizes.iter().map(|size| framed(&"x".repeat(*size))).collect();
            let (mut cursor, mut found, mut current) = (FrameCursor::default(), Vec::new(), Vec::<u8>::new());
            for mut bytes in frames.concat().chunks(piece) {
                while !bytes.is_empty() {
                    let (taken, is_complete) = cursor.advance(bytes);
                    current.extend(&bytes[..taken]);
                    bytes = &bytes[taken..];
                    if is_complete {
                        found.push(std::mem::take(&mut current));
                    }
                }
            }
            prop_assert!(cursor.is_between_frames());
            prop_assert!(found == frames);
        }
    }
}
