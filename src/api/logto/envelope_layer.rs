//! What stands around every route: refusals get their envelope, and no answer is kept by a cache that was not told to.

use axum::{
    extract::Request,
    http::{HeaderValue, header::CACHE_CONTROL},
    middleware::Next,
    response::Response,
};

use super::envelope::ApiError;
use crate::http::request::request_id;

/// Puts the envelope around what a handler, an extractor or the router refused.
pub(in crate::api) async fn envelope_layer(request: Request, next: Next) -> Response {
    let request_id = request_id(request.extensions()).to_owned();
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = error.into_response_for(response, &request_id);
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
