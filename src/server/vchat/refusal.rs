//! Why something is refused: a status and a sentence (protocol note §1.5).

/// A refusal. On the wire it is an error body whose `data` is the sentence; on a socket, a `v1OnException`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// What to tell the one who asked.
    pub(crate) why: String,
}

/// The answer to something that may be refused.
pub(crate) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// 400: the request is wrong.
    pub(crate) fn bad(why: impl Into<String>) -> Self {
        Self { status: 400, why: why.into() }
    }

    /// 403: not for you.
    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        Self { status: 403, why: why.into() }
    }

    /// 404: not there.
    pub(crate) fn missing(why: impl Into<String>) -> Self {
        Self { status: 404, why: why.into() }
    }

    /// 450: the device is logged out.
    pub(crate) fn logged_out() -> Self {
        Self { status: 450, why: "Your session is over, login again".to_owned() }
    }

    /// Not a member, or no such room: the answer is the same, so that room ids tell nothing.
    pub(crate) fn no_access() -> Self {
        Self::forbidden("You dont have access")
    }
}
