use super::*;
use crate::domain::{Amendment, Edit, EditedFile, MessageChange, MessageId, PageSerial, TimeFormat, Timestamp};
use crate::text::SafeText;

fn message(n: i64) -> ExportedMessage {
    ExportedMessage {
        id: format!("m{n}"),
        sent_at: Timestamp(n * 1_000),
        author: None,
        text: format!("text {n}"),
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

fn header() -> Box<ExportHeader> {
    let (title, room) = ("Trip".to_owned(), "r1".to_owned());
    Box::new(ExportHeader { title, room, exported_at: Timestamp(0), times: TimeFormat::default(), missing: None })
}

fn target(path: &Path) -> ExportTarget {
    let path = Some(path.display().to_string());
    ExportTarget { path, name: "Trip / .. to\u{7} Rome".into(), format: ExportFormat::Text, replaces: false }
}

fn finished(work: &mut Work) -> PathBuf {
    match work.carry_out(ExportStep::Finish(header(), Amendments::default())) {
        ExportReply::Finished(path) => path.into(),
        reply => panic!("{reply:?}"),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn blocks_are_written_in_the_order_of_the_room() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trip.txt");
    let mut work = Work::default();
    assert_eq!(work.open(&target(&path), None), ExportReply::Opened);
    for block in [[5, 6], [3, 4], [1, 2]] {
        assert_eq!(work.carry_out(ExportStep::Append(block.map(message).to_vec())), ExportReply::Appended);
        assert!(names(dir.path()).is_empty(), "nothing is visible before the export is complete");
    }
    assert_eq!(finished(&mut work), path.canonicalize().unwrap());
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| line.contains("text ")).collect();
    let expected: Vec<_> = (1..=6).map(|n| format!("00:00  * text {n}")).collect();
    assert_eq!(lines, expected);
    assert_eq!(names(dir.path()), ["trip.txt"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn changes_meanwhile_are_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trip.txt");
    let mut work = Work::default();
    work.open(&target(&path), None);
    work.carry_out(ExportStep::Append((1..=3).map(message).collect()));
    let change = |id, amendment| MessageChange { message: MessageId::new(id), room: None, author: None, amendment };
    let mut amendments = Amendments::default();
    amendments.add(
        PageSerial::default(),
        change("m1", Amendment::Edited(Edit { text: SafeText::block("new"), file: EditedFile::Kept })),
    );
    amendments.add(PageSerial::default(), change("m2", Amendment::Removed));
    amendments.add(PageSerial::default(), change("m3", Amendment::Deleted));
    let reply = work.carry_out(ExportStep::Finish(header(), amendments));
    assert!(matches!(reply, ExportReply::Finished(_)), "{reply:?}");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("00:00")).collect();
    assert_eq!(lines, ["00:00  * new (edited)", "00:00  * [Message deleted]"]);
}

#[test]
fn existing_file_is_replaced_only_on_request() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trip.txt");
    std::fs::write(&path, "precious").unwrap();
    let mut work = Work::default();
    let shown = path.canonicalize().unwrap().display().to_string();
    assert_eq!(work.open(&target(&path), None), ExportReply::Exists(shown));
    let replacing = ExportTarget { replaces: true, ..target(&path) };
    assert_eq!(work.open(&replacing, None), ExportReply::Opened);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious", "until the export is complete");
    finished(&mut work);
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("Trip\n"));
}

#[test]
fn file_that_appears_meanwhile_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trip.txt");
    let mut work = Work::default();
    assert_eq!(work.open(&target(&path), None), ExportReply::Opened);
    std::fs::write(&path, "precious").unwrap();
    assert_eq!(finished(&mut work).file_name().unwrap(), "trip-2.txt");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
}

#[test]
fn file_in_a_folder_is_named_after_the_room() {
    let dir = tempfile::tempdir().unwrap();
    for expected in ["Trip .. to Rome.txt", "Trip .. to Rome-2.txt"] {
        let mut work = Work::default();
        assert_eq!(work.open(&target(dir.path()), None), ExportReply::Opened);
        assert_eq!(finished(&mut work).file_name().unwrap(), expected);
    }
}

#[test]
fn unusable_path_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    let mut work = Work::default();
    let reply = work.open(&target(&dir.path().join("nowhere/trip.txt")), None);
    let ExportReply::Failed(sentence) = reply else { panic!("{reply:?}") };
    assert!(sentence.starts_with("There is no folder "), "{sentence}");
    let reply = work.open(&target(Path::new("/dev/null")), None);
    assert!(matches!(&reply, ExportReply::Failed(sentence) if sentence.contains("not a regular file")), "{reply:?}");
}
