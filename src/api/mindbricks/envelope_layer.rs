//! What stands around every route: the clock starts, the answer or error gets its envelope.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header::CACHE_CONTROL},
    middleware::Next,
    response::Response,
};

use super::{
    envelope::{Answer, ApiError},
    request_meta::RequestMeta,
};
use crate::service::Accounts;

/// Puts the envelope around what a handler, an extractor or the router left.
pub(super) async fn envelope_layer(State(accounts): State<Accounts>, mut request: Request, next: Next) -> Response {
    let meta = RequestMeta::begin(&request);
    request.extensions_mut().insert(meta.clone());
    let mut response = next.run(request).await;
    if let Some(answer) = response.extensions_mut().remove::<Answer>() {
        response = answer.into_response_for(response, &meta);
    } else if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = error.into_response_for(response, accounts.now(), &meta.request_id);
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
