//! The id of this device.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::store::StoreLocation;

const FIRST: &str = "447bc1aa-bbf4-4de6-bc43-19d349398f02";
const SECOND: &str = "7b3f0d1e-0000-4000-8000-000000000001";

#[test]
fn device_id_stays_the_same_and_differs_by_account() {
    let dir = tempfile::tempdir().unwrap();
    let location = |profile, user| StoreLocation::for_account(&dir.path().join("new"), profile, &["vchat", "u", user]);
    assert_eq!(location("work", "ann").device_id(FIRST).unwrap(), FIRST);
    assert_eq!(location("work", "ann").device_id(SECOND).unwrap(), FIRST);
    for (profile, user) in [("home", "ann"), ("work", "bob")] {
        assert_eq!(location(profile, user).device_id(SECOND).unwrap(), SECOND);
    }
    let mode = |path: std::path::PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(location("work", "ann").device_file()), mode(dir.path().join("new"))), (0o600, 0o700));
    assert_eq!(fs::read_dir(dir.path().join("new")).unwrap().count(), 3, "nothing unfinished is left");
}

#[test]
fn damaged_device_id_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let location = StoreLocation::new(dir.path().join("a.db"));
    for damaged in [&b""[..], b"447bc1aa", b"\xff\xfe", &[b'a'; 36], &[b'a'; 5000]] {
        fs::write(location.device_file(), damaged).unwrap();
        assert_eq!(location.device_id(FIRST).unwrap(), FIRST);
        assert_eq!(location.device_id(SECOND).unwrap(), FIRST);
    }
}

#[test]
fn device_id_that_cannot_be_stored_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    assert!(StoreLocation::new(dir.path().join("file/a.db")).device_id(FIRST).is_err());
}
