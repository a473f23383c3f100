//! Protection of the process's memory, which holds keys and messages, against core dumps and other processes.

/// Makes the kernel write no core dump of this process, whatever ends it. On Linux, other processes of the user can no
/// longer read its memory either. Programs that are started do not inherit this.
#[cfg(target_os = "linux")]
pub fn forbid_core_dumps() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    // The call has no reason to fail; without it, everything works as before.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Makes the kernel write no core dump of this process and of programs that it starts.
#[cfg(all(unix, not(target_os = "linux")))]
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::Core).maximum;
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
}

/// Other platforms write core dumps only if an administrator asks for them.
#[cfg(not(unix))]
pub fn forbid_core_dumps() {}
