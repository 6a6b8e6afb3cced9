//! What stands around every route: the answer or refusal gets its envelope.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header::CACHE_CONTROL},
    middleware::Next,
    response::Response,
};

use super::envelope::{Answer, ApiError};
use crate::{http::request::request_id, service::Accounts};

/// Puts the envelope around what a handler, an extractor or the router left.
pub(super) async fn envelope_layer(State(accounts): State<Accounts>, request: Request, next: Next) -> Response {
    let id = request_id(request.extensions()).to_owned();
    let mut response = next.run(request).await;
    if let Some(answer) = response.extensions_mut().remove::<Answer>() {
        response = answer.into_response_for(response, &accounts.now());
    } else if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = error.into_response_for(response, &accounts.now(), &id);
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
