//! The one way in: reads a request, finds out who asks, and writes the answer into its envelope (protocol note §1.2,
//! §1.5).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, extract::Path};
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};

use crate::server::body::{Body, BodyError, MAX_BODY_BYTES, TOO_LARGE_MESSAGE, TOO_SLOW_MESSAGE};
use crate::server::clock::{now, rfc3339};
use crate::server::vchat::hub::Hub;
use crate::server::vchat::refusal::{Answer, Refusal};

use super::ask::Ask;
use super::{calls, groups, people, rooms, sandbox};

/// The page at `/` (§1.1).
const WELCOME: &str = "Congratulations V_Chat_v2 working successfully";
/// The picture of those who have none.
const NO_IMAGE: &[u8] = include_bytes!("../../../../assets/demo-kettle.png");
/// `code` of a success.
const SUCCESS: u16 = 2000;

/// All routes.
pub(crate) fn routes(hub: Arc<Hub>) -> Router {
    // Without credentials any origin is safe to name.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, HeaderName::from_static("clint-version")])
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE]);
    Router::new()
        .route("/", axum::routing::get(async || Html(WELCOME)))
        .route("/default_user_image.png", axum::routing::get(async || ([(CONTENT_TYPE, "image/png")], NO_IMAGE)))
        .route("/files/{id}", axum::routing::get(file))
        .fallback(any)
        .method_not_allowed_fallback(any)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(cors)
        .with_state(hub)
}

async fn file(State(hub): State<Arc<Hub>>, Path(id): Path<String>) -> Response {
    hub.file(&id).map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

async fn any(State(hub): State<Arc<Hub>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
    let mut ask = Ask::new(&parts, from);
    let files = ask.takes_files();
    let read = Body::read(Request::from_parts(parts, body), &(), files).await;
    let answer = read.map(|body| ask.body = body).map_err(|error| match error {
        BodyError::TooLarge => Refusal { status: 413, why: TOO_LARGE_MESSAGE.to_owned() },
        BodyError::TooSlow => Refusal { status: 408, why: TOO_SLOW_MESSAGE.to_owned() },
        BodyError::Malformed(why) => Refusal::bad(why),
    });
    match answer.and_then(|()| ask.measure()).and_then(|()| answered(&hub, &mut ask)) {
        Ok(data) => {
            let status = if ask.method == Method::POST { StatusCode::CREATED } else { StatusCode::OK };
            (status, Json(json!({ "code": SUCCESS, "data": data }))).into_response()
        }
        Err(refusal) => refused(&ask, &refusal),
    }
}

fn refused(ask: &Ask, refusal: &Refusal) -> Response {
    tracing::debug!(method = %ask.method, path = ask.path, status = refusal.status, reason = refusal.why, "refused");
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({
        "statusCode": refusal.status,
        "timestamp": rfc3339(now()),
        "path": ask.path,
        "data": refusal.why,
        "requestInfo": ask.repeated(),
    });
    (status, Json(body)).into_response()
}

/// There is nothing at that address.
pub(super) fn nothing(ask: &Ask) -> Refusal {
    Refusal::missing(format!("Cannot {} {}", ask.method, ask.path))
}

/// The `data` of an answer.
fn answered(hub: &Hub, ask: &mut Ask) -> Answer<Value> {
    if ask.places.first().is_some_and(|place| place == "__sandbox") {
        return sandbox::answer(hub, ask);
    }
    if ask.places.len() < 3 || ask.places[..2] != ["api", "v2"] {
        return Err(nothing(ask));
    }
    ask.places.drain(..2);
    if !hub.may_ask(ask.authorization.as_deref(), ask.from) {
        return Err(Refusal { status: 429, why: "ThrottlerException: Too Many Requests".to_owned() });
    }
    // Everything but the login wants a token. Clients send `Bearer null` with the login when they have none.
    if ask.method == Method::POST && ask.places == ["auth", "connect"] {
        hub.act(|world, _| world.room_for(ask.weight()))?;
        return people::login(hub, ask);
    }
    let authorization = ask.authorization.as_deref();
    let authorization = authorization.ok_or_else(|| Refusal::bad("authorization key in headers is required"))?;
    let token = authorization.split_once("Bearer").map(|(_, token)| token.trim());
    let token = token.ok_or_else(|| Refusal::bad("authorization must be a Bearer token"))?;
    let me = hub.act(|world, _| world.bearer(token))?;
    if matches!(ask.method, Method::POST | Method::PATCH) {
        hub.act(|world, _| world.room_for(ask.weight()))?;
    }
    let places: Vec<&str> = ask.places.iter().map(String::as_str).collect();
    match places[0] {
        "auth" | "profile" | "user-ban" => people::answer(hub, &me, ask, &places),
        "call" => calls::answer(hub, &me, ask, &places[1..]),
        "channel" => match places[1..] {
            [_, "group" | "broadcast", ..] | ["group" | "broadcast"] => groups::answer(hub, &me, ask, &places[1..]),
            _ => rooms::answer(hub, &me, ask, &places[1..]),
        },
        _ => Err(nothing(ask)),
    }
}
