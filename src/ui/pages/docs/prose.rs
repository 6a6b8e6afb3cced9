//! Text in which words between backticks are code.

use leptos::prelude::*;

/// The text, with its code marked up.
pub(super) fn prose(text: &str) -> impl IntoView + use<> {
    let parts = text.split('`').enumerate().map(|(place, part)| match place % 2 {
        1 => view! { <code>{part.to_owned()}</code> }.into_any(),
        _ => part.to_owned().into_any(),
    });
    parts.collect_view()
}
