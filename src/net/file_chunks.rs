//! Reads a file in chunks on a blocking thread while it is being uploaded.
//!
//! Memory does not depend on the file's size: the reader waits when it is ahead of the sender. A file that is missing
//! or has changed since the user chose it is an error that says what to do.

use std::fs::File;
use std::io::{self, ErrorKind, Read};

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::domain::OutgoingFile;

/// Size of a chunk, in bytes.
pub(super) const CHUNK_BYTES: usize = 64 << 10;

/// Maximum number of chunks that wait for the sender.
const QUEUED_CHUNKS: usize = 2;

/// The chunks of a file in order. The first error, a sentence for the user, is the last item.
pub(super) type FileChunks = mpsc::Receiver<Result<Bytes, String>>;

/// Opens a file and starts to read it. Fails with a sentence for the user.
pub(super) async fn open(outgoing: OutgoingFile) -> Result<FileChunks, String> {
    let (sender, receiver) = mpsc::channel(QUEUED_CHUNKS);
    let name = outgoing.name.clone();
    let opened = tokio::task::spawn_blocking(move || open_unchanged(&outgoing)).await;
    let file = opened.unwrap_or_else(|_| Err(format!("{name} cannot be opened. Try again.")))?;
    tokio::task::spawn_blocking(move || read_chunks(&name, file, &sender));
    Ok(receiver)
}

/// Opens a file if it is a regular file of the expected size. Returns the file and its size.
fn open_unchanged(outgoing: &OutgoingFile) -> Result<(File, u64), String> {
    let explain = |error: &io::Error| read_error(&outgoing.name, error);
    // Checked before opening, because opening a pipe would wait for a writer.
    let metadata = std::fs::metadata(&outgoing.path).map_err(|error| explain(&error))?;
    if !metadata.is_file() || metadata.len() != outgoing.size {
        return Err(changed(&outgoing.name));
    }
    File::open(&outgoing.path).map(|file| (file, outgoing.size)).map_err(|error| explain(&error))
}

fn read_error(name: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("{name} no longer exists. Send it again from its new location."),
        ErrorKind::PermissionDenied => {
            format!("No permission to read {name}. Change its permissions and send it again.")
        }
        _ => format!("{name} cannot be read: {error}. Check the file and send it again."),
    }
}

fn changed(name: &str) -> String {
    format!("{name} has changed since you chose it. Send it again.")
}

/// Reads until the end of the file or until the receiver is gone.
fn read_chunks(name: &str, (mut file, size): (File, u64), chunks: &mpsc::Sender<Result<Bytes, String>>) {
    let mut remaining = size;
    while remaining > 0 {
        let mut chunk = vec![0; usize::try_from(remaining).unwrap_or(CHUNK_BYTES).min(CHUNK_BYTES)];
        let result = match file.read(&mut chunk) {
            Ok(0) => Err(changed(name)),
            Ok(count) => {
                chunk.truncate(count);
                remaining -= count as u64;
                // If the file has grown in the meantime, the last chunk is held back so that the upload fails.
                let has_grown = remaining == 0 && file.metadata().is_ok_and(|metadata| metadata.len() != size);
                if has_grown { Err(changed(name)) } else { Ok(Bytes::from(chunk)) }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(read_error(name, &error)),
        };
        let failed = result.is_err();
        if chunks.blocking_send(result).is_err() || failed {
            return;
        }
    }
}
