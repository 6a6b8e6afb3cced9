//! A surface: routes that share an envelope for errors, with the same guards before each.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
};
use futures::FutureExt;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use super::{
    admission::Admission,
    csrf::{SameOrigin, Scope},
};
use crate::{domain::error::Error, http::response};

/// How a surface words what goes wrong before or beside its own code.
pub type Refuse = Arc<dyn Fn(Error, &Parts) -> Response + Send + Sync>;

/// Routes and their words for errors.
pub struct Surface {
    /// The routes.
    pub router: Router,
    /// Which requests must come from our own pages.
    pub scope: Scope,
    /// Their words.
    pub refuse: Refuse,
}

struct Guard {
    admission: Admission,
    same_origin: SameOrigin,
    refuse: Refuse,
}

impl Surface {
    /// The routes behind their guards: room for the request, its origin, and a net under the handler.
    pub fn guarded(self, public_url: &Url, admission: &Admission) -> Router {
        let same_origin = SameOrigin::new(public_url, self.scope);
        let guard = Guard { admission: admission.clone(), same_origin, refuse: self.refuse };
        self.router.layer(from_fn_with_state(Arc::new(guard), watch))
    }
}

impl Guard {
    fn admit(&self, request: &Request) -> Result<OwnedSemaphorePermit, Error> {
        let permit = self.admission.enter()?;
        if self.same_origin.admits(request.method(), request.headers()) {
            Ok(permit)
        } else {
            tracing::info!("a request that our own pages did not send was refused");
            Err(Error::Forbidden)
        }
    }
}

async fn watch(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let admitted = guard.admit(&request);
    let (head, body) = request.into_parts();
    let refuse = |error, head: &Parts| {
        let busy = matches!(error, Error::Busy { .. });
        let mut response = (guard.refuse)(error, head);
        if busy {
            // The next try shall find another server, or a moment with room.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    };
    let _permit = match admitted {
        Ok(permit) => permit,
        Err(error) => return refuse(error, &head),
    };
    let request = Request::from_parts(head.clone(), body);
    // Nothing of the request is used again but its head, which the handler only had a copy of.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => refuse(Error::Internal("a handler panicked".to_owned()), &head),
    }
}

/// Words for routes without an envelope of their own: a bare page.
pub fn bare_page(error: Error, _: &Parts) -> Response {
    let (status, retry_after) = match error {
        Error::Forbidden => (StatusCode::FORBIDDEN, None),
        Error::NotFound => (StatusCode::NOT_FOUND, None),
        Error::Busy { retry_after } => (StatusCode::SERVICE_UNAVAILABLE, Some(retry_after)),
        other => {
            tracing::error!(error = ?other, "a request failed");
            (StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    };
    let page = format!("<!doctype html><html lang=\"en\"><title>{status}</title><h1>{status}</h1></html>");
    let mut response = (status, Html(page)).into_response();
    if let Some(wait) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, response::retry_after(wait));
    }
    response
}
