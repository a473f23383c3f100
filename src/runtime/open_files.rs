//! The limit of the system on open files, which a server with many connections may reach.

/// Raises the limit to `needed` if it is lower, as far as that is possible without privileges. Returns a warning if it
/// remains lower.
pub(super) fn allow_open_files(needed: usize) -> Option<String> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let needed = needed as u64;
        if limit.current.is_some_and(|current| current < needed) {
            let raised = limit.maximum.map_or(needed, |maximum| maximum.min(needed));
            let is_raised =
                setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum }).is_ok();
            if !is_raised || raised < needed {
                return Some(format!("This may need {needed} open files, more than the system allows (`ulimit -Hn`)."));
            }
        }
    }
    #[cfg(not(unix))]
    let _ = needed;
    None
}
