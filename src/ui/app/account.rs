//! The pages of one's own account: a side navigation and what it leads to.

use leptos::prelude::*;

use crate::ui::{
    page_context::PageContext,
    parts::{Glyph, Icon},
    text::shell::Shell,
};

/// A page of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `/profile`
    Profile,
    /// `/security`
    Security,
    /// `/activity`
    Activity,
    /// `/people`
    People,
}

impl Section {
    /// All of them, in the order of the navigation.
    pub const ALL: [Self; 4] = [Self::Profile, Self::Security, Self::Activity, Self::People];

    /// Where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Profile => "/profile",
            Self::Security => "/security",
            Self::Activity => "/activity",
            Self::People => "/people",
        }
    }

    /// What it is called.
    pub fn label(self, shell: &Shell) -> &'static str {
        match self {
            Self::Profile => shell.profile,
            Self::Security => shell.security,
            Self::Activity => shell.activity,
            Self::People => shell.people,
        }
    }

    /// How it is drawn.
    pub fn glyph(self) -> Glyph {
        match self {
            Self::Profile => Glyph::User,
            Self::Security => Glyph::Shield,
            Self::Activity => Glyph::Activity,
            Self::People => Glyph::People,
        }
    }
}

/// An item of a navigation.
#[component]
pub(super) fn SectionLink(section: Section, shell: &'static Shell, #[prop(optional)] current: bool) -> impl IntoView {
    view! {
        <li>
            <a class="nav-item" href=section.path() aria-current=current.then_some("page")>
                <Icon glyph=section.glyph()/>{section.label(shell)}
            </a>
        </li>
    }
}

/// A page of the account: the navigation, and `main` with the page's content. Under 56rem the navigation is a menu.
#[component]
pub fn AccountLayout(
    /// Who looks at it.
    context: PageContext,
    /// Which page it is.
    current: Section,
    /// Its content; `.page-head` first.
    children: Children,
) -> impl IntoView {
    let shell = &context.text().shell;
    let items = Section::ALL.map(|section| view! { <SectionLink section shell current=section == current/> });
    view! {
        <div class="account">
            <button class="btn side-nav-button" type="button" popovertarget="sections">
                <Icon glyph=Glyph::Menu/>{shell.sections}
            </button>
            <nav class="menu side-nav" id="sections" popover="auto" aria-label=shell.sections>
                <ul class="nav-list">{items.collect_view()}</ul>
            </nav>
            <main class="account__content" id="main" tabindex="-1">{children()}</main>
        </div>
    }
}
