//! Engine.IO and Socket.IO packets as text (protocol 4 and 5), read leniently for display.

/// Type of an Engine.IO packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnginePacket {
    /// `0`: the server's first packet, with the ping intervals.
    Open,
    /// `1`: the end of the transport.
    Close,
    /// `2`
    Ping,
    /// `3`
    Pong,
    /// `4`: holds a Socket.IO packet.
    Message,
    /// `5`
    Upgrade,
    /// `6`
    Noop,
    /// None of them, such as the content of a WebSocket control frame or of a binary message.
    Other,
}

/// Type of a Socket.IO packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketPacket {
    /// `0`
    Connect,
    /// `1`
    Disconnect,
    /// `2`
    Event,
    /// `3`
    Ack,
    /// `4`
    ConnectError,
    /// `5`
    BinaryEvent,
    /// `6`
    BinaryAck,
}

/// A packet, split into its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Type of the Engine.IO packet.
    pub engine: EnginePacket,
    /// Type of the Socket.IO packet inside of it.
    pub socket: Option<SocketPacket>,
    /// Namespace, if it is not `/`.
    pub namespace: Option<&'a str>,
    /// Id by which the other side acknowledges the packet.
    pub ack: Option<u64>,
    /// Name of the event, as JSON without its quotes.
    pub event: Option<&'a str>,
    /// The rest: JSON, except in malformed packets. The arguments of an event without its name and without the
    /// brackets.
    pub data: &'a str,
}

impl<'a> Packet<'a> {
    /// Reads a packet. Whatever cannot be read is in `data`.
    pub fn parse(text: &'a str) -> Self {
        let other =
            Self { engine: EnginePacket::Other, socket: None, namespace: None, ack: None, event: None, data: text };
        let Some((kind, rest)) = split_first(text) else { return other };
        let engine = match kind {
            b'0' => EnginePacket::Open,
            b'1' => EnginePacket::Close,
            b'2' => EnginePacket::Ping,
            b'3' => EnginePacket::Pong,
            b'4' => EnginePacket::Message,
            b'5' => EnginePacket::Upgrade,
            b'6' => EnginePacket::Noop,
            _ => return other,
        };
        let packet = Self { engine, data: rest, ..other };
        if engine == EnginePacket::Message { packet.with_socket_packet(rest) } else { packet }
    }

    fn with_socket_packet(self, text: &'a str) -> Self {
        let Some((kind, rest)) = split_first(text) else { return self };
        let socket = match kind {
            b'0' => SocketPacket::Connect,
            b'1' => SocketPacket::Disconnect,
            b'2' => SocketPacket::Event,
            b'3' => SocketPacket::Ack,
            b'4' => SocketPacket::ConnectError,
            b'5' => SocketPacket::BinaryEvent,
            b'6' => SocketPacket::BinaryAck,
            _ => return self,
        };
        let rest = match socket {
            // The number of attachments.
            SocketPacket::BinaryEvent | SocketPacket::BinaryAck => rest.split_once('-').map_or(rest, |(_, rest)| rest),
            _ => rest,
        };
        let (namespace, rest) = match rest.starts_with('/').then(|| rest.split_once(',')) {
            None => (None, rest),
            Some(Some((namespace, rest))) => (Some(namespace), rest),
            Some(None) => (Some(rest), ""),
        };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (ack, data) = rest.split_at(digits);
        let packet = Self { socket: Some(socket), namespace, ack: ack.parse().ok(), data, ..self };
        match (socket, event_and_args(data)) {
            (SocketPacket::Event | SocketPacket::BinaryEvent, Some((event, args))) => {
                Self { event: Some(event), data: args, ..packet }
            }
            _ => packet,
        }
    }

    /// Returns the name of the type: of the Socket.IO packet if there is one, otherwise of the Engine.IO packet.
    pub fn type_name(&self) -> &'static str {
        match (self.socket, self.engine) {
            (Some(SocketPacket::Connect), _) => "connect",
            (Some(SocketPacket::Disconnect), _) => "disconnect",
            (Some(SocketPacket::Event), _) => "event",
            (Some(SocketPacket::Ack), _) => "ack",
            (Some(SocketPacket::ConnectError), _) => "connect error",
            (Some(SocketPacket::BinaryEvent), _) => "binary event",
            (Some(SocketPacket::BinaryAck), _) => "binary ack",
            (None, EnginePacket::Open) => "open",
            (None, EnginePacket::Close) => "close",
            (None, EnginePacket::Ping) => "ping",
            (None, EnginePacket::Pong) => "pong",
            (None, EnginePacket::Message) => "message",
            (None, EnginePacket::Upgrade) => "upgrade",
            (None, EnginePacket::Noop) => "noop",
            (None, EnginePacket::Other) => "frame",
        }
    }
}

fn split_first(text: &str) -> Option<(u8, &str)> {
    let first = *text.as_bytes().first()?;
    Some((first, text.get(1..)?))
}

/// Splits `["name",…]` into the name and the rest without the closing bracket. The text may be cut.
fn event_and_args(data: &str) -> Option<(&str, &str)> {
    let rest = data.trim_start().strip_prefix('[')?.trim_start().strip_prefix('"')?;
    let mut is_escaped = false;
    let end = rest.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })?;
    let args = rest.get(end + 1..)?.trim_start();
    let args = args.strip_prefix(',').unwrap_or(args);
    let args = args.trim_end();
    Some((rest.get(..end)?, args.strip_suffix(']').unwrap_or(args).trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (&'static str, Option<&str>, &str) {
        let packet = Packet::parse(text);
        (packet.type_name(), packet.event, packet.data)
    }

    #[test]
    fn packets_are_split_into_their_parts() {
        assert_eq!(parts(r#"0{"sid":"x"}"#), ("open", None, r#"{"sid":"x"}"#));
        assert_eq!(parts("2"), ("ping", None, ""));
        assert_eq!(parts("3probe"), ("pong", None, "probe"));
        assert_eq!(parts(r#"40{"sid":"x"}"#), ("connect", None, r#"{"sid":"x"}"#));
        assert_eq!(parts("41"), ("disconnect", None, ""));
        assert_eq!(parts(r#"42["typing.stop"]"#), ("event", Some("typing.stop"), ""));
        assert_eq!(parts(r#"42["message", {"a":[1]} ]"#), ("event", Some("message"), r#"{"a":[1]}"#));
        assert_eq!(parts(r#"42["a\"b",1,2]"#), ("event", Some(r#"a\"b"#), "1,2"));
        assert_eq!(parts(r#"44{"message":"no"}"#), ("connect error", None, r#"{"message":"no"}"#));
        let packet = Packet::parse(r#"42/admin,17["a",[]]"#);
        assert_eq!(
            (packet.namespace, packet.ack, packet.event, packet.data),
            (Some("/admin"), Some(17), Some("a"), "[]")
        );
        let packet = Packet::parse(r#"451-["file",{"_placeholder":true,"num":0}]"#);
        assert_eq!((packet.type_name(), packet.event), ("binary event", Some("file")));
    }

    #[test]
    fn malformed_packets_are_not_lost() {
        for text in ["", "9", "hello", "é", "4", "4é", "47x", "42", "42[", "42[7]", "42[\"abc", "42/x", "42{}", "45-"]
        {
            let packet = Packet::parse(text);
            assert!(text.ends_with(packet.data), "{text}");
            assert!(packet.event.is_none());
        }
        assert_eq!(parts(r#"42["message",{"text":"cut of"#), ("event", Some("message"), r#"{"text":"cut of"#));
    }
}
