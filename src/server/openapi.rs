//! `GET /openapi.json`.

use axum::{
    Router,
    body::Bytes,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::http::conditional::if_none_match;

/// It changes with the version of the server; until then asking again is cheap.
const FOR_A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// Bytes of an entity tag.
const TAG_BYTES: usize = 16;

/// The route of a document that stays the same.
pub fn router(document: &Value) -> Router {
    let body = Bytes::from(document.to_string());
    let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&body)[..TAG_BYTES]));
    Router::new().route("/openapi.json", get(async move |headers: HeaderMap| answer(&headers, &tag, body.clone())))
}

fn answer(request: &HeaderMap, tag: &str, body: Bytes) -> Response {
    let mut response = match if_none_match(request, tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => body.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, FOR_A_WHILE);
    headers.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
    response
}
