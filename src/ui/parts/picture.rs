//! The round picture of a person.

use leptos::prelude::*;

/// How large an avatar is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 32 px: beside a name.
    Small,
    /// 64 px: in a list.
    Medium,
    /// 96 px: at the head of a page.
    Large,
    /// 160 px: where it is edited.
    Huge,
}

impl Size {
    fn class(self) -> &'static str {
        match self {
            Self::Small => "avatar avatar--sm",
            Self::Medium => "avatar avatar--md",
            Self::Large => "avatar avatar--lg",
            Self::Huge => "avatar avatar--xl",
        }
    }

    fn pixels(self) -> &'static str {
        match self {
            Self::Small => "32",
            Self::Medium => "64",
            Self::Large => "96",
            Self::Huge => "160",
        }
    }
}

/// An avatar. One that is somewhere else is fetched without telling from which page.
#[component]
pub fn Avatar(
    /// Where it is.
    #[prop(into)]
    url: String,
    /// Whose it is; empty where the name stands beside it.
    #[prop(optional, into)]
    alt: String,
    /// How large it is shown.
    #[prop(default = Size::Medium)]
    size: Size,
    /// The name of the saved value that it follows: it is that of the signed-in person.
    #[prop(optional, into)]
    me: Option<&'static str>,
) -> impl IntoView {
    view! {
        <img
            class=size.class() src=url alt=alt width=size.pixels() height=size.pixels() decoding="async"
            referrerpolicy="no-referrer" data-me=me
        />
    }
}
