//! Decides which faults a request or an event gets. Pure: the same seed and the same sequence of requests and events
//! give the same faults.

use std::time::Duration;

use fastrand::Rng;

use super::kind::Kind;
use super::rule::{Rule, Value};

/// What happens to a request besides a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestFault {
    /// The connection is closed before the request is carried out.
    Drop,
    /// The request is refused with this status.
    Refuse(u16),
    /// The connection is closed after the request was carried out.
    Lose,
    /// The response ends in the middle.
    Truncate,
    /// There is no response.
    Stall,
}

/// The faults of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RequestPlan {
    /// Time by which the response is delayed.
    pub(super) delay: Duration,
    /// Bytes per second of the connection, until the next request on it.
    pub(super) slow: Option<u32>,
    /// The first other fault that happens.
    pub(super) fault: Option<RequestFault>,
    /// Indices of the rules that fired.
    pub(super) fired: Vec<usize>,
}

/// What happens to an event besides a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventFault {
    /// It is not sent.
    Drop,
    /// It is sent twice.
    Dup,
    /// It is sent after the next one.
    Reorder,
    /// Half of it is sent, and then the connection is closed.
    Truncate,
    /// Neither it nor anything after it is sent.
    Stall,
    /// A packet that disconnects the client follows it.
    Disconnect,
}

/// The faults of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EventPlan {
    /// Time by which it is delayed.
    pub(super) delay: Duration,
    /// The first other fault that happens.
    pub(super) fault: Option<EventFault>,
    /// Indices of the rules that fired.
    pub(super) fired: Vec<usize>,
}

/// The random numbers of one rule, and the cases it has had.
#[derive(Debug, Clone)]
struct Cases {
    rng: Rng,
    count: u64,
}

impl Cases {
    /// Decides the next case of `rule`: whether it happens, and for how long.
    fn next(&mut self, rule: &Rule) -> Option<Outcome> {
        let number = self.count;
        self.count += 1;
        match rule.value {
            Value::Chance(chance) => chance.happens(number, &mut self.rng).then_some(Outcome::Happens),
            Value::Span(span) => Some(Outcome::Delay(span.draw(&mut self.rng))).filter(|_| rule.kind == Kind::Latency),
            Value::Throughput(throughput) => Some(Outcome::Slow(throughput.0)),
            Value::Frequency(_) => None,
        }
    }
}

enum Outcome {
    Happens,
    Delay(Duration),
    Slow(u32),
}

/// Plans the requests of all connections, or the events of one socket.
#[derive(Debug, Clone)]
pub(super) struct Planner {
    /// One for each rule.
    cases: Vec<Cases>,
}

impl Planner {
    /// Creates the planner of requests.
    pub(super) fn of_requests(rules: &[Rule], seed: u64) -> Self {
        Self::new(rules, seed, 0)
    }

    /// Creates the planner of the socket with this number; the first is 1.
    pub(super) fn of_socket(rules: &[Rule], seed: u64, socket: u64) -> Self {
        Self::new(rules, seed, socket)
    }

    fn new(rules: &[Rule], seed: u64, socket: u64) -> Self {
        let cases = rules.iter().map(|rule| Cases { rng: rng(&rule.to_string(), seed, socket), count: 0 });
        Self { cases: cases.collect() }
    }

    /// Plans the next request.
    pub(super) fn plan_request(&mut self, rules: &[Rule], method: &str, path: &str) -> RequestPlan {
        let mut plan = RequestPlan::default();
        for index in applicable(rules, |rule| rule.includes_request(method, path)) {
            match self.cases[index].next(&rules[index]) {
                None => continue,
                Some(Outcome::Delay(delay)) => plan.delay = delay,
                Some(Outcome::Slow(rate)) => plan.slow = Some(rate),
                Some(Outcome::Happens) if plan.fault.is_some() => continue,
                Some(Outcome::Happens) => plan.fault = request_fault(rules[index].kind),
            }
            plan.fired.push(index);
        }
        plan
    }

    /// Plans the next event of the socket, or its next acknowledgement.
    pub(super) fn plan_event(&mut self, rules: &[Rule], name: &str, is_ack: bool) -> EventPlan {
        let mut plan = EventPlan::default();
        for index in applicable(rules, |rule| rule.includes_event(name, is_ack)) {
            match self.cases[index].next(&rules[index]) {
                Some(Outcome::Delay(delay)) => plan.delay = delay,
                Some(Outcome::Happens) if plan.fault.is_none() => plan.fault = event_fault(rules[index].kind),
                _ => continue,
            }
            plan.fired.push(index);
        }
        plan
    }

    /// Returns when the socket becomes half-open, as a time after it was opened, and the rule.
    pub(super) fn half_open(&mut self, rules: &[Rule]) -> Option<(Duration, usize)> {
        let index = last(rules, Kind::HalfOpen)?;
        let Value::Span(span) = rules[index].value else { return None };
        Some((span.draw(&mut self.cases[index].rng), index))
    }

    /// Returns when the socket is closed, as a time after it was opened, and the rule.
    pub(super) fn close(&mut self, rules: &[Rule]) -> Option<(Duration, usize)> {
        let index = last(rules, Kind::Close)?;
        let Value::Frequency(frequency) = rules[index].value else { return None };
        Some((frequency.draw(&mut self.cases[index].rng), index))
    }
}

/// Returns the bytes per second of sockets, and the rule.
pub(super) fn socket_rate(rules: &[Rule]) -> Option<(u32, usize)> {
    let index = rules.iter().rposition(|rule| rule.kind == Kind::Slow && !rule.scope.is_limited())?;
    let Value::Throughput(throughput) = rules[index].value else { return None };
    Some((throughput.0, index))
}

/// Indices of the rules that apply. Of several of the same kind, it is one that is limited to some requests or events,
/// and of those the last.
fn applicable(rules: &[Rule], includes: impl Fn(&Rule) -> bool) -> Vec<usize> {
    let rank = |index: usize| (rules[index].scope.is_limited(), index);
    let included: Vec<usize> = (0..rules.len()).filter(|index| includes(&rules[*index])).collect();
    let is_best = |index: &usize| {
        let rivals = included.iter().filter(|rival| rules[**rival].kind == rules[*index].kind);
        rivals.map(|rival| rank(*rival)).max() == Some(rank(*index))
    };
    included.iter().copied().filter(is_best).collect()
}

fn last(rules: &[Rule], kind: Kind) -> Option<usize> {
    rules.iter().rposition(|rule| rule.kind == kind)
}

fn request_fault(kind: Kind) -> Option<RequestFault> {
    match kind {
        Kind::Drop => Some(RequestFault::Drop),
        Kind::Status(status) => Some(RequestFault::Refuse(status)),
        Kind::Lose => Some(RequestFault::Lose),
        Kind::Truncate => Some(RequestFault::Truncate),
        Kind::Stall => Some(RequestFault::Stall),
        _ => None,
    }
}

fn event_fault(kind: Kind) -> Option<EventFault> {
    match kind {
        Kind::Drop => Some(EventFault::Drop),
        Kind::Dup => Some(EventFault::Dup),
        Kind::Reorder => Some(EventFault::Reorder),
        Kind::Truncate => Some(EventFault::Truncate),
        Kind::Stall => Some(EventFault::Stall),
        Kind::Disconnect => Some(EventFault::Disconnect),
        _ => None,
    }
}

/// Returns the random numbers of a rule on a socket. The text of the rule takes part instead of its place, so that
/// another rule can be added without a change. The hash is FNV-1a: that of the standard library may change.
fn rng(rule: &str, seed: u64, socket: u64) -> Rng {
    let bytes = rule.bytes().chain([0xff]).chain(seed.to_le_bytes()).chain(socket.to_le_bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Rng::with_seed(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::server::faults::FaultRules;

    fn rules(text: &str) -> Vec<Rule> {
        text.parse::<FaultRules>().unwrap().0
    }

    /// The plans of `count` equal requests.
    fn requests(text: &str, seed: u64, count: usize) -> Vec<RequestPlan> {
        let rules = rules(text);
        let mut planner = Planner::of_requests(&rules, seed);
        (0..count).map(|_| planner.plan_request(&rules, "POST", "/v1/messages")).collect()
    }

    /// The faults of `count` equal events on a socket.
    fn events(text: &str, seed: u64, socket: u64, count: usize) -> Vec<Option<EventFault>> {
        let rules = rules(text);
        let mut planner = Planner::of_socket(&rules, seed, socket);
        (0..count).map(|_| planner.plan_event(&rules, "message", false).fault).collect()
    }

    #[test]
    fn fraction_refuses_every_third_request() {
        let refused = |plan: &RequestPlan| plan.fault == Some(RequestFault::Refuse(429));
        let plans: Vec<bool> = requests("429@POST /v1/messages=1/3", 1, 6).iter().map(refused).collect();
        assert_eq!(plans, [false, false, true, false, false, true]);
    }

    #[test]
    fn limited_fault_replaces_a_general_one() {
        let plan = &requests("latency@/v1/messages=2s,latency=200", 1, 1)[0];
        assert_eq!((plan.delay, &plan.fired[..]), (Duration::from_secs(2), &[0][..]));
        assert_eq!(requests("latency@/v1/chat=2s,latency=200", 1, 1)[0].delay, Duration::from_millis(200));
        assert_eq!(requests("latency=100,latency=200", 1, 1)[0].delay, Duration::from_millis(200));
    }

    #[test]
    fn first_of_several_faults_happens_and_counts() {
        let plan = &requests("429=100%,500=100%,latency=10", 1, 1)[0];
        assert_eq!((plan.fault, &plan.fired[..]), (Some(RequestFault::Refuse(429)), &[0, 2][..]));
    }

    #[test]
    fn faults_of_requests_and_events_are_separate() {
        let rules = rules("429=100%,dup=100%,drop@message=100%");
        let mut planner = Planner::of_socket(&rules, 1, 1);
        assert_eq!(planner.plan_event(&rules, "typing.start", false).fault, Some(EventFault::Dup));
        assert_eq!(planner.plan_event(&rules, "ack", true), EventPlan::default());
        assert_eq!(planner.plan_request(&rules, "GET", "/v1/user").fired, [0]);
        assert_eq!(planner.plan_request(&rules, "GET", "/socket.io/"), RequestPlan::default());
    }

    /// The faults must not change with the version of the program or of a library.
    #[test]
    fn faults_of_a_seed_are_pinned() {
        let dropped = events("drop=20%", 7, 1, 20);
        let dropped: String = dropped.iter().map(|fault| if fault.is_some() { 'x' } else { '.' }).collect();
        assert_eq!(dropped, ".x.......x..x......x");
    }

    proptest! {
        #[test]
        fn same_seed_gives_the_same_faults(seed: u64, socket in 1..1000_u64, percent in 1..100_u32) {
            let text = format!("drop={percent}%,dup=1/3,latency=200±100");
            prop_assert_eq!(requests(&text, seed, 50), requests(&text, seed, 50));
            prop_assert_eq!(events(&text, seed, socket, 50), events(&text, seed, socket, 50));
        }

        #[test]
        fn seeds_and_sockets_differ(seed: u64) {
            prop_assert_ne!(events("drop=50%", seed, 1, 200), events("drop=50%", seed.wrapping_add(1), 1, 200));
            prop_assert_ne!(events("drop=50%", seed, 1, 200), events("drop=50%", seed, 2, 200));
        }

        /// One can add a fault and see the others at the same places.
        #[test]
        fn another_rule_does_not_change_the_random_numbers(seed: u64, percent in 1..100_u32) {
            let delays = |text: &str| -> Vec<Duration> { requests(text, seed, 50).iter().map(|plan| plan.delay).collect() };
            let text = format!("latency=500±{percent}");
            prop_assert_eq!(delays(&text), delays(&format!("429=50%,{text},drop=30%")));
        }

        #[test]
        fn percentage_is_met_on_average(seed: u64, percent in 0..=100_u32) {
            let dropped = events(&format!("drop={percent}%"), seed, 1, 2_000).iter().flatten().count();
            let expected = 20 * percent as usize;
            prop_assert!(dropped.abs_diff(expected) <= 150, "{} instead of {}", dropped, expected);
        }
    }
}
