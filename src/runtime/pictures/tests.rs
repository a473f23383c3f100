//! Decoding, scaling and caching of pictures.

use std::fs;
use std::time::{Duration, SystemTime};

use super::cache::{PictureCache, remove_oldest};
use super::decoder::decode;
use crate::domain::{Picture, PictureRequest, Pixel};
use crate::store::ForgottenFiles;

/// A picture whose left half is red and whose right half is transparent.
const PNG: &[u8] = include_bytes!("../../../tests/fixtures/pictures/halves.png");
/// A picture whose left half is red and whose right half is blue.
const WEBP: &[u8] = include_bytes!("../../../tests/fixtures/pictures/halves.webp");
/// The same as an animation whose second frame is green and blue.
const GIF: &[u8] = include_bytes!("../../../tests/fixtures/pictures/halves.gif");
/// The same from a camera that was held upright, so that red is above.
const JPEG: &[u8] = include_bytes!("../../../tests/fixtures/pictures/turned.jpg");
/// The same, larger and with lossy compression.
const LOSSY_WEBP: &[u8] = include_bytes!("../../../tests/fixtures/pictures/large.webp");
/// The icon of the demo.
const ICON: &[u8] = include_bytes!("../../../assets/demo-kettle.png");

fn space(columns: u16, rows: u16) -> PictureRequest {
    PictureRequest { url: "http://h/x".into(), columns, rows, is_enlarged: false }
}

fn is_red(pixel: Pixel) -> bool {
    pixel.is_some_and(|[red, green, blue]| red > 200 && green < 60 && blue < 60)
}

fn is_blue(pixel: Pixel) -> bool {
    pixel.is_some_and(|[red, green, blue]| blue > 200 && green < 60 && red < 60)
}

fn size(picture: &Picture) -> (u16, u16) {
    (picture.columns(), picture.rows())
}

#[test]
fn every_format_is_decoded_and_scaled() {
    for (name, file) in [("png", PNG), ("webp", WEBP), ("lossy webp", LOSSY_WEBP), ("gif", GIF)] {
        let picture = decode(file, &space(8, 8), None).unwrap();
        assert_eq!(size(&picture), (8, 2), "{name}: twice as wide as high");
        for row in 0..2 {
            let (upper, lower) = picture.cell(0, row);
            assert!(is_red(upper) && is_red(lower), "{name}");
            let (upper, lower) = picture.cell(7, row);
            assert!(if name == "png" { upper.is_none() } else { is_blue(upper) && is_blue(lower) }, "{name}");
        }
    }
}

#[test]
fn photo_is_turned_as_the_camera_was_held() {
    let picture = decode(JPEG, &space(100, 4), None).unwrap();
    assert_eq!(size(&picture), (4, 4));
    assert!(is_red(picture.cell(0, 0).0) && is_red(picture.cell(3, 1).1));
    assert!(is_blue(picture.cell(0, 2).0) && is_blue(picture.cell(3, 3).1));
}

#[test]
fn small_picture_is_not_enlarged() {
    assert_eq!(size(&decode(PNG, &space(200, 100), None).unwrap()), (32, 8));
    assert_eq!(size(&decode(ICON, &space(60, 8), None).unwrap()), (16, 8));
    assert_eq!(size(&decode(ICON, &space(1, 1), None).unwrap()), (1, 1));
}

#[test]
fn small_picture_is_enlarged_on_the_whole_screen() {
    let picture = decode(PNG, &PictureRequest { is_enlarged: true, ..space(200, 40) }, None).unwrap();
    assert_eq!(size(&picture), (160, 40));
    assert!(is_red(picture.cell(79, 20).0) && picture.cell(80, 20).0.is_none());
}

#[test]
fn file_that_is_no_picture_is_refused_with_a_reason() {
    let error = |file: &[u8]| decode(file, &space(8, 8), None).unwrap_err();
    assert_eq!(error(b"<svg></svg>"), "its format is not supported.");
    assert_eq!(error(b""), "its format is not supported.");
    for file in [PNG, WEBP, GIF, JPEG] {
        assert_eq!(error(&file[..file.len().min(24)]), "its file is damaged.");
    }
    // The header of a PNG file with 60,000 x 60,000 pixels.
    let mut huge = PNG.to_vec();
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    assert!(["its file is damaged.", "it has too many pixels."].contains(&&*error(&huge)));
}

/// A decoder gets whatever a server returns. Broken files are refused, or show something, but never panic.
#[test]
fn damaged_files_do_not_panic() {
    for file in [PNG, WEBP, LOSSY_WEBP, GIF, JPEG, ICON] {
        for at in 0..file.len() {
            let mut damaged = file.to_vec();
            damaged[at] ^= 0x5a;
            let _ = decode(&damaged, &space(8, 8), None);
            let _ = decode(&file[..at], &space(8, 8), None);
        }
    }
}

#[test]
fn cache_returns_what_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    for cache in [PictureCache::new(Some(folder.path().join("pictures"))), PictureCache::new(None)] {
        assert_eq!(cache.get("http://h/a"), None);
        cache.fetch("http://h/a").keep(b"one".to_vec()).unwrap();
        cache.fetch("http://h/b").keep(b"two".to_vec()).unwrap();
        cache.fetch("http://h/a").keep(b"three".to_vec()).unwrap();
        assert_eq!(cache.get("http://h/a").as_deref(), Some(&b"three"[..]));
        assert_eq!(cache.get("http://h/b").as_deref(), Some(&b"two"[..]));
    }
    let names = fs::read_dir(folder.path().join("pictures")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().contains('h')), "addresses are not in file names");
}

#[test]
fn removed_pictures_are_in_no_cache() {
    let folder = tempfile::tempdir().unwrap();
    for cache in [PictureCache::new(Some(folder.path().to_owned())), PictureCache::new(None)] {
        for url in ["http://h/a", "http://h/b", "http://h/c"] {
            cache.fetch(url).keep(b"cat".to_vec()).unwrap();
        }
        cache.remove(&at(&["http://h/a", "http://h/never"]));
        assert_eq!((cache.get("http://h/a"), cache.get("http://h/b").is_some()), (None, true));
        cache.remove(&ForgottenFiles::All);
        assert_eq!((cache.get("http://h/b"), cache.get("http://h/c")), (None, None));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Regression test: a picture that was fetched twice at the same time, or for longer than anybody waits, or whose whole
/// account was cleared meanwhile, was written after it had been removed.
#[test]
fn picture_removed_while_it_is_fetched_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    for cache in [PictureCache::new(Some(folder.path().to_owned())), PictureCache::new(None)] {
        for removed in [at(&["http://h/a"]), ForgottenFiles::All] {
            let (first, second) = (cache.fetch("http://h/a"), cache.fetch("http://h/a"));
            cache.remove(&removed);
            let later = cache.fetch("http://h/a");
            first.keep(b"cat".to_vec()).unwrap();
            second.keep(b"cat".to_vec()).unwrap();
            assert_eq!(cache.get("http://h/a"), None);
            later.keep(b"cat".to_vec()).unwrap();
            assert!(cache.get("http://h/a").is_some(), "it was fetched for another message afterwards");
        }
    }
}

fn at(urls: &[&str]) -> ForgottenFiles {
    ForgottenFiles::At(urls.iter().map(|url| (*url).to_owned()).collect())
}

#[test]
fn memory_for_pictures_is_bounded() {
    let cache = PictureCache::new(None);
    for number in 0..5 {
        cache.fetch(&number.to_string()).keep(vec![0; 5 << 20]).unwrap();
    }
    let kept: Vec<_> = (0..5).filter(|number: &i32| cache.get(&number.to_string()).is_some()).collect();
    assert_eq!(kept, [2, 3, 4]);
}

#[test]
fn oldest_files_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    for (name, age) in [("a", 30), ("b", 10), ("c", 20)] {
        let path = folder.path().join(name);
        fs::write(&path, [0; 100]).unwrap();
        let file = fs::File::options().append(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 - age)).unwrap();
    }
    remove_oldest(folder.path(), 150).unwrap();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["b"]);
}
