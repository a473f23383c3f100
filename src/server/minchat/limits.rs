//! Limits on the sizes of texts and metadata and on the numbers of users and chats. Those of the real service are not
//! known; a server that keeps everything in memory needs some.

use serde_json::Value;

use crate::server::quota::{ENTRY_BYTES, MAX_LEVELS, is_deeper, is_too_deep, json_bytes};

use super::model::{ApiError, File, Metadata, Profile};

/// Maximum size of a message text, in bytes.
pub(super) const MAX_TEXT_BYTES: usize = 64 << 10;
/// Maximum size of a name, title or URL, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 4 << 10;
/// Maximum size of one metadata object in memory, in bytes (approximate).
const MAX_METADATA_BYTES: usize = 64 << 10;
/// Maximum size of a user object in memory, in bytes (approximate): with the longest username, name and URL of a picture,
/// the largest metadata, and a few ids and times.
const MAX_USER_BYTES: usize = MAX_METADATA_BYTES + 4 * MAX_NAME_BYTES;

/// Refuses a text that is longer than `max_bytes`.
pub(super) fn check_length(name: &str, text: &str, max_bytes: usize) -> Result<(), ApiError> {
    if text.len() > max_bytes {
        return Err(ApiError::bad_request(format!("{name} is longer than {max_bytes} bytes")));
    }
    Ok(())
}

/// Refuses another item if there are `max` of them already.
pub(super) fn check_count(count: usize, max: usize, items: &str) -> Result<(), ApiError> {
    if count < max {
        return Ok(());
    }
    Err(ApiError::StorageFull(format!("The sandbox keeps at most {max} {items}. Delete some, or restart it.")))
}

/// Approximate size of metadata in memory. Fails if it is too large or nested too deeply.
pub(super) fn metadata_bytes(metadata: Option<&Metadata>) -> Result<usize, ApiError> {
    let Some(metadata) = metadata else { return Ok(0) };
    let size = object_bytes(metadata);
    if size > MAX_METADATA_BYTES {
        return Err(ApiError::bad_request(format!("metadata is larger than {MAX_METADATA_BYTES} bytes")));
    }
    if metadata.values().any(is_too_deep) {
        return Err(ApiError::bad_request("metadata is nested too deeply"));
    }
    Ok(size)
}

/// Approximate size of an object in memory, with a generous allowance for its values.
pub(super) fn object_bytes(object: &Metadata) -> usize {
    object.iter().map(|(key, value)| key.len() + 2 * json_bytes(value)).sum()
}

/// Size of a user's profile. Fails if a part of it is too long.
pub(super) fn profile_bytes(profile: &Profile) -> Result<usize, ApiError> {
    let texts = [("name", &profile.name), ("avatar", &profile.avatar)];
    let mut size = metadata_bytes(profile.metadata.as_ref())?;
    for (name, text) in texts {
        let text = text.as_deref().unwrap_or_default();
        check_length(name, text, MAX_NAME_BYTES)?;
        size += text.len();
    }
    Ok(size)
}

/// Size of a message. Fails if a part of it is too long.
pub(super) fn message_bytes(
    text: Option<&str>,
    file: Option<&File>,
    metadata: Option<&Metadata>,
) -> Result<usize, ApiError> {
    let text = text.unwrap_or_default();
    check_length("text", text, MAX_TEXT_BYTES)?;
    let mut size = ENTRY_BYTES + text.len() + metadata_bytes(metadata)?;
    if let Some(File { kind, url, name, size: file_size }) = file {
        let texts = [("type", Some(kind)), ("url", Some(url)), ("name", name.as_ref()), ("size", file_size.as_ref())];
        for (field, text) in texts {
            let text = text.map(String::as_str).unwrap_or_default();
            check_length(field, text, MAX_NAME_BYTES)?;
            size += text.len();
        }
    }
    Ok(size)
}

/// Refuses the user object of a typing event if it is larger than that of any user, or nested more deeply: it is passed on
/// to everybody in the chat.
pub(super) fn check_typing_user(user: &Value) -> Result<(), ApiError> {
    if json_bytes(user) > MAX_USER_BYTES {
        return Err(ApiError::bad_request(format!("user is larger than {MAX_USER_BYTES} bytes")));
    }
    // A value of the metadata is two levels below the user.
    if is_deeper(user, MAX_LEVELS + 2) {
        return Err(ApiError::bad_request("user is nested too deeply"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Regression test: a user with an ordinary picture and some metadata could not type.
    #[test]
    fn typing_user_may_have_the_largest_profile() {
        let text = |bytes| "a".repeat(bytes);
        let nested = (0..MAX_LEVELS).fold(json!(1), |inner, _| json!([inner]));
        let metadata = json!({ "k": text(MAX_METADATA_BYTES / 2 - 4_000), "n": nested });
        let profile = Profile {
            name: Some(text(MAX_NAME_BYTES)),
            avatar: Some(text(MAX_NAME_BYTES)),
            metadata: metadata.as_object().cloned(),
        };
        assert!(profile_bytes(&profile).is_ok());
        let user = |metadata: &Value| {
            json!({
                "id": "c", "username": text(MAX_NAME_BYTES), "name": profile.name, "avatar": profile.avatar,
                "metadata": metadata, "createdAt": "2026-11-21T18:03:27.198Z", "lastActive": "2026-11-21T18:03:27.198Z",
            })
        };
        assert!(check_typing_user(&user(&metadata)).is_ok());
        assert!(check_typing_user(&user(&json!({ "k": text(2 * MAX_METADATA_BYTES) }))).is_err());
        assert!(check_typing_user(&user(&json!({ "n": [[metadata["n"]]] }))).is_err());
    }
}
