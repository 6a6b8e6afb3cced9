//! The layout for somebody who is not signed in: one card in the middle of the page.

use leptos::prelude::*;

/// `main` with one card: a title, what to do here, and where else to go.
#[component]
pub fn AuthLayout(
    /// What the page is.
    #[prop(into)]
    title: String,
    /// What to do here.
    #[prop(optional_no_strip, into)]
    lede: Option<String>,
    /// Where else to go.
    #[prop(optional)]
    foot: Option<AnyView>,
    /// The house number.
    #[prop(optional)]
    number: Option<u16>,
    /// The form, or whatever there is.
    children: Children,
) -> impl IntoView {
    view! {
        <main class="auth" id="main" tabindex="-1">
            <div class="auth">
                <header class="auth__head">
                    {number.map(|number| view! { <p class="auth__number" aria-hidden="true">{number}</p> })}
                    <h1>{title}</h1>
                    {lede.map(|lede| view! { <p>{lede}</p> })}
                </header>
                {children()}
                {foot.map(|foot| view! { <footer class="auth__foot">{foot}</footer> })}
            </div>
        </main>
    }
}
