//! What happened to the account, day by day.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    domain::{
        account::Role,
        activity::{Activity as Event, Group, Kind},
        email::readable,
    },
    ui::{
        app::{AccountLayout, Section},
        page_context::PageContext,
        parts::{Empty, Glyph, Icon, Pager},
        text::Text,
    },
};

/// A page of the activity list.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Newest first.
    pub events: Vec<Event>,
    /// What is shown; none is everything.
    pub group: Option<Group>,
    /// Whether newer events are on other pages.
    pub is_later: bool,
    /// After which event the next page begins, if there is one.
    pub older: Option<Uuid>,
}

/// The address of a page of the list.
fn address(group: Option<Group>, before: Option<Uuid>) -> String {
    match (group.map(Group::as_str), before) {
        (None, None) => "/activity".to_owned(),
        (Some(group), None) => format!("/activity?kind={group}"),
        (None, Some(before)) => format!("/activity?before={before}"),
        (Some(group), Some(before)) => format!("/activity?kind={group}&before={before}"),
    }
}

/// `/activity`
#[component]
pub fn ActivityPage(
    /// Who looks at it.
    context: PageContext,
    /// What it shows.
    page: Activity,
) -> impl IntoView {
    let text = &context.text().activity;
    let Activity { events, group, is_later, older } = page;
    let filters = [None].into_iter().chain(Group::ALL.map(Some)).map(|choice| {
        let label = choice.map_or(text.everything, |group| context.text().event_group(group));
        let current = (choice == group).then_some("true");
        view! { <a class="tabs__tab" href=address(choice, None) aria-current=current>{label}</a> }
    });
    let filters = filters.collect_view();
    let not_you = (!events.is_empty()).then(|| {
        view! {
            <aside class="aside">
                <p><b>{text.not_you}</b>" "{text.not_you_text}</p>
                <a class="btn" href="/profile#password-title">{text.change_password}</a>
            </aside>
        }
    });
    let list = if events.is_empty() {
        view! { <Empty glyph=Glyph::Activity title=text.empty text=text.empty_text/> }.into_any()
    } else {
        days(&context, events).into_any()
    };
    let newest = is_later.then(|| (address(group, None), text.newest));
    let older = older.map(|last| (address(group, Some(last)), text.older));
    view! {
        <AccountLayout context=context.clone() current=Section::Activity>
            <div class="page-head">
                <h1>{text.title}</h1>
                <p class="page-head__lede">{text.lede}</p>
            </div>
            <nav class="tabs" aria-label=text.filter>{filters}</nav>
            {list}
            <Pager label=text.pages back=newest on=older/>
            {not_you}
        </AccountLayout>
    }
}

/// The events, each day under its own heading.
fn days(context: &PageContext, events: Vec<Event>) -> impl IntoView + use<> {
    let day_of = |at: DateTime<Utc>| context.zone.local(at).date();
    let days = events.chunk_by(|one, next| day_of(one.at) == day_of(next.at)).map(|events| {
        let at = events.first().map_or(context.now, |event| event.at);
        let id = format!("day-{}", day_of(at));
        let rows = events.iter().map(|event| row(context, event)).collect_view();
        view! {
            <section class="day" aria-labelledby=id>
                <h2 class="day__title" id=id.clone()>{heading(context, at)}</h2>
                <ol class="list events">{rows}</ol>
            </section>
        }
    });
    days.collect_view()
}

fn heading(context: &PageContext, at: DateTime<Utc>) -> String {
    let (text, date) = (&context.text().activity, context.date(at));
    let (today, day) = (context.zone.local(context.now).date(), context.zone.local(at).date());
    match today.signed_duration_since(day).num_days() {
        0 => format!("{}, {date}", text.today),
        1 => format!("{}, {date}", text.yesterday),
        _ => date,
    }
}

fn row(context: &PageContext, event: &Event) -> impl IntoView + use<> {
    let (text, kind) = (&context.text().activity, Kind::from_stored(&event.kind));
    let is_alarming = matches!(kind, Some(Kind::SignInFailed | Kind::RefreshTokenReused | Kind::Deactivated));
    let alarm = is_alarming.then(|| view! { " "<span class="badge badge--warn">{text.worth_a_look}</span> });
    let class = if is_alarming { "event__mark event__mark--warn" } else { "event__mark" };
    let device = (text.device)(&event.device);
    let network = (!event.address.is_empty()).then(|| {
        view! { " "<span class="list__part network">{event.address.clone()}</span> }
    });
    let detail = detail(context.text(), event);
    view! {
        <li class="list__item event">
            <span class=class><Icon glyph=glyph(kind)/></span>
            <div class="list__main">
                <p class="list__title">{context.text().event(kind)}{alarm}</p>
                {detail.map(|detail| view! { <p>{detail}</p> })}
                <p class="list__meta">{device}{network}</p>
            </div>
            <time class="list__meta event__time" datetime=event.at.to_rfc3339()>{context.time(event.at)}</time>
        </li>
    }
}

fn glyph(kind: Option<Kind>) -> Glyph {
    match kind {
        Some(Kind::SignInFailed | Kind::RefreshTokenReused) => Glyph::Alert,
        Some(Kind::SignedOut | Kind::SessionEnded | Kind::SessionsEnded) => Glyph::SignOut,
        Some(Kind::AvatarUploaded | Kind::AvatarDeleted) => Glyph::Picture,
        Some(kind) => match kind.group() {
            Group::SignIns => Glyph::Device,
            Group::Protection => Glyph::Shield,
            Group::Profile | Group::Account => Glyph::User,
        },
        None => Glyph::Info,
    }
}

/// What more there is to say of an event. What was written to say it is a number, a masked address or a name.
fn detail(text: &Text, event: &Event) -> Option<String> {
    let words = |name: &str| event.detail.get(name).and_then(Value::as_str);
    let number = |name: &str| event.detail.get(name).and_then(Value::as_u64);
    let say = &text.activity;
    if let Some(fields) = event.detail.get("fields").and_then(Value::as_array) {
        let fields: Vec<_> = fields.iter().filter_map(Value::as_str).filter_map(|field| label(text, field)).collect();
        return Some((say.changed)(&fields.join(", ")));
    }
    if let Some(role) = words("role").and_then(Role::parse) {
        return Some(text.role(role).to_owned());
    }
    if let Some(app) = words("app") {
        return Some(app.to_owned());
    }
    match (words("from"), words("to")) {
        (Some(from), Some(to)) => Some(format!("@{from} → @{to}")),
        (None, Some(to)) => Some(readable(to)),
        _ => number("count")
            .or(number("sessionsEnded").filter(|ended| *ended > 0))
            .map(say.sessions)
            .or_else(|| number("left").map(say.codes_left)),
    }
}

/// What the profile page calls a changed field.
fn label<'a>(text: &'a Text, field: &str) -> Option<&'a str> {
    let (profile, avatar) = (&text.profile, &text.avatar);
    Some(match field {
        "name" => text.activity.name,
        "bio" => profile.bio,
        "location" => profile.location,
        "picture" => avatar.title,
        "private" => profile.private,
        "language" => profile.locale,
        "timeZone" => profile.time_zone,
        "theme" => profile.theme,
        _ => return None,
    })
}
