//! Signs people in, connects them, lets them send, and waits for what they receive.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::plan::{LoadPlan, connections};
use super::report::LoadReport;
use super::retry::Retry;
use super::service::{BUSY, CallError, Person, Service};
use super::socket::Socket;
use super::stats::Stats;

/// Requests and connections that are begun at the same time before messages are sent.
const PREPARED_AT_ONCE: usize = 32;
/// Messages without a response at the same time. Further ones are not sent, and count as errors.
const MAX_IN_PROGRESS: usize = 1_024;
/// Time for the last deliveries.
const LAST_DELIVERIES: Duration = Duration::from_secs(5);
/// Time between two looks whether the last deliveries have arrived.
const DELIVERY_CHECK: Duration = Duration::from_millis(25);
/// Time between two reports of the progress.
const PROGRESS_STEP: Duration = Duration::from_millis(500);

/// A reason for which there is no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LoadError {
    /// The server cannot be reached.
    #[error("The server at {0} cannot be reached: {1}. Check --url.")]
    Unreachable(String, String),
    /// The server is no sandbox.
    #[error(
        "{0} is no sandbox. Without --url and MINCHAT_URL, one is started. To put your own server under load, use \
         --i-own-this-server."
    )]
    NoSandbox(String),
    /// The server has reached its limit of connections.
    #[error(
        "The server accepts no more connections. Let a sandbox accept enough of them: `minchat-tui serve --connections {0}`."
    )]
    Full(usize),
    /// The server refuses to let people in.
    #[error("{step} failed: {reason}. Check --api-key and the limits of the server.")]
    Refused {
        /// What failed.
        step: &'static str,
        /// The server's reason.
        reason: String,
    },
}

/// The progress of a load test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// People who are signed in and connected.
    Connecting {
        /// People who are connected.
        connected: usize,
    },
    /// Messages are being sent.
    Sending {
        /// Time since the first one.
        elapsed: Duration,
        /// Messages that were accepted.
        sent: u64,
        /// Errors.
        errors: u64,
        /// Half of all deliveries were faster than this, in milliseconds.
        delivery_p50: f64,
        /// 99 % of all deliveries were faster than this, in milliseconds.
        delivery_p99: f64,
    },
}

/// Carries out a load test. `tag` is a random word of at least eight hexadecimal digits.
///
/// # Errors
/// If the server cannot be reached, is no sandbox, or refuses the people.
pub async fn run(plan: LoadPlan, tag: String, mut progress: impl FnMut(Progress)) -> Result<LoadReport, LoadError> {
    let unreachable = |error: CallError| match error {
        CallError::Refused(BUSY, ..) => LoadError::Full(connections(plan.people)),
        error => LoadError::Unreachable(plan.url.clone(), error.kind()),
    };
    let service = Arc::new(Service::new(&plan, tag).map_err(unreachable)?);
    let retry = Retry::default();
    if !retry.until_done(|| service.is_sandbox()).await.map_err(unreachable)? && !plan.owns_server {
        return Err(LoadError::NoSandbox(plan.url));
    }
    let people = sign_in_all(&plan, &service, &retry).await?;
    let rooms = create_rooms(&plan, &service, &people, &retry).await?;
    let sockets = connect_all(&plan, &service, (&people, &rooms), &retry, &mut progress).await?;
    let stats = Arc::new(Stats::new(plan.messages()));
    let mut listeners = JoinSet::new();
    for (person, socket) in people.iter().zip(sockets) {
        let (stats, find) = (Arc::clone(&stats), service.finder(person));
        listeners.spawn(async move {
            let mut received = HashSet::new();
            let on_packet = |packet: &str| {
                if let Some(number) = find(packet) {
                    if received.insert(number) { stats.on_delivery(number) } else { stats.on_duplicate() }
                }
            };
            socket.receive(on_packet).await;
            stats.on_error("socket closed");
        });
    }
    let (accepted, time, in_time) = send_all(&plan, &service, (people, rooms), &stats, &mut progress).await;
    let receivers = |number: usize| plan.members(plan.place(number).0) - 1;
    let expected: u64 = accepted.iter().map(|number| receivers(*number) as u64).sum();
    let until = Instant::now() + LAST_DELIVERIES;
    while stats.delivered(&accepted) < expected && Instant::now() < until {
        tokio::time::sleep(DELIVERY_CHECK).await;
    }
    listeners.abort_all();
    Ok(LoadReport {
        people: plan.people,
        rooms: plan.rooms,
        prepared: retry.requests(),
        attempts: retry.attempts(),
        messages: plan.messages(),
        sent: stats.sent.load(Ordering::Relaxed),
        time,
        in_time,
        delivered: stats.delivered(&accepted),
        expected,
        duplicates: stats.duplicates(),
        errors: stats.errors(),
        response: stats.responses(),
        delivery: stats.deliveries(),
    })
}

/// Runs `task` for each number below `count`, some at the same time, and returns the results in order.
async fn all<T: Send + 'static, F>(
    count: usize,
    mut task: impl FnMut(usize) -> F,
    mut on_done: impl FnMut(usize),
) -> Result<Vec<T>, CallError>
where
    F: Future<Output = Result<T, CallError>> + Send + 'static,
{
    let (mut running, mut results) = (JoinSet::new(), Vec::new());
    let mut numbers = 0..count;
    loop {
        while running.len() < PREPARED_AT_ONCE
            && let Some(number) = numbers.next()
        {
            let task = task(number);
            running.spawn(async move { task.await.map(|result| (number, result)) });
        }
        let Some(done) = running.join_next().await else { break };
        results.push(done.map_err(|_| CallError::Unanswered("the task ended"))??);
        on_done(results.len());
    }
    results.sort_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

fn refused(plan: &LoadPlan, step: &'static str) -> impl Fn(CallError) -> LoadError {
    move |error| {
        let reason = match error {
            CallError::Refused(BUSY, ..) => return LoadError::Full(connections(plan.people)),
            CallError::Refused(status, reason, _) => format!("{status} {reason}").trim_end().to_owned(),
            CallError::Unanswered(reason) => reason.to_owned(),
        };
        LoadError::Refused { step, reason: reason.trim_end_matches('.').to_owned() }
    }
}

async fn sign_in_all(plan: &LoadPlan, service: &Arc<Service>, retry: &Retry) -> Result<Vec<Arc<Person>>, LoadError> {
    let sign_in = |number| {
        let (service, retry) = (Arc::clone(service), retry.clone());
        async move { retry.until_done(|| service.sign_in(number)).await.map(Arc::new) }
    };
    all(plan.people, sign_in, |_| {}).await.map_err(refused(plan, "Signing in"))
}

async fn create_rooms(
    plan: &LoadPlan,
    service: &Arc<Service>,
    people: &[Arc<Person>],
    retry: &Retry,
) -> Result<Vec<Arc<str>>, LoadError> {
    let create = |room: usize| {
        let (service, retry) = (Arc::clone(service), retry.clone());
        let members: Vec<_> = people.iter().skip(room).step_by(plan.rooms).cloned().collect();
        async move {
            let members: Vec<&Person> = members.iter().map(AsRef::as_ref).collect();
            retry.until_done(|| service.create_room(room, &members)).await.map(Arc::from)
        }
    };
    all(plan.rooms, create, |_| {}).await.map_err(refused(plan, "Creating rooms"))
}

async fn connect_all(
    plan: &LoadPlan,
    service: &Arc<Service>,
    (people, rooms): (&[Arc<Person>], &[Arc<str>]),
    retry: &Retry,
    progress: &mut impl FnMut(Progress),
) -> Result<Vec<Socket>, LoadError> {
    let open = |number: usize| {
        let (person, room) = (&people[number], &rooms[number % rooms.len()]);
        let (url, joins, retry) = (service.socket_url(person), service.joins(person, room), retry.clone());
        async move { retry.until_done(|| Socket::open(&url, joins.clone())).await }
    };
    let sockets = all(people.len(), open, |connected| progress(Progress::Connecting { connected })).await;
    sockets.map_err(refused(plan, "Connecting"))
}

/// Sends all messages when they are due. Returns the numbers of those that were accepted, the time it took, and how many
/// were accepted in that time.
async fn send_all(
    plan: &LoadPlan,
    service: &Arc<Service>,
    (people, rooms): (Vec<Arc<Person>>, Vec<Arc<str>>),
    stats: &Arc<Stats>,
    progress: &mut impl FnMut(Progress),
) -> (Vec<usize>, Duration, u64) {
    let slots = Arc::new(Semaphore::new(MAX_IN_PROGRESS));
    let (start, mut requests, mut accepted) = (Instant::now(), JoinSet::new(), Vec::new());
    let mut next_progress = start;
    for number in 0..plan.messages() {
        let due = start + Duration::from_secs_f64(number as f64 / f64::from(plan.rate));
        // The timer has a resolution of a millisecond, so several messages may be due at once.
        if due > Instant::now() {
            tokio::time::sleep_until(due.into()).await;
        }
        while let Some(done) = requests.try_join_next() {
            accepted.extend(done.ok().flatten());
        }
        if next_progress <= Instant::now() {
            next_progress += PROGRESS_STEP;
            let delivery = stats.deliveries();
            progress(Progress::Sending {
                elapsed: start.elapsed(),
                sent: stats.sent.load(Ordering::Relaxed),
                errors: stats.errors().values().sum(),
                delivery_p50: delivery.p50,
                delivery_p99: delivery.p99,
            });
        }
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
            stats.on_error("too many requests in progress");
            continue;
        };
        let (room, sender) = plan.place(number);
        let (service, stats) = (Arc::clone(service), Arc::clone(stats));
        let (person, room) = (Arc::clone(&people[sender]), Arc::clone(&rooms[room]));
        stats.on_sending(number, due);
        requests.spawn(async move {
            let outcome = service.send(&person, &room, number).await;
            drop(slot);
            match outcome {
                Ok(()) => {
                    stats.on_response(number);
                    Some(number)
                }
                Err(error) => {
                    stats.on_error(&error.kind());
                    None
                }
            }
        });
    }
    let end = start + plan.time;
    tokio::time::sleep_until(end.into()).await;
    let (time, in_time) = (start.elapsed(), stats.sent.load(Ordering::Relaxed));
    while let Some(done) = requests.join_next().await {
        accepted.extend(done.ok().flatten());
    }
    (accepted, time, in_time)
}
