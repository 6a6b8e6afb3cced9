//! The layout for somebody who is not signed in: one card in the middle of the page.

use leptos::prelude::*;

/// Why somebody is on this page, in words: to go on to an app.
#[derive(Clone, Debug, Default)]
pub struct Errand(pub Option<String>);

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
    /// The HTTP status of an error page, shown large above the title.
    #[prop(optional)]
    number: Option<u16>,
    /// The form, or whatever there is.
    children: Children,
) -> impl IntoView {
    let errand = use_context::<Errand>().and_then(|Errand(errand)| errand);
    view! {
        <main class="auth" id="main" tabindex="-1">
            <div class="auth-card">
                <header class="auth-card__head">
                    {number.map(|number| view! { <p class="auth-card__number" aria-hidden="true">{number}</p> })}
                    <h1>{title}</h1>
                    {errand.map(|errand| view! { <p>{errand}</p> })}
                    {lede.map(|lede| view! { <p>{lede}</p> })}
                </header>
                {children()}
                {foot.map(|foot| view! { <footer class="auth-card__foot">{foot}</footer> })}
            </div>
        </main>
    }
}
