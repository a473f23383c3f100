//! The route that changes the faults of a running server: `GET`, `POST` and `DELETE` of `/__sandbox/faults`.
//!
//! It is open to programs on this machine that send the key of the server as a Bearer token, and only if the server has
//! routes for tests. Each response states the faults in force and how often each has fired.

use std::net::SocketAddr;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fault_control::{FaultControl, FaultReport, FiredRule};
use crate::server::service::ErrorBody;

/// The path of the route.
pub(in crate::server) const CONTROL_PATH: &str = "/__sandbox/faults";
/// Maximum size of a body, in bytes.
const MAX_BODY: usize = 64 << 10;

/// Lets programs on this machine pass that know the key.
#[derive(Debug, Clone)]
pub(in crate::server) struct Guard(Vec<u8>);

impl Guard {
    /// Creates the guard of a server with this key.
    pub(in crate::server) fn new(key: &str) -> Self {
        Self(Sha256::digest(key).to_vec())
    }

    /// Returns why a request may not pass.
    fn refusal(&self, request: &Request) -> Option<&'static str> {
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let key = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        // The digests are compared, so that the time it takes says nothing about the key.
        if key.is_none_or(|(_, key)| Sha256::digest(key.trim()).to_vec() != self.0) {
            return Some("This endpoint needs the key of the server as a Bearer token");
        }
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let is_local = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
        let is_program = !request.headers().contains_key(ORIGIN);
        (!is_local || !is_program).then_some("This endpoint accepts requests from programs on this machine only")
    }
}

/// Answers a request to [`CONTROL_PATH`].
pub(in crate::server) async fn respond_to_control(
    faults: &FaultControl,
    guard: &Guard,
    request: Request,
    error_body: ErrorBody,
) -> Response {
    let outcome = match guard.refusal(&request) {
        Some(reason) => Err((StatusCode::FORBIDDEN, reason.to_owned())),
        None => carry_out(faults, request).await,
    };
    match outcome {
        Ok(()) => Json(report(&faults.report())).into_response(),
        Err((status, reason)) => {
            let body = error_body(status.as_u16(), &reason);
            (status, [(CONTENT_TYPE, "application/json")], body).into_response()
        }
    }
}

async fn carry_out(faults: &FaultControl, request: Request) -> Result<(), (StatusCode, String)> {
    let invalid = |reason: String| (StatusCode::BAD_REQUEST, reason);
    match *request.method() {
        Method::GET => Ok(()),
        Method::DELETE => {
            faults.clear();
            Ok(())
        }
        Method::POST => {
            let body = to_bytes(request.into_body(), MAX_BODY).await;
            let body =
                body.map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, format!("The body exceeds {MAX_BODY} bytes")))?;
            let (text, seed) = decode(&String::from_utf8_lossy(&body)).map_err(invalid)?;
            let rules = faults.parse(&text).map_err(|error| invalid(error.sentence(|_, _| None)))?;
            faults.set(rules, seed);
            Ok(())
        }
        _ => Err((StatusCode::METHOD_NOT_ALLOWED, "Use GET, POST or DELETE".to_owned())),
    }
}

/// Returns the faults and the seed of a body: `{"faults": "drop=1%", "seed": 7}`, or only the text of the faults.
fn decode(body: &str) -> Result<(String, Option<u64>), String> {
    if !body.trim_start().starts_with('{') {
        return Ok((body.to_owned(), None));
    }
    let body: Value = serde_json::from_str(body).map_err(|error| format!("The body is not JSON: {error}"))?;
    let mut keys = body.as_object().into_iter().flat_map(serde_json::Map::keys);
    if let Some(key) = keys.find(|key| !["faults", "seed"].contains(&key.as_str())) {
        return Err(format!("{key:?} is not a field. Use faults and seed"));
    }
    let text = body.get("faults").and_then(Value::as_str).ok_or("faults must be a text such as \"drop=1%\"")?;
    let seed = match body.get("seed") {
        None | Some(Value::Null) => None,
        Some(seed) => Some(seed.as_u64().ok_or("seed must be a number from 0 on")?),
    };
    Ok((text.to_owned(), seed))
}

fn report(report: &FaultReport) -> Value {
    let rules = report.rules.iter().map(|FiredRule { rule, fired }| json!({ "fault": rule, "fired": fired }));
    json!({ "seed": report.seed, "faults": rules.collect::<Vec<_>>() })
}
