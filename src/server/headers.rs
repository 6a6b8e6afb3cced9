//! Headers that make a browser careful with every answer.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    response::Response,
};
use url::Url;

use crate::{
    ports::rng::Rng,
    ui::{form_target::AnyFormTarget, nonce::Nonce, remote_picture::RemotePicture},
};

/// What an answer may do that is not a page: nothing.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'";
/// The same, for what is a picture, and a document to whoever opens its address (SVG).
const PICTURE: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// Two years: what the preload list of browsers asks for.
const HSTS: &str = "max-age=63072000";

/// What stands on every answer, whoever gave it.
const ALWAYS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: forms sent under it say `Origin: null`.
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), clipboard-write=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What [`secure`] needs.
#[derive(Clone)]
pub struct Security {
    rng: Arc<dyn Rng>,
    https: bool,
}

impl Security {
    /// Headers for the service at `public_url`.
    pub fn new(public_url: &Url, rng: Arc<dyn Rng>) -> Self {
        Self { rng, https: public_url.scheme() == "https" }
    }

    fn complete(
        &self,
        headers: &mut HeaderMap,
        nonce: &Nonce,
        elsewhere: Option<&RemotePicture>,
        form_target: Option<AnyFormTarget>,
    ) {
        for (name, value) in ALWAYS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if self.https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
        }
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = match content_type.split('/').next() {
            _ if content_type.starts_with("text/html") => {
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                headers.insert(CONTENT_SECURITY_POLICY, page_policy(nonce, elsewhere, form_target));
                None
            }
            Some("image") => Some(PICTURE),
            _ => Some(INERT),
        };
        // Routes whose pictures other sites show say so themselves, and whatever the status is.
        let defaults = [
            (CONTENT_SECURITY_POLICY, policy),
            (RESOURCE_POLICY, Some("same-origin")),
            (CACHE_CONTROL, Some("no-store")),
        ];
        for (name, value) in defaults {
            if let Some(value) = value {
                headers.entry(name).or_insert(HeaderValue::from_static(value));
            }
        }
    }
}

/// What a page may do; `elsewhere` is the only other place that it may fetch a picture from. Its forms lead to our own
/// pages, unless it says otherwise.
fn page_policy(nonce: &Nonce, elsewhere: Option<&RemotePicture>, form_target: Option<AnyFormTarget>) -> HeaderValue {
    let form_action = if form_target.is_some() { "" } else { "form-action 'self'; " };
    let elsewhere = elsewhere.map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob:{elsewhere}; font-src 'self'; connect-src 'self'; {form_action}frame-ancestors 'none'; \
         base-uri 'none'; manifest-src 'self'"
    );
    // A nonce is base64, so this cannot fail; if it did, a page without scripts is the safe outcome.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(INERT))
}

/// Hands a nonce to the pages and completes the headers of every answer.
pub async fn secure(State(security): State<Security>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::from(security.rng.token());
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let elsewhere = response.extensions_mut().remove();
    let form_target = response.extensions_mut().remove();
    security.complete(response.headers_mut(), &nonce, elsewhere.as_ref(), form_target);
    response
}
