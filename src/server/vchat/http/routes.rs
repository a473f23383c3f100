//! The entry point of the REST API: parses a request, authenticates it, and wraps the result or error (§1.2, §1.5).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, extract::Path};
use serde_json::{Value, json};

use crate::server::body::{Body, BodyError, MAX_BODY_BYTES, TOO_LARGE_MESSAGE, TOO_SLOW_MESSAGE};
use crate::server::clock::{now, rfc3339};
use crate::server::endpoints::Endpoints;
use crate::server::options::Service;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hub::Hub;
use crate::server::web_pages::cors;

use super::request::ApiRequest;
use super::{calls, groups, people, rooms, sandbox};

/// The page at `/` (§1.1).
const WELCOME_PAGE: &str = "Congratulations V_Chat_v2 working successfully";
/// Profile picture of users without one.
const DEFAULT_IMAGE: &[u8] = include_bytes!("../../../../assets/demo-kettle.png");
/// `code` of a successful response.
const SUCCESS_CODE: u16 = 2000;

/// Returns a router with all endpoints.
pub(crate) fn routes(hub: Arc<Hub>, origins: &[String]) -> Router {
    Router::new()
        .route("/", axum::routing::get(async || Html(WELCOME_PAGE)))
        .route("/default_user_image.png", axum::routing::get(async || ([(CONTENT_TYPE, "image/png")], DEFAULT_IMAGE)))
        .route("/files/{id}", axum::routing::get(file))
        .fallback(respond)
        .method_not_allowed_fallback(respond)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(cors(origins, &[HeaderName::from_static("clint-version")]))
        .with_state(hub)
}

async fn file(State(hub): State<Arc<Hub>>, Path(id): Path<String>) -> Response {
    hub.file(&id).map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

async fn respond(State(hub): State<Arc<Hub>>, http: Request) -> Response {
    let (parts, body) = http.into_parts();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let mut request = ApiRequest::new(&parts, peer);
    // Only a client that has signed in may send large bodies.
    let accepts_files = request.accepts_files() && is_authenticated(&hub, &request);
    let body = Body::read(Request::from_parts(parts, body), &(), accepts_files).await;
    let read = body.map(|body| request.body = body).map_err(|error| match error {
        BodyError::TooLarge => ApiError { status: 413, message: TOO_LARGE_MESSAGE.to_owned() },
        BodyError::TooSlow => ApiError { status: 408, message: TOO_SLOW_MESSAGE.to_owned() },
        BodyError::Malformed(reason) => ApiError::bad_request(reason),
    });
    match read.and_then(|()| request.check_sizes()).and_then(|()| handle(&hub, &mut request)) {
        Ok(data) => {
            let status = if request.method == Method::POST { StatusCode::CREATED } else { StatusCode::OK };
            (status, Json(json!({ "code": SUCCESS_CODE, "data": data }))).into_response()
        }
        Err(error) => error_response(&request, &error),
    }
}

fn is_authenticated(hub: &Hub, request: &ApiRequest) -> bool {
    bearer_token(request).is_some_and(|token| hub.with_world(|world, _| world.authenticate(token)).is_ok())
}

/// Returns the token of the `authorization` header.
fn bearer_token(request: &ApiRequest) -> Option<&str> {
    request.authorization.as_deref()?.split_once("Bearer").map(|(_, token)| token.trim())
}

fn error_response(request: &ApiRequest, error: &ApiError) -> Response {
    let ApiError { status, message } = error;
    tracing::info!(method = %request.method, path = request.path, status, reason = message, "request refused");
    let body = json!({
        "statusCode": status,
        "timestamp": rfc3339(now()),
        "path": request.path,
        "data": message,
        "requestInfo": request.error_info(),
    });
    (StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

/// Handles a request; returns the `data` of the response.
fn handle(hub: &Hub, request: &mut ApiRequest) -> ApiResult<Value> {
    if request.segments.first().is_some_and(|segment| segment == "__sandbox") {
        return sandbox::handle(hub, request, bearer_token(request));
    }
    // A wrong path is a mistake of the program, whoever is signed in, so it is reported first. The paths outside of
    // `/api/v2` have routers of their own, which may be stricter about the spelling.
    let is_api = matches!(request.segments.as_slice(), [api, version, _, ..] if api == "api" && version == "v2");
    if !is_api || !Endpoints::of(Service::VChat).serve(request.method.as_str(), &request.segments) {
        return Err(request.no_such_endpoint());
    }
    request.segments.drain(..2);
    if !hub.allow_request(request.authorization.as_deref(), request.peer) {
        return Err(ApiError { status: 429, message: "ThrottlerException: Too Many Requests".to_owned() });
    }
    // The login is handled before the token is checked: clients without a token send `Bearer null` with it.
    if request.method == Method::POST && request.segments == ["auth", "connect"] {
        hub.with_world(|world, _| world.reserve(request.stored_bytes()))?;
        return people::log_in(hub, request);
    }
    if request.authorization.is_none() {
        return Err(ApiError::bad_request("authorization key in headers is required"));
    }
    let token = bearer_token(request).ok_or_else(|| ApiError::bad_request("authorization must be a Bearer token"))?;
    let actor = hub.with_world(|world, _| world.authenticate(token))?;
    if matches!(request.method, Method::POST | Method::PATCH) {
        hub.with_world(|world, _| world.reserve(request.stored_bytes()))?;
    }
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["auth" | "profile" | "user-ban", ..] => people::handle(hub, &actor, request, &segments),
        ["call", rest @ ..] => calls::handle(hub, &actor, request, rest),
        ["channel", _, "group" | "broadcast", ..] | ["channel", "group" | "broadcast"] => {
            groups::handle(hub, &actor, request, &segments[1..])
        }
        ["channel", rest @ ..] => rooms::handle(hub, &actor, request, rest),
        _ => Err(request.no_such_endpoint()),
    }
}
