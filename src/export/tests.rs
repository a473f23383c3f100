use super::*;
use crate::domain::{
    Amendment, Amendments, Edit, EditedFile, MINUTE, MessageChange, MessageId, PageSerial, PersonId, TimeFormat,
    Timestamp,
};
use crate::text::SafeText;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Saturday 21 November 2026, 18:00 UTC.
const BEGIN: Timestamp = Timestamp(1_795_284_000_000);

fn header() -> ExportHeader {
    ExportHeader {
        title: "Weekend *trip*".into(),
        room: "r1".into(),
        exported_at: BEGIN,
        times: TimeFormat::default(),
        missing: None,
    }
}

fn message(id: &str, minutes: i64, text: &str) -> ExportedMessage {
    let author = ExportedPerson { id: "p1".into(), username: "ana".into(), name: "Ana".into() };
    ExportedMessage {
        id: id.into(),
        sent_at: BEGIN + minutes * MINUTE,
        author: Some(author),
        text: text.into(),
        earlier_texts: Vec::new(),
        edited: false,
        deleted: false,
        forwarded: false,
        starred: false,
        reply_to: None,
        file: None,
        gap_after: false,
    }
}

fn written(format: ExportFormat, header: &ExportHeader, messages: Vec<ExportedMessage>) -> String {
    let mut out = Vec::new();
    write_room(&mut out, format, header, messages.into_iter().map(Ok)).unwrap();
    String::from_utf8(out).unwrap()
}

fn conversation() -> Vec<ExportedMessage> {
    let quote = ExportedQuote { id: "m1".into(), author: "Ana".into(), text: "first".into() };
    let file = ExportedFile {
        kind: "image".into(),
        name: "cat.png".into(),
        size: "2 MB".into(),
        bytes: None,
        url: "https://files.example/cat.png".into(),
    };
    vec![
        ExportedMessage { edited: true, earlier_texts: vec!["fist".into()], ..message("m1", 0, "first\nsecond line") },
        ExportedMessage { deleted: true, ..message("m2", 1, "") },
        ExportedMessage { author: None, gap_after: true, ..message("m3", 2, "Bob joined") },
        ExportedMessage { reply_to: Some(quote), ..message("m4", 600, "yes") },
        ExportedMessage { file: Some(file), forwarded: true, ..message("m5", 601, "") },
    ]
}

#[test]
fn text_has_days_authors_and_marks() {
    let expected = "\
Weekend *trip*
Exported 2026-11-21 18:00:00 +00:00

=== Saturday 21 November 2026 ===

18:00  Ana: first
       second line (edited)
18:01  Ana: [Message deleted]
18:02  * Bob joined

       --- Messages are missing here. ---


=== Sunday 22 November 2026 ===

04:00  Ana: > Ana: first
       yes
04:01  Ana: [Forwarded]
       [image] cat.png (2 MB) https://files.example/cat.png
";
    assert_eq!(written(ExportFormat::Text, &header(), conversation()), expected);
}

#[test]
fn markdown_has_headings_and_quotations() {
    let expected = "\
# Weekend \\*trip\\*

Exported 2026-11-21 18:00:00 +00:00

## Saturday 21 November 2026

**Ana** 18:00 *(edited)*

> first
> second line

**Ana** 18:01

> *Message deleted*

18:02 *Bob joined*

*Messages are missing here.*

## Sunday 22 November 2026

**Ana** 04:00

> > **Ana**: first
>
> yes

**Ana** 04:01 *(forwarded)*

> \\[image\\] cat.png (2 MB) https://files.example/cat.png
";
    assert_eq!(written(ExportFormat::Markdown, &header(), conversation()), expected);
}

#[test]
fn json_is_one_document_that_can_be_read_back() {
    let text = written(ExportFormat::Json, &header(), conversation());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["title"], "Weekend *trip*");
    assert_eq!(value["messages"][0]["sent_at"], "2026-11-21T18:00:00.000Z");
    let messages: Vec<ExportedMessage> = serde_json::from_value(value["messages"].clone()).unwrap();
    assert_eq!(messages, conversation());
    assert_eq!(text.lines().count(), 5 + 5 + 2, "one line for each message:\n{text}");
    let empty = written(ExportFormat::Json, &header(), Vec::new());
    assert!(serde_json::from_str::<serde_json::Value>(&empty).is_ok(), "{empty}");
}

#[test]
fn control_characters_are_never_written() {
    let evil = "a\u{1b}[31mb\u{202e}c\u{9b}2Jd\u{7}\u{200b}é";
    let author = ExportedPerson { id: "p1".into(), username: String::new(), name: evil.into() };
    let message = ExportedMessage { author: Some(author), ..message("m1", 0, evil) };
    let header = ExportHeader { title: evil.into(), missing: Some(evil.into()), ..header() };
    for format in [ExportFormat::Text, ExportFormat::Markdown, ExportFormat::Json] {
        let text = written(format, &header, vec![message.clone()]);
        let is_dangerous = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{200b}');
        assert!(!text.contains(is_dangerous), "{format:?}: {text:?}");
        if format == ExportFormat::Json {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(value["messages"][0]["text"], evil, "JSON keeps the text exactly");
        }
    }
}

#[test]
fn markdown_of_a_message_ends_with_it() {
    let texts = ["```\nnever closed", "<script>x</script> ![](https://tracker.example/x)", "`<b>` <b>", "# heading"];
    let messages = texts.iter().map(|text| message("m", 0, text)).collect();
    let text = written(ExportFormat::Markdown, &header(), messages);
    let inside = text.lines().filter(|line| texts.iter().any(|text| line.contains(text)));
    assert!(inside.clone().all(|line| line.starts_with("> ")), "{text}");
    assert!(!text.contains("<script>") && !text.contains(" ![]"), "{text}");
    assert!(text.contains("> `<b>` &lt;b>"), "code stays as it is: {text}");
}

/// Returns what a viewer would run, fetch, or take for the address of a word in another message.
fn elements(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    for options in [Options::empty(), Options::ENABLE_TABLES, Options::ENABLE_GFM, Options::all()] {
        let parser = Parser::new_ext(markdown, options);
        found.extend(parser.reference_definitions().iter().map(|(name, _)| name.to_owned()));
        found.extend(parser.filter_map(|event| match event {
            Event::Html(html) | Event::InlineHtml(html) => Some(html.into_string()),
            Event::Start(Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        }));
    }
    found
}

/// The search for code took other backticks for its end than viewers do.
#[test]
fn markdown_has_neither_html_nor_images() {
    for (text, expected) in [
        ("` ``  <img src=x> ```", "> ` ``  &lt;img src=x> ```"),
        ("a ` b\n\n<img src=x>\n\nc `", "> a ` b\n>\n> &lt;img src=x>\n>\n> c `"),
        ("\\`<img src=x>\\`", "> \\`&lt;img src=x>\\`"),
        ("` a\n<div> `", "> ` a\n> &lt;div> `"),
        ("|`a|b|\n|-|-|\n|`a|<b>`|", "> |`a|b|\n> |-|-|\n> |`a|&lt;b>`|"),
        ("\t<b>x</b>", "> \t&lt;b>x&lt;/b>"),
        ("```\n<b>\n```\n    ![a](b)", "> ```\n> <b>\n> ```\n>     ![a](b)"),
        ("![a](b) \\![a](b) \\\\<b>", "> \\![a](b) \\![a](b) \\\\&lt;b>"),
        ("[a]: http://b\n\n![a]", "> [a]\\: http://b\n>\n> \\![a]"),
        ("[a`]:`", "> [a`]\\:`"),
        ("`a[0]: 1` ![", "> `a[0]: 1` \\!["),
        ("x < y & z!", "> x &lt; y & z!"),
    ] {
        let text = written(ExportFormat::Markdown, &header(), vec![message("m", 0, text)]);
        assert!(text.contains(&format!("\n\n{expected}\n")), "{expected}\n{text}");
        assert_eq!(elements(&text), [""; 0], "{text}");
    }
}

/// None of these may need a pass of its own for each sign.
#[test]
fn hostile_texts_are_exported_in_linear_time() {
    for part in ["`", "``` ", "<a t=\"`\"> `", "<!A ", "![", "[a]: b\n", "\\", "\\<", "|`<", "    <\n", "`<\n\n", "]:"]
    {
        let text = part.repeat((64 << 10) / part.len());
        let text = written(ExportFormat::Markdown, &header(), vec![message("m", 0, &text)]);
        assert_eq!(elements(&text), [""; 0], "{part}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_message_brings_elements_into_markdown(texts in prop::collection::vec(hostile_markdown(), 1..4)) {
        let messages = texts.iter().map(|text| message("m", 0, text)).collect();
        let text = written(ExportFormat::Markdown, &header(), messages);
        prop_assert_eq!(elements(&text), Vec::<String>::new(), "{}", text);
    }
}

/// Texts of parts that begin or end code, HTML, images and blocks.
fn hostile_markdown() -> impl Strategy<Value = String> {
    let parts = "` `` ``` ~~~ \\ <b> </b> <div> <br/> <!-- --> <? ?> <![CDATA[ ]]> <!A > <a/t=\" \"> ' ![ [ ] ](u) ](< ]: ![a] [^a] | $ $$ &lt; & a é \
        *** http://a.b <https://a.b> <script> </script> <pre> { } : !";
    let blanks = ["\n", "\n\n", " ", "    ", "\t", "> ", "- ", "1. ", "# ", "[a]: u\n", "|-|-|\n", "---\n", "<a t=\""];
    let parts: Vec<&str> = parts.split_ascii_whitespace().chain(blanks).collect();
    prop::collection::vec(prop::sample::select(parts), 0..24).prop_map(|parts| parts.concat())
}

#[test]
fn text_cannot_imitate_another_message() {
    let text = written(ExportFormat::Text, &header(), vec![message("m", 0, "hi\n18:01  Bob: I agree")]);
    assert!(!text.lines().any(|line| line.starts_with("18:01")), "{text}");
}

#[test]
fn incomplete_export_says_why() {
    let header = ExportHeader { missing: Some("you left the group".into()), ..header() };
    for format in [ExportFormat::Text, ExportFormat::Markdown, ExportFormat::Json] {
        let text = written(format, &header, Vec::new());
        assert!(text.contains("you left the group"), "{text}");
    }
}

fn edited(id: &str, author: Option<&str>, text: &str) -> MessageChange {
    changed(id, author, Amendment::Edited(Edit { text: SafeText::block(text), file: EditedFile::Kept }))
}

fn changed(id: &str, author: Option<&str>, amendment: Amendment) -> MessageChange {
    MessageChange { message: MessageId::new(id), room: None, author: author.map(PersonId::new), amendment }
}

fn amendments(changes: Vec<MessageChange>) -> Amendments {
    let mut amendments = Amendments::default();
    changes.into_iter().for_each(|change| amendments.add(PageSerial::default(), change));
    amendments
}

#[test]
fn amendments_follow_each_other_and_need_the_author() {
    let mut changes = vec![
        edited("m1", Some("p1"), "second"),
        changed("m1", Some("p2"), Amendment::Deleted),
        edited("m1", None, "third"),
        edited("m1", None, "third"),
    ];
    let amended = message("m1", 0, "first").amended(&amendments(changes.clone())).expect("a message");
    let earlier_texts = vec!["first".to_owned(), "second".to_owned()];
    assert_eq!(amended, ExportedMessage { edited: true, earlier_texts, ..message("m1", 0, "third") });
    changes.extend([changed("m1", Some("p1"), Amendment::Deleted), edited("m1", None, "fourth")]);
    let amended = message("m1", 0, "first").amended(&amendments(changes.clone())).expect("a message");
    assert!(amended.deleted && amended.text.is_empty() && amended.earlier_texts.is_empty());
    let other = message("m2", 0, "other");
    assert_eq!(other.clone().amended(&amendments(changes)), Some(other));
}

/// What was collected after several edits has the last text: they were applied to it once more.
#[test]
fn amendments_that_a_message_has_already_are_not_repeated() {
    let amendments = amendments(["second", "third"].map(|text| edited("m1", None, text)).to_vec());
    let collected = |text: &str| ExportedMessage { edited: true, ..message("m1", 0, text) };
    let texts = |text: &str| collected(text).amended(&amendments).map(|amended| (amended.earlier_texts, amended.text));
    assert_eq!(texts("third"), Some((vec![], "third".to_owned())));
    assert_eq!(texts("second"), Some((vec!["second".to_owned()], "third".to_owned())));
    assert_eq!(texts("first"), Some((vec!["first".to_owned(), "second".to_owned()], "third".to_owned())));
}
