//! The activity list.

use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::*;

use super::{
    page::see_other,
    views::{QueryParams, SiteState, request_context},
};
use crate::{
    domain::activity::Group,
    ui::{
        page_context::with_next,
        pages::{Activity, ActivityPage},
    },
};

/// Events of one page.
const PAGE: usize = 30;

/// `/activity`; `kind` narrows it, `before` goes on after an event.
pub async fn activity(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let Ok(actor) = request.actor() else {
        return Err(see_other(&with_next("/login", Some(request.path()))));
    };
    let group = query.get("kind").and_then(|kind| Group::parse(kind));
    let before = query.get("before").and_then(|id| id.parse().ok());
    let kinds = group.map(Group::kinds).unwrap_or_default();
    // One more than is shown tells whether there is a next page.
    let events = request.accounts().activity(actor, &kinds, before, PAGE as i64 + 1).await;
    let mut events = events.map_err(|error| request.outage(&error))?;
    let has_more = events.len() > PAGE;
    events.truncate(PAGE);
    let older = events.last().filter(|_| has_more).map(|event| event.id);
    let page = Activity { events, group, is_later: before.is_some(), older };
    let title = request.text().activity.title;
    Ok(request.page(StatusCode::OK, title, move |context| view! { <ActivityPage context page/> }))
}
