//! `/docs`, open to everyone.

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::*;

use super::{Site, views::request_context};
use crate::{
    domain::error::Error,
    ui::pages::{Dialect, DialectDocs, DialectPage, DocsPage},
};

fn public_url(site: &Site) -> String {
    site.accounts.settings().public_url.as_str().trim_end_matches('/').to_owned()
}

/// The dialects, and what there is beside them.
pub async fn index(State(site): State<Arc<Site>>, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let (public_url, description) = (public_url(&site), Arc::clone(&site.description));
    let title = request.text().docs.title;
    Ok(request.page(StatusCode::OK, title, move |context| view! { <DocsPage context public_url description/> }))
}

/// One of them.
pub async fn dialect(
    State(site): State<Arc<Site>>,
    slug: Result<Path<String>, PathRejection>,
    parts: Parts,
) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    // What does not decode is no name of a dialect either.
    let dialect = slug.ok().and_then(|Path(slug)| Dialect::parse(&slug));
    let dialect = dialect.ok_or_else(|| request.outage(&Error::NotFound))?;
    let page = DialectDocs { dialect, public_url: public_url(&site), description: Arc::clone(&site.description) };
    Ok(request.page(StatusCode::OK, dialect.name(), move |context| view! { <DialectPage context page/> }))
}
