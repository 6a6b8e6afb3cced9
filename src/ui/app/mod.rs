//! What stands around every page: the document, its head and foot, and the two ways to lay out what is between.

mod account;
mod auth_layout;
mod card;
mod footer;
mod header;

use leptos::{html::meta, prelude::*};

pub use self::{
    account::{AccountLayout, Section},
    auth_layout::{AuthLayout, Errand},
    card::Card,
};
use self::{card::CardHead, footer::Footer, header::Header};
use super::{
    page_context::{Assets, PageContext},
    parts::{Glyph, Icon},
};
use crate::domain::locale::Theme;

/// The colour of the page's paper in `style/tokens.css`, for the browser's own bars.
const PAPER: [(Theme, &str, &str); 2] = [
    (Theme::Light, "#f8f6f1", "(prefers-color-scheme: light)"),
    (Theme::Dark, "#0e1317", "(prefers-color-scheme: dark)"),
];

/// A whole page. The child brings `<main id="main">`.
#[component]
pub fn Document(
    /// Who looks at it.
    context: PageContext,
    /// What it is, for the window and for history.
    #[prop(into)]
    title: String,
    /// What other sites show of a link to it.
    #[prop(optional_no_strip)]
    card: Option<Card>,
    /// Where it leads on by itself, as `<meta http-equiv="refresh">` says it.
    #[prop(optional_no_strip)]
    refresh: Option<String>,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let (shell, brand) = (&context.text().shell, &context.brand.name);
    let (lang, skip, title) = (context.locale.as_str(), shell.skip, format!("{title} · {brand}"));
    let about = match card {
        Some(card) => view! { <CardHead context=context.clone() card/> }.into_any(),
        None => meta().name("description").content((shell.description)(brand)).into_any(),
    };
    let (chosen, system) = (context.theme, context.theme == Theme::System);
    let theme = (!system).then(|| chosen.as_str());
    let papers = PAPER
        .into_iter()
        .filter(|(theme, ..)| system || *theme == chosen)
        .map(|(_, colour, media)| meta().name("theme-color").content(colour).attr("media", system.then_some(media)));
    let Assets { styles, scripts } = context.assets.clone();
    let styles = styles.into_iter().map(|href| view! { <link rel="stylesheet" href=href/> });
    let nonce = context.nonce.clone();
    let scripts = scripts.into_iter().map(|src| view! { <script type="module" src=src nonce=nonce.clone()></script> });
    view! {
        <!DOCTYPE html>
        <html lang=lang data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {papers.collect_view()}
                <title>{title}</title>
                {refresh.map(|refresh| meta().attr("http-equiv", "refresh").content(refresh))}
                {about}
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                {styles.collect_view()}
                {scripts.collect_view()}
            </head>
            <body>
                <a class="skip-link" href="#main">{skip}</a>
                <Header context=context.clone()/>
                {children()}
                <Footer context/>
                // For `page.js` too: what has no place of its own on the page is announced here.
                <p class="visually-hidden" aria-live="polite" id="announcer"></p>
                // For `page.js`, which fills it.
                <template id="field-error"><p class="field__error"><Icon glyph=Glyph::Alert/><span></span></p></template>
            </body>
        </html>
    }
}
