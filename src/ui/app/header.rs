//! The head of a page: whose site it is, and the menu of whoever is signed in.

use leptos::prelude::*;

use super::account::{Section, SectionLink};
use crate::ui::{
    page_context::{PageContext, SignedIn, with_next},
    parts::{Avatar, Glyph, Icon, Size},
    text::shell::Shell,
};

/// Pages on which one is about to sign in anyway.
const ENTRANCES: [&str; 4] = ["/login", "/register", "/forgot", "/reset"];

/// The head of a page.
#[component]
pub fn Header(
    /// Who looks at it.
    context: PageContext,
) -> impl IntoView {
    let shell = &context.text().shell;
    let return_to = context.text().oidc.return_to;
    let entering = ENTRANCES.iter().any(|path| context.path.starts_with(path));
    let sign_in = (context.account.is_none() && !entering).then(|| {
        view! { <a class="btn btn--quiet" href=with_next("/login", Some(&context.path))>{shell.sign_in}</a> }
    });
    view! {
        <header class="site-header">
            <a class="brand" href="/">
                {match context.brand.logo {
                    Some(logo) => view! { <img src=logo alt="" height="28"/> }.into_any(),
                    None => view! { <Mark/> }.into_any(),
                }}
                <span>{context.brand.name}</span>
            </a>
            {context.return_to.map(|(app, home)| {
                view! { <a class="btn btn--quiet" href=home rel="noreferrer">{(return_to)(&app)}</a> }
            })}
            {sign_in}
            {context.account.map(|account| view! { <AccountMenu account shell/> })}
        </header>
    }
}

/// The mark of Nameplate: a plate, its two screws, a name.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 40 28" width="40" height="28" aria-hidden="true">
            <rect x="1" y="1" width="38" height="26" rx="6" fill="none" stroke="currentColor" stroke-width="2"/>
            <circle cx="6.5" cy="14" r="1.75" fill="currentColor"/>
            <circle cx="33.5" cy="14" r="1.75" fill="currentColor"/>
            <path d="M12 11h16M12 17h10" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/>
        </svg>
    }
}

#[component]
fn AccountMenu(account: SignedIn, shell: &'static Shell) -> impl IntoView {
    view! {
        <button
            class="account-button" type="button" popovertarget="account-menu"
            aria-labelledby="account-menu-label account-name"
        >
            <Avatar url=account.avatar_url size=Size::Small me="own_avatar"/>
            <span id="account-menu-label" hidden>{shell.account_menu}":"</span>
            <span id="account-name" data-me="name">{account.name.clone()}</span>
            <Icon glyph=Glyph::Chevron/>
        </button>
        <nav class="menu account-menu" id="account-menu" popover="auto" aria-label=shell.account_menu>
            <p class="menu__who"><b data-me="name">{account.name}</b><small>"@"{account.username}</small></p>
            <ul class="nav-list">
                {Section::ALL.map(|section| view! { <SectionLink section shell/> }).collect_view()}
                <li>
                    <form method="post" action="/fn/sign-out">
                        <button class="nav-item" type="submit"><Icon glyph=Glyph::SignOut/>{shell.sign_out}</button>
                    </form>
                </li>
            </ul>
        </nav>
    }
}
