//! Extractors for the parts of a request, and the HTTP form of errors.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::ApiError;
use crate::server::minchat::wire;

/// The result of a handler.
pub(crate) type Reply = Result<Json<Value>, ApiError>;

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::InvalidKey => StatusCode::UNAUTHORIZED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::StorageFull(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::NoSuchEndpoint => StatusCode::NOT_FOUND,
        };
        if !matches!(self, Self::NoSuchEndpoint) {
            tracing::info!(status = status.as_u16(), reason = self.message(), "request refused");
        }
        // SDK 4.x ignores the status and reads only the body.
        (status, Json(wire::error(self.message()))).into_response()
    }
}

/// The valid API key of a request.
#[derive(Debug)]
pub(crate) struct ApiKey(pub(crate) String);

impl FromRequestParts<Arc<Hub>> for ApiKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let key = match header.split_once(' ') {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
            _ => "",
        };
        if hub.has_key(key) { Ok(Self(key.to_owned())) } else { Err(ApiError::InvalidKey) }
    }
}

/// Parameters in the path of a request.
#[derive(Debug)]
pub(crate) struct PathParams<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathParams<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Path::from_request_parts(parts, state)
            .await
            .map(|Path(params)| Self(params))
            .map_err(|error| ApiError::bad_request(error.body_text()))
    }
}

/// Decoded name-value pairs of the query, in their order. A name may occur several times.
#[derive(Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        axum::extract::Query::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Query(pairs)| Self(pairs))
            .map_err(|error| ApiError::bad_request(error.body_text()))
    }
}

impl Query {
    /// Returns the value `name`, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the value `name`; fails if it is missing or empty.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.get(name).ok_or_else(|| ApiError::bad_request(format!("{name} is required")))
    }

    /// Returns all values of `name`.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns the number `name`.
    pub(crate) fn number(&self, name: &str) -> Result<Option<usize>, ApiError> {
        let parse = |text: &str| text.parse().map_err(|_| ApiError::bad_request(format!("{name} must be a number")));
        self.get(name).map(parse).transpose()
    }
}
