//! The list of time zones, for browsers without script.

use leptos::prelude::*;

use crate::{
    domain::time_zone::TimeZone,
    ui::{
        app::AuthLayout,
        page_context::PageContext,
        parts::{FieldLayout, Submit},
    },
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct TimeZoneList {
    /// The one that is kept, or the browser's.
    pub chosen: TimeZone,
    /// The version of the record that the page shows.
    pub record_version: i64,
}

/// `/profile/time-zone`: posts `time_zone` to `update-profile`.
#[component]
pub fn TimeZonePage(
    /// Who looks at it.
    context: PageContext,
    /// What it shows.
    page: TimeZoneList,
) -> impl IntoView {
    let text = &context.text().profile;
    let (now, chosen) = (context.now, page.chosen);
    let options = TimeZone::all().map(move |zone| {
        let words = format!("{} ({})", zone.as_str().replace('_', " "), zone.offset(now));
        view! { <option value=zone.as_str() selected=zone == chosen>{words}</option> }
    });
    let foot = view! { <p><a href="/profile">{text.title.to_string()}</a></p> };
    view! {
        <AuthLayout title=text.time_zone.to_string() foot=foot.into_any()>
            <form class="form" method="post" action="/fn/update-profile">
                <input type="hidden" name="record_version" value=page.record_version/>
                <FieldLayout id="time_zone" label=text.time_zone.to_string()>
                    <select class="input" id="time_zone" name="time_zone">{options.collect_view()}</select>
                </FieldLayout>
                <Submit label=text.save.to_string() class="btn--primary btn--wide"/>
            </form>
        </AuthLayout>
    }
}
