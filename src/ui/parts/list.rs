//! What lists have in common: saying that there is nothing, and going on.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// Says that a list is empty, and what will be in it.
#[component]
pub fn Empty(
    /// A picture of what is not there.
    glyph: Glyph,
    /// That there is nothing.
    title: &'static str,
    /// What will be there.
    #[prop(optional)]
    text: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph/>
            <p class="empty__title">{title}</p>
            {text.map(|text| view! { <p>{text}</p> })}
        </div>
    }
}

/// Links to the first and to the next page of a list, each with its address and words. Nothing, where there are none.
#[component]
pub fn Pager(
    /// What it is, for screen readers.
    label: &'static str,
    /// To the first page.
    back: Option<(String, &'static str)>,
    /// To the next page.
    on: Option<(String, &'static str)>,
) -> impl IntoView {
    let is_there = back.is_some() || on.is_some();
    let back = back.map(|(href, words)| view! { <a class="btn btn--quiet" href=href>{words}</a> });
    let on = on.map(|(href, words)| view! { <a class="btn" href=href rel="next">{words}</a> });
    is_there.then(|| view! { <nav class="pager" aria-label=label>{back}{on}</nav> })
}
