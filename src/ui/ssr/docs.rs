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
    domain::{dialect::Dialect, error::Error},
    ui::pages::DocsPage,
};

/// The dialects, and what there is beside them.
pub async fn index(State(site): State<Arc<Site>>, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let content = site.docs.content(None, request.page_context().locale);
    let title = request.text().docs.title;
    Ok(request.page(StatusCode::OK, title, move |_| view! { <DocsPage content/> }))
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
    let content = site.docs.content(Some(dialect), request.page_context().locale);
    Ok(request.page(StatusCode::OK, dialect.name(), move |_| view! { <DocsPage content/> }))
}
