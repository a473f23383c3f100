//! The endpoints of each service, by which wrong paths are recognised: the sandbox answers them with 404, and a fault
//! cannot be limited to them.

mod minchat;
mod vchat;

use super::options::Service;

/// The segment of a path that stands for an id, a name or another word of the client.
const ANY: &str = "*";
/// The last segment of a pattern that stands for all that follow.
const REST: &str = "**";

/// The endpoints of a service, each written like `GET /v1/chat/*`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endpoints(&'static [&'static str]);

impl Endpoints {
    /// Returns the endpoints of a service.
    pub(super) fn of(service: Service) -> Self {
        Self(match service {
            Service::MinChat => minchat::ENDPOINTS,
            Service::VChat => vchat::ENDPOINTS,
        })
    }

    /// Whether a request with this method and these decoded segments of its path has an endpoint.
    pub(super) fn serve(self, method: &str, segments: &[String]) -> bool {
        let is_served = |(known, path): (&str, &str)| {
            let mut words = words(path);
            let is_same =
                |word: &str, segment: &String| if word == ANY { !segment.is_empty() } else { word == segment };
            let fits = segments.iter().all(|segment| words.next().is_some_and(|word| is_same(word, segment)));
            known == method && fits && words.next().is_none()
        };
        self.0.iter().filter_map(|endpoint| endpoint.split_once(' ')).any(is_served)
    }

    /// Returns the endpoints whose paths fit a pattern: `*` is any segment, `**` at its end all that follow, and a
    /// segment that looks like an id fits only placeholders.
    pub(super) fn matching<'a>(self, pattern: &'a [String]) -> impl Iterator<Item = &'static str> + 'a {
        let fits = move |path: &str| {
            let mut words = words(path);
            for (index, segment) in pattern.iter().enumerate() {
                if segment == REST && index + 1 == pattern.len() {
                    return true;
                }
                if words.next().is_none_or(|word| !may_be(segment, word)) {
                    return false;
                }
            }
            words.next().is_none()
        };
        self.0.iter().copied().filter(move |endpoint| endpoint.split_once(' ').is_some_and(|(_, path)| fits(path)))
    }

    /// Returns the words that may follow the beginning of a path, `*` for an id among them.
    pub(super) fn words_after(self, beginning: &[String]) -> Vec<&'static str> {
        let pattern = [beginning, &[REST.to_owned()]].concat();
        let paths = self.matching(&pattern).filter_map(|endpoint| Some(endpoint.split_once(' ')?.1));
        let mut found: Vec<&str> = paths.filter_map(|path| words(path).nth(beginning.len())).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Returns the paths.
    pub(super) fn paths(self) -> Vec<&'static str> {
        let mut paths: Vec<&str> = self.0.iter().filter_map(|endpoint| Some(endpoint.split_once(' ')?.1)).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }
}

fn words(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|word| !word.is_empty())
}

/// Length from which a segment of a path that contains a digit is taken for an id.
const MIN_ID: usize = 8;

/// Whether a segment of a pattern includes a word of a path.
fn may_be(segment: &str, word: &str) -> bool {
    segment == ANY || segment == word || word == ANY && may_be_id(segment)
}

/// Whether a segment of a path stands for any, or may be the id of something.
pub(super) fn may_be_id(segment: &str) -> bool {
    let is_id = segment.len() >= MIN_ID && segment.contains(|c: char| c.is_ascii_digit());
    segment == ANY || segment == REST || is_id && !segment.contains('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the endpoints of the calls of `.route` in a source, with `*` for the parameters.
    fn routes(source: &str) -> Vec<String> {
        let mut routes = Vec::new();
        for route in source.split(".route(\"").skip(1) {
            let (path, handlers) = route.split_once('"').unwrap();
            let parts = path.split(['{', '}']).enumerate();
            let path: String = parts.map(|(index, part)| if index % 2 == 1 { ANY } else { part }).collect();
            for method in ["get", "post", "patch", "delete"] {
                if handlers.split(".route(").next().unwrap().contains(&format!("{method}(")) {
                    routes.push(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
        routes
    }

    /// Returns the endpoints of the match arms of a source, such as `("GET", [room, "message"])`. `prefixes` are the
    /// paths that its functions are about.
    fn arms(source: &str, prefixes: &[(&str, &str)]) -> Vec<String> {
        let mut arms = Vec::new();
        for function in source.split("\nfn ").flat_map(|part| part.split("\npub(super) fn ")) {
            let name = function.split('(').next().unwrap();
            let Some((_, prefix)) = prefixes.iter().find(|(of, _)| *of == name) else { continue };
            for line in function.lines() {
                let Some((method, rest)) = line.trim().strip_prefix("(\"").and_then(|arm| arm.split_once("\", "))
                else {
                    continue;
                };
                let patterns = rest.split_once(") =>").unwrap().0;
                for pattern in patterns.split("] | [") {
                    let segments = pattern.trim_matches(['[', ']']).split(", ").filter(|segment| !segment.is_empty());
                    let mut paths = vec![(*prefix).to_owned()];
                    for segment in segments {
                        let words: Vec<&str> = segment
                            .split(" | ")
                            .map(|word| word.strip_prefix('"').map_or(ANY, |word| word.trim_end_matches('"')))
                            // Checked by the handler.
                            .flat_map(|word| if segment == "which" { vec!["seen", "deliver"] } else { vec![word] })
                            .collect();
                        paths =
                            paths.iter().flat_map(|path| words.iter().map(move |w| format!("{path}/{w}"))).collect();
                    }
                    arms.extend(paths.into_iter().map(|path| format!("{method} {path}")));
                }
            }
        }
        arms
    }

    #[track_caller]
    fn assert_same(listed: &[&str], mut served: Vec<String>) {
        let mut listed: Vec<&str> =
            listed.iter().copied().filter(|endpoint| !endpoint.ends_with("/socket.io")).collect();
        listed.sort_unstable();
        served.sort_unstable();
        assert_eq!(listed, served);
    }

    #[test]
    fn every_route_of_minchat_is_listed() {
        let mut served = routes(include_str!("minchat/http/routes.rs"));
        served.retain(|endpoint| !endpoint.contains("sdk-test"));
        assert_same(minchat::ENDPOINTS, served);
    }

    #[test]
    fn every_route_of_vchat_is_listed() {
        let mut served = routes(include_str!("vchat/http/routes.rs"));
        // Handled before the token is checked.
        served.push("POST /api/v2/auth/connect".to_owned());
        let (api, channel, of_room) = ("/api/v2", "/api/v2/channel", "/api/v2/channel/*");
        let (groups, broadcasts, messages) =
            (format!("{of_room}/group"), format!("{of_room}/broadcast"), format!("{of_room}/message"));
        served.extend(arms(include_str!("vchat/http/people.rs"), &[("handle", api)]));
        served.extend(arms(include_str!("vchat/http/calls.rs"), &[("handle", "/api/v2/call")]));
        served.extend(arms(include_str!("vchat/http/rooms.rs"), &[("handle", channel), ("messages", &messages)]));
        let of_groups = [("handle", channel), ("group", groups.as_str()), ("broadcast", broadcasts.as_str())];
        served.extend(arms(include_str!("vchat/http/groups.rs"), &of_groups));
        assert_same(vchat::ENDPOINTS, served);
    }

    #[test]
    fn path_is_served_as_a_whole_and_with_its_method() {
        let serves = |method: &str, path: &str| {
            let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
            Endpoints::of(Service::VChat).serve(method, &segments)
        };
        assert!(serves("GET", "api/v2/channel/room/message") && serves("POST", "api/v2/call/end/v2/meeting"));
        assert!(serves("GET", "api/v2/channel/members"), "a room may have any id");
        for path in ["api/v2/channel/message", "api/v2/channel//message", "api/v2/channel/room/message/", "api/v2"] {
            assert!(!serves("PUT", path) && !serves("POST", path), "{path}");
        }
    }
}
