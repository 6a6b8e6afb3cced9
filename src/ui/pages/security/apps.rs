//! The apps that know of the account.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    service::oidc::consent::AppAccess,
    ui::{
        page_context::PageContext,
        pages::gives,
        parts::{Glyph, Icon},
    },
};

/// An app as the owner of the account sees it.
#[derive(Clone, Debug)]
pub struct AppRow {
    /// Names it in the form.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What it may see, in words.
    pub gives: Vec<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it last did.
    pub last_used_at: DateTime<Utc>,
}

impl AppRow {
    /// The row of an app.
    pub fn of(context: &PageContext, app: &AppAccess) -> Self {
        let AppAccess { client, access, since, last_used_at } = app;
        let (since, last_used_at) = (*since, *last_used_at);
        Self {
            id: client.id,
            name: client.name.clone(),
            gives: gives(context, &client.app, access),
            since,
            last_used_at,
        }
    }
}

/// The card with the apps; each form posts `id` to `remove-app`.
#[component]
pub(super) fn AppsCard(context: PageContext, apps: Vec<AppRow>) -> impl IntoView {
    let text = &context.text().oidc;
    let none = apps.is_empty().then(|| view! { <p>{text.apps_none}</p> });
    let rows = apps.into_iter().map(|app| view! { <Row context=context.clone() app/> }).collect_view();
    let list = none.is_none().then(|| view! { <ul class="list">{rows}</ul> });
    view! {
        <section class="card" id="apps" aria-labelledby="apps-title">
            <header class="card__head">
                <h2 id="apps-title">{text.apps_title}</h2>
                <p>{text.apps_lede}</p>
            </header>
            {none}
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Row(context: PageContext, app: AppRow) -> impl IntoView {
    let text = &context.text().oidc;
    let gives = app.gives.iter().map(|what| view! { <li>{what.clone()}</li> }).collect_view();
    let label = format!("{}: {}", text.remove, app.name);
    view! {
        <li class="list__item">
            <Icon glyph=Glyph::Key/>
            <div class="list__main">
                <p class="list__title">{app.name}</p>
                <ul class="list__meta">{gives}</ul>
                <p class="list__meta facts-line">
                    <time datetime=app.last_used_at.to_rfc3339()>{(text.last_used)(&context.date_time(app.last_used_at))}</time>
                    <time datetime=app.since.to_rfc3339()>{(text.since)(&context.date(app.since))}</time>
                </p>
            </div>
            <form method="post" action="/fn/remove-app">
                <input type="hidden" name="id" value=app.id.to_string()/>
                <button class="btn btn--small" type="submit" aria-label=label>{text.remove}</button>
            </form>
        </li>
    }
    .into_any()
}
