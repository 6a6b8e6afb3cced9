//! Where the account is signed in.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    domain::session::{self, Kind},
    ui::{
        page_context::PageContext,
        parts::{Glyph, Icon, Submit},
    },
};

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct Session {
    /// Names it in the form.
    pub id: Uuid,
    /// Whether it is the one that looks.
    pub is_this: bool,
    /// Whether it is a client of the REST API.
    pub is_app: bool,
    /// Like "Firefox on Linux"; empty when unknown.
    pub device: String,
    /// The network it began from.
    pub address: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: DateTime<Utc>,
}

impl Session {
    /// The sessions of an account: this one first, then the one used last.
    pub fn listed(sessions: Vec<session::Session>, this: Uuid) -> Vec<Self> {
        let mut listed: Vec<_> = sessions.into_iter().map(|session| Self::of(session, this)).collect();
        listed.sort_by_key(|session| (!session.is_this, std::cmp::Reverse(session.last_used_at)));
        listed
    }

    fn of(session: session::Session, this: Uuid) -> Self {
        Self {
            id: session.id,
            is_this: session.id == this,
            is_app: session.kind == Kind::Api,
            device: session.device,
            address: session.address,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
        }
    }
}

/// The card with the sessions.
#[component]
pub(super) fn SessionsCard(context: PageContext, sessions: Vec<Session>) -> impl IntoView {
    let text = &context.text().sessions;
    let others = sessions.iter().any(|session| !session.is_this);
    let rows = sessions.into_iter().map(|session| view! { <SessionRow context=context.clone() session/> });
    let end_others = others.then(|| {
        view! {
            <form method="post" action="/fn/end-other-sessions"><Submit class="" label=text.end_others/></form>
        }
    });
    view! {
        <section class="card" id="sessions" aria-labelledby="sessions-title">
            <header class="card__head">
                <h2 id="sessions-title">{text.title}</h2>
                <p>{text.lede}</p>
            </header>
            <ul class="list">{rows.collect_view()}</ul>
            {end_others}
        </section>
    }
    .into_any()
}

#[component]
fn SessionRow(context: PageContext, session: Session) -> impl IntoView {
    let text = &context.text().sessions;
    let device = (context.text().activity.device)(&session.device);
    let moment = |words: fn(&str) -> String, at: DateTime<Utc>| {
        view! { <time datetime=at.to_rfc3339()>{words(&context.date_time(at))}</time> }
    };
    let badge = session.is_this.then(|| view! { " "<span class="badge badge--ok">{text.this_one}</span> });
    let app = session.is_app.then(|| view! { " "<span class="badge">{text.app}</span> });
    let from = (!session.address.is_empty()).then(|| view! { <span>{(text.from)(&session.address)}</span> });
    let end = (!session.is_this).then(|| {
        view! {
            <form method="post" action="/fn/end-session">
                <input type="hidden" name="id" value=session.id.to_string()/>
                <button class="btn btn--small" type="submit" aria-label=format!("{}: {device}", text.end)>{text.end}</button>
            </form>
        }
    });
    view! {
        <li class="list__item">
            <Icon glyph=if session.is_app { Glyph::Key } else { Glyph::Device }/>
            <div class="list__main">
                <p class="list__title">{device.clone()}{badge}{app}</p>
                <p class="list__meta facts-line">
                    {from}
                    {moment(text.last_used, session.last_used_at)}
                    {moment(text.began, session.created_at)}
                </p>
            </div>
            {end}
        </li>
    }
    .into_any()
}
