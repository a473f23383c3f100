//! Strategies that generate arbitrary stored data for property tests.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::domain::{
    Attachment, AttachmentKind, Content, Delivery, EarlierTexts, LocalId, Message, MessageId, MessageInfo, MessageKind,
    NotifyLevel, OutgoingFile, PersonId, PersonInfo, Quote, RoomId, RoomInfo, RoomKind, RoomSettings, SendFailure,
    Timestamp,
};
use crate::store::{Draft, Entry, OutboxPayload, ReadMarker, StoredStage};
use crate::text::SafeText;

/// Text that tends to break things: quotes, NUL, combining marks, bidirectional controls, and the syntax of SQL and
/// JSON.
pub(super) fn text() -> BoxedStrategy<String> {
    let odd = select(vec![
        "",
        "a",
        "'",
        "\"",
        "\0",
        "\n",
        "\r\n",
        "\t",
        "\u{202e}",
        "\u{200d}",
        "e\u{301}",
        "👩‍👩‍👧",
        "日本語",
        "ไทย",
        "%",
        "_",
        "\\",
        "--",
        ";",
        "{",
        "⟨U+202E⟩",
        "⟨U+",
        "\u{1b}[2J",
        "\u{feff}",
        "\u{10ffff}",
        "NEAR(",
        "*",
    ]);
    prop_oneof![
        3 => proptest::collection::vec(odd, 0..8).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
    ]
    .boxed()
}

fn line() -> impl Strategy<Value = SafeText> {
    text().prop_map(|text| SafeText::line(&text))
}

fn block() -> impl Strategy<Value = SafeText> {
    text().prop_map(|text| SafeText::block(&text))
}

fn time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![any::<i64>(), 0..2_000_000_000_000_i64].prop_map(Timestamp)
}

pub(super) fn local() -> impl Strategy<Value = LocalId> {
    any::<u128>().prop_map(LocalId::from_random)
}

fn person_id() -> impl Strategy<Value = PersonId> {
    text().prop_map(|id| PersonId::new(&id))
}

fn message_id() -> impl Strategy<Value = MessageId> {
    text().prop_map(|id| MessageId::new(&id))
}

pub(super) fn room_id() -> impl Strategy<Value = RoomId> {
    text().prop_map(|id| RoomId::new(&id))
}

pub(super) fn person() -> BoxedStrategy<PersonInfo> {
    (person_id(), line(), line(), option::of(time()), any::<bool>())
        .prop_map(|(id, username, name, last_active, agent)| PersonInfo { id, username, name, last_active, agent })
        .boxed()
}

fn attachment() -> BoxedStrategy<Attachment> {
    use AttachmentKind::{File, Gif, Image, Video, Voice};
    let kind = select(vec![Image, Video, Gif, Voice, File]);
    (kind, line(), line(), line(), option::of(any::<u32>()))
        .prop_map(|(kind, name, size, url, duration)| Attachment {
            kind,
            name,
            size,
            bytes: duration.map(u64::from),
            url,
            duration,
        })
        .boxed()
}

fn quote() -> BoxedStrategy<Quote> {
    (message_id(), person_id(), line(), block())
        .prop_map(|(id, author, author_name, text)| Quote { id, author, author_name, text })
        .boxed()
}

fn kind() -> impl Strategy<Value = MessageKind> {
    use MessageKind::{Call, Custom, Info, Location, Text, Unreadable};
    select(vec![Text, Location, Custom, Call, Info, Unreadable])
}

/// A message with this id.
pub(super) fn message(id: &'static str) -> impl Strategy<Value = Message> {
    let delivery = select(vec![Delivery::Sent, Delivery::Delivered, Delivery::Seen]);
    let earlier = proptest::collection::vec(block(), 0..3);
    let nested = (option::of(attachment()), option::of(quote()), option::of(local()), earlier);
    (nested, person_id(), time(), block(), delivery, kind(), any::<[bool; 4]>()).prop_map(
        move |((attachment, quote, local, earlier), author, sent_at, text, delivery, kind, flags)| Message {
            id: Some(MessageId::new(id)),
            local: local.map(Box::new),
            author,
            sent_at,
            text,
            attachment: attachment.map(Box::new),
            delivery,
            edited: flags[0],
            deleted: flags[1],
            kind,
            forwarded: flags[2],
            starred: flags[3],
            quote: quote.map(Box::new),
            earlier: EarlierTexts::new(earlier).filter(|_| flags[0] && !flags[1]),
            revision: 0,
        },
    )
}

fn last(room: RoomId) -> BoxedStrategy<MessageInfo> {
    let nested = (option::of(attachment()), option::of(local()), option::of(person()));
    (nested, message_id(), person_id(), time(), block(), kind(), any::<[bool; 4]>(), option::of(any::<bool>()))
        .prop_map(move |(nested, id, author, sent_at, text, kind, flags, starred)| MessageInfo {
            id,
            room: room.clone(),
            author,
            author_info: nested.2.map(Box::new),
            sent_at,
            text,
            attachment: nested.0.map(Box::new),
            delivered: flags[0],
            seen: flags[1],
            local: nested.1,
            kind,
            quote: None,
            forwarded: flags[2],
            starred,
            deleted: flags[3],
        })
        .boxed()
}

pub(super) fn room() -> impl Strategy<Value = RoomInfo> {
    use RoomKind::{Broadcast, Direct, Group, Order, Unknown};
    let kind = select(vec![Unknown, Direct, Group, Broadcast, Order]);
    let people = (proptest::collection::vec(person_id(), 0..4), option::of(person()));
    let facts = (kind, line(), option::of(line()), option::of(any::<u32>()), any::<[bool; 6]>());
    let rest =
        (option::of(time()), option::of(text()), option::of(line()), option::of(select(NotifyLevel::ALL.to_vec())));
    let id_and_last = room_id().prop_flat_map(|id| (Just(id.clone()), option::of(last(id)))).boxed();
    (id_and_last, people, facts, rest).prop_map(|((id, last_message), people, facts, rest)| RoomInfo {
        id,
        kind: facts.0,
        title: Some(facts.1),
        nickname: rest.2,
        avatar: facts.2,
        participants: people.0,
        peer: people.1.map(Box::new),
        unread: facts.3,
        muted: facts.4[0],
        archived: facts.4[1],
        last_message,
        created_at: rest.0,
        metadata: rest.1.map(String::into_boxed_str),
        settings: RoomSettings {
            muted: facts.4[2],
            muted_until: rest.0.filter(|_| facts.4[2]),
            archived: facts.4[3],
            pinned: facts.4[4],
            marked_unread: facts.4[5],
            notify: rest.3,
        },
    })
}

pub(super) fn read_marker() -> impl Strategy<Value = ReadMarker> {
    (message_id(), time()).prop_map(|(message, at)| ReadMarker { message, at })
}

pub(super) fn draft() -> impl Strategy<Value = Draft> {
    (text(), any::<u32>(), option::of(text())).prop_map(|(text, cursor, context)| Draft { text, cursor, context })
}

fn path() -> impl Strategy<Value = std::path::PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let bytes = proptest::collection::vec(any::<u8>(), 0..12);
    prop_oneof![text().prop_map(Into::into), bytes.prop_map(|bytes| std::ffi::OsString::from_vec(bytes).into()),]
}

fn content() -> impl Strategy<Value = Content> {
    use AttachmentKind::{File, Gif, Image, Video, Voice};
    let file_kind = select(vec![Image, Video, Gif, Voice, File]);
    let facts = (path(), text(), file_kind, text(), any::<u64>(), option::of(any::<u32>())).prop_map(
        |(path, name, kind, mime, size, duration)| Box::new(OutgoingFile { path, name, kind, mime, size, duration }),
    );
    prop_oneof![
        (text(), option::of(local())).prop_map(|(text, reply_to)| Content::Text { text, reply_to }),
        (facts, option::of(local())).prop_map(|(file, reply_to)| Content::File { file, reply_to }),
        (local(), text(), kind(), option::of(attachment().prop_map(Box::new)))
            .prop_map(|(of, text, kind, attachment)| Content::Forward { of, text, kind, attachment }),
    ]
}

/// An outbox entry.
pub(super) fn entry() -> impl Strategy<Value = Entry> {
    let payload = prop_oneof![
        content().prop_map(OutboxPayload::Send),
        (message_id(), text()).prop_map(|(message, text)| OutboxPayload::Edit { message, text }),
        message_id().prop_map(|message| OutboxPayload::Delete { message }),
        message_id().prop_map(|message| OutboxPayload::DeleteForMe { message }),
    ];
    let stage = prop_oneof![
        Just(StoredStage::Queued),
        Just(StoredStage::Uncertain),
        Just(StoredStage::Failed(SendFailure::RoomDeleted)),
        Just(StoredStage::Failed(SendFailure::OtherAccount)),
        block().prop_map(|reason| StoredStage::Failed(SendFailure::Refused(reason))),
    ];
    (local(), room_id(), payload, stage, any::<u32>(), time())
        .prop_map(|(local, room, payload, stage, attempts, at)| Entry { local, room, payload, stage, attempts, at })
}
