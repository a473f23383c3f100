//! Errors of requests and events: an HTTP status and a text (§1.5).

/// An error. The REST API reports it in an error body, a socket with a `v1OnException` event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// HTTP status.
    pub(crate) status: u16,
    /// Text for the client.
    pub(crate) message: String,
}

/// The result of an operation that can fail.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// 400: the request is invalid.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }

    /// 403: the user may not do this.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self { status: 403, message: message.into() }
    }

    /// 404: the thing does not exist.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self { status: 404, message: message.into() }
    }

    /// 450: the device is logged out.
    pub(crate) fn logged_out() -> Self {
        Self { status: 450, message: "Your session is over, login again".to_owned() }
    }

    /// 507: a storage limit is reached.
    pub(crate) fn storage_full(message: impl Into<String>) -> Self {
        Self { status: 507, message: message.into() }
    }

    /// The user is not a member of the room, or the room does not exist. The error is the same for both, so that nobody
    /// can find out which rooms exist.
    pub(crate) fn no_access() -> Self {
        Self::forbidden("You dont have access")
    }
}
