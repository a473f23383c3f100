//! Applies faults to HTTP requests.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use thiserror::Error;
use tower::Service as _;

use super::link::Link;
use super::planner::RequestFault;
use crate::server::service::ErrorBody;

/// Header of requests that are spared, with the value `off`: a test needs people on whom it can rely.
const SPARED: &str = "x-sandbox-faults";

/// Time between the half of a truncated response and the end of its connection.
const TRUNCATION_DELAY: Duration = Duration::from_millis(10);

/// A fault closed the connection instead of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a fault has closed the connection")]
pub(in crate::server) struct Aborted;

/// Carries out a request, with the faults that are in force.
pub(in crate::server) async fn respond(
    link: &Link,
    router: Router,
    request: Request,
    error_body: ErrorBody,
) -> Result<Response, Aborted> {
    let is_spared = request.headers().get(SPARED).is_some_and(|value| value.as_bytes() == b"off");
    let Some(active) = link.faults().current().filter(|_| !is_spared) else {
        link.set_slow(None);
        let response = carry_out(router, request).await;
        if !is_spared {
            follow_upgrade(link, &response);
        }
        return Ok(response);
    };
    let plan = active.plan_request(request.method().as_str(), request.uri().path());
    link.set_slow(plan.slow);
    match plan.fault {
        Some(RequestFault::Drop) => return Err(Aborted),
        Some(RequestFault::Refuse(status)) => {
            tokio::time::sleep(plan.delay).await;
            return Ok(refusal(status, error_body));
        }
        _ => {}
    }
    let response = carry_out(router, request).await;
    if !plan.delay.is_zero() {
        tokio::time::sleep(plan.delay).await;
    }
    match plan.fault {
        Some(RequestFault::Lose) => Err(Aborted),
        // Until the client closes the connection, or the server does because nothing comes.
        Some(RequestFault::Stall) => std::future::pending().await,
        Some(RequestFault::Truncate) => truncated(response).await,
        Some(RequestFault::Drop | RequestFault::Refuse(_)) | None => {
            follow_upgrade(link, &response);
            Ok(response)
        }
    }
}

async fn carry_out(mut router: Router, request: Request) -> Response {
    // `poll_ready` can be skipped: a router is always ready.
    match router.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Prepares the stream for the frames that follow a response that opens a WebSocket.
fn follow_upgrade(link: &Link, response: &Response) {
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        link.on_upgrade();
    }
}

fn refusal(status: u16, error_body: ErrorBody) -> Response {
    let body = error_body(status, "The sandbox refuses this request on purpose: a fault is in force.");
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// Announces the whole body, and sends half of it.
async fn truncated(response: Response) -> Result<Response, Aborted> {
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Aborted)?;
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let half = stream::iter([Ok::<Bytes, Aborted>(body.slice(..body.len() / 2))]);
    let end = stream::once(async {
        // hyper sends what it has when it has to wait, and would otherwise discard it.
        tokio::time::sleep(TRUNCATION_DELAY).await;
        Err(Aborted)
    });
    Ok(Response::from_parts(head, Body::from_stream(half.chain(end))))
}
