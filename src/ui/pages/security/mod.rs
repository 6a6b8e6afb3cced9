//! The security page: the score, and the pages on which each part of it is changed.

mod apps;
mod deactivate;
mod identifier;
mod overview;
mod recovery_codes;
mod removal;
mod sessions;
mod strength;
mod two_factor;
mod username;
mod words;

use leptos::prelude::*;

use crate::ui::{
    app::{AccountLayout, Section},
    page_context::PageContext,
    parts::{Glyph, Icon},
};

pub use self::{
    apps::AppRow,
    deactivate::{Deactivate, DeactivatePage, DeactivatePageProps},
    identifier::{CodePage, CodePageProps, Identifier, IdentifierCode, IdentifierPage, IdentifierPageProps},
    overview::{Security, SecurityPage, SecurityPageProps},
    recovery_codes::{
        AppSetup, AppSetupPage, AppSetupPageProps, RecoveryCodes, RecoveryCodesPage, RecoveryCodesPageProps,
    },
    removal::{FactorRemoval, FactorRemovalPage, FactorRemovalPageProps},
    sessions::Session,
    two_factor::{TwoFactor, TwoFactorPage, TwoFactorPageProps},
    username::{Username, UsernamePage, UsernamePageProps, Verdict},
};

/// A page below the security page.
#[component]
fn SubPage(
    context: PageContext,
    #[prop(into)] title: String,
    #[prop(optional_no_strip, into)] lede: Option<String>,
    /// Where it belongs: a path and its title.
    #[prop(optional)]
    above: Option<(&'static str, &'static str)>,
    children: Children,
) -> impl IntoView {
    let (href, label) = above.unwrap_or(("/security", context.text().security.back));
    view! {
        <AccountLayout context current=Section::Security>
            <div class="page-head">
                <a class="back" href=href><Icon glyph=Glyph::Back/>{label}</a>
                <h1>{title}</h1>
                {lede.map(|lede| view! { <p class="page-head__lede">{lede}</p> })}
            </div>
            {children()}
        </AccountLayout>
    }
}

/// One thing of a list: what it is, how it stands, and where it is changed.
#[component]
fn Row(
    glyph: Glyph,
    #[prop(into)] title: String,
    /// How it stands.
    #[prop(into)]
    state: String,
    /// Whether that is good, in a word.
    #[prop(optional_no_strip)]
    badge: Option<(bool, &'static str)>,
    /// A link or a form.
    #[prop(optional_no_strip)]
    action: Option<AnyView>,
) -> impl IntoView {
    view! {
        <li class="list__item">
            <Icon glyph/>
            <div class="list__main">
                <p class="list__title">{title}{badge.map(|(good, word)| view! { " "<Badge good word/> })}</p>
                <p class="list__meta">{state}</p>
            </div>
            {action}
        </li>
    }
    .into_any()
}

/// A link at the end of a row; `of` is what it is about, for those who hear it out of its place.
fn row_link(href: &'static str, word: &'static str, of: &str) -> AnyView {
    view! { <a class="btn btn--small" href=href aria-label=format!("{word}: {of}")>{word}</a> }.into_any()
}

#[component]
fn Badge(good: bool, word: &'static str) -> impl IntoView {
    view! { <span class=if good { "badge badge--ok" } else { "badge badge--warn" }>{word}</span> }
}
