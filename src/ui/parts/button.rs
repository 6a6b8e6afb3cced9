//! Buttons.

use leptos::prelude::*;

/// The button that sends a form. `page.js` makes it busy from then on, and lets nothing be sent twice.
#[component]
pub fn Submit(
    /// What it does, as a verb.
    #[prop(into)]
    label: String,
    /// Classes beside `btn`.
    #[prop(default = "btn--primary")]
    class: &'static str,
    /// Its id, where another part of the page refers to it.
    #[prop(optional)]
    id: Option<&'static str>,
) -> impl IntoView {
    view! { <button type="submit" class=format!("btn {class}") id=id>{label}</button> }
}
